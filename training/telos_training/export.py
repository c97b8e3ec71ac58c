"""Exports a trained model: ONNX graphs, a manifest that says what they are, and golden vectors that any other runtime
must match.
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from .frozen import FrozenEncoder
from .graphs import chained, traced
from .model import WorldModel
from .recordings import DEPTH
from .steps_to_go import StepsToGo


class EncoderGraph(nn.Module):
    """The encoder and its read-outs: image uint8 [B,S,S,3] → z [B,D], objects and their standard deviations [B,no,3] m,
    tool [B,3] m, joints [B,nq] rad, and depth [B,DEPTH,DEPTH] m where there is a head for it
    """

    def __init__(self, model: WorldModel, heads: nn.ModuleDict):
        super().__init__()
        self.model, self.heads = model, heads

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return self.read(self.model.encoder(image))

    def read(self, z: Tensor) -> tuple[Tensor, ...]:
        depth = [self.heads["depth"](z)[0].unflatten(-1, (DEPTH, DEPTH))] if "depth" in self.heads else []
        return z, *read_outs(self.heads, z), *depth


class FeatureGraph(EncoderGraph):
    """What follows a frozen encoder's own graph: its features [B,…] → the same outputs"""

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        return self.read(self.model.encoder.after(features))


class MemoryGraph(nn.Module):
    """One step of memory: z [1,D] as believed before, seen [1,D] now (the encoder's), u [2,F] of both instants, not
    standardised → z [1,D] as believed now, and read-outs as the encoder's
    """

    def __init__(self, model: WorldModel, heads: nn.ModuleDict):
        super().__init__()
        self.model, self.heads = model, heads

    def forward(self, z: Tensor, seen: Tensor, u: Tensor) -> tuple[Tensor, ...]:
        believed = self.model.remember(z, seen, self.model.standardised(u)[None])[1]
        return believed, *read_outs(self.heads, believed)


def read_outs(heads: nn.ModuleDict, z: Tensor) -> tuple[Tensor, ...]:
    """objects and their standard deviations [B,no,3] m, tool [B,3] m, joints [B,nq] rad"""
    objects, sigma = heads["objects"](z)
    return objects.unflatten(-1, (-1, 3)), sigma.unflatten(-1, (-1, 3)), heads["tool"](z)[0], heads["joints"](z)[0]


class PredictorGraph(nn.Module):
    """Predictions of K motions from one latent: z0 [1,D], u [K,H+1,F], not standardised, w [K,H,W] → the ensemble's
    mean z [K,H+1,D], objects and their standard deviations [K,H+1,no,3] m, and spread [K,H+1], its disagreement:

        spread = √(mean_{m,d} ((z_md − z_d) / std_d)²),     std_d of each latent over the recordings
    """

    def __init__(self, model: WorldModel, heads: nn.ModuleDict):
        super().__init__()
        self.model, self.heads = model, heads

    def forward(self, z0: Tensor, u: Tensor, w: Tensor | None = None) -> tuple[Tensor, ...]:
        u = self.model.standardised(u)
        start = z0.expand(u.shape[0], -1)
        each = self.model.ensemble(start, u, w)
        z = each.mean(0)
        spread = ((each - z) / self.model.latent_std).square().mean((0, -1)).sqrt()
        objects, sigma = self.heads["objects"](z)
        return z, objects.unflatten(-1, (-1, 3)), sigma.unflatten(-1, (-1, 3)), spread


def export(
    folder: Path,
    model: WorldModel,
    heads: nn.ModuleDict,
    steps: StepsToGo | None,
    seen: Tensor,
    images: np.ndarray,
    features: np.ndarray,
    about: dict,
) -> None:
    """Writes encoder.onnx, memory.onnx, predictor.onnx, golden.json and manifest.json to the folder.

    @param seen, images, features of every frame; golden vectors are of the first few. @param about the manifest but for
    what is found out here. The predictor unrolls its `horizon` steps
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.eval()
    heads.eval()
    H = about["horizon"]
    graphs: dict[str, torch.nn.Module] = {
        "encoder": EncoderGraph(model, heads),
        "memory": MemoryGraph(model, heads),
        "predictor": PredictorGraph(model, heads),
    }
    image = torch.from_numpy(images[:2])
    u = torch.from_numpy(np.stack([features[i : i + H + 1] for i in range(3)]))
    inputs: dict[str, dict[str, Tensor]] = {
        "encoder": {"image": image},
        "memory": {"z": seen[:1], "seen": seen[1:2], "u": u[0, :2]},
        "predictor": {"z0": seen[:1], "u": u},
    }
    if model.noise > 0:
        inputs["predictor"]["w"] = torch.randn(3, H, model.noise, generator=torch.Generator().manual_seed(0))
    sight = ["z", "objects", "objects_sigma", "tool", "joints"]
    outputs = {
        "encoder": [*sight, *(["depth"] if "depth" in heads else [])],
        "memory": ["believed", *sight[1:]],
        "predictor": ["z", "objects", "objects_sigma", "spread"],
    }
    files, golden = {}, {}
    for name, graph in graphs.items():
        graph.eval()
        free = {"encoder": ("B", ["image"]), "memory": (None, []), "predictor": ("K", ["u", "w"])}[name]
        path = folder / f"{name}.onnx"
        if name == "encoder" and isinstance(model.encoder, FrozenEncoder):
            after = traced(
                FeatureGraph(model, heads),
                {"features": model.encoder.features(image)},
                outputs[name],
                ("B", ["features"]),
            )
            path.write_bytes(
                chained(
                    *model.encoder.graph, onnx.load_from_string(after), "features", outputs[name], "frozen/"
                ).SerializeToString()
            )
        else:
            path.write_bytes(traced(graph, inputs[name], outputs[name], free))
        files[name] = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        with torch.inference_mode():
            found = dict(zip(outputs[name], graph(*inputs[name].values())))
        golden[name] = {
            "inputs": {k: packed(v) for k, v in inputs[name].items()},
            "outputs": {k: packed(v) for k, v in found.items()},
        }
    (folder / "golden.json").write_text(json.dumps(golden))
    latent = {
        "id": files["encoder"]["sha256"][:16],
        "dim": model.dim,
        "std": [round(x, 6) for x in model.latent_std.tolist()],
    }
    if steps is not None:
        latent["steps"] = [[round(x, 6) for x in row] for row in steps.metric.weight.tolist()]
    (folder / "manifest.json").write_text(
        json.dumps({"format": 1, **about, "latent": latent, "noise": model.noise, "files": files}, indent=1) + "\n"
    )


def packed(x: Tensor) -> dict:
    """A tensor for JSON: its bytes are little-endian, row-major, in base64."""
    x = x.detach().contiguous().cpu().numpy()
    return {"dtype": str(x.dtype), "shape": list(x.shape), "data": base64.b64encode(x.tobytes()).decode()}
