"""An encoder that somebody else trained, used unchanged from an ONNX file. The latents are its features in principal
axes.

    z = Λ^(−½) Vᵀ (f(x) − μ),     x = (resized(image) / 255 − m) / s

f: float32 [B,3,size,size] → features [B,C], [B,C,h,w] or tokens [B,N,C]; m, s: of the pixels that it was trained on; μ,
V [n,D], Λ: mean, principal axes and variances of the features over the training frames. Latents so have mean 0 and
variance 1, as the regularisers want those of an encoder that is learned. Nothing here learns by gradients. Source:
Zhou, Pan, LeCun and Pinto, DINO-WM, arXiv:2411.04983, which keeps all features; a few principal ones are what a
predictor on a processor can bear.
"""

import hashlib
import math
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from .graphs import chained, traced

KEYS = {"size", "mean", "std", "output"}
LEADING = (0, 1, 5)  # tokens before those of the patches: none, DINOv2's class token, with four registers
FITTED = 1024  # frames that the principal axes are found from
MOST_BYTES = 128 * 1024 * 1024  # of a graph: what the agent loads (src/worldmodel/learned/onnx/OnnxGraph.ts)


def frozen_settings(c: dict) -> dict:
    """The configuration with the checksum of the encoder's file, so that another file of the same name is another
    model; without the key `frozen` where the encoder is learned. @raises SystemExit for settings that cannot be used
    """
    c = dict(c)
    given = c.pop("frozen", {})
    kind, _, file = c["encoder"].partition(":")
    if kind != "frozen":
        return c
    if set(given) != KEYS:
        raise SystemExit(f"frozen: got {sorted(given)}, want {sorted(KEYS)}")
    if not Path(file).is_file():
        raise SystemExit(f"encoder: got {c['encoder']}, want frozen:FILE.onnx with a file that is there")
    if c["objective"] == "pixels":
        raise SystemExit("objective: got pixels with a frozen encoder, want jepa: pixels teach an encoder")
    return {**c, "frozen": {**given, "sha256": hashlib.sha256(Path(file).read_bytes()).hexdigest()}}


class Pixels(nn.Module):
    """image uint8 [B,S,S,3] → x float32 [B,3,size,size], resized bilinearly"""

    def __init__(self, size: int, mean: list[float], std: list[float]):
        super().__init__()
        self.size = size
        self.register_buffer("mean", torch.tensor(mean).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(3, 1, 1))

    def forward(self, image: Tensor) -> Tensor:
        x = image.permute(0, 3, 1, 2).float() / 255
        return (F.interpolate(x, (self.size, self.size), mode="bilinear", align_corners=False) - self.mean) / self.std


class PrincipalAxes(nn.Module):
    """z = Λ^(−½) Vᵀ (f − μ): features f [B,…] → z [B,D]"""

    def __init__(self, shape: torch.Size, dim: int):
        super().__init__()
        self.skip = leading_tokens(shape[0]) if len(shape) == 2 else 0
        n = math.prod(shape) - self.skip * shape[-1]
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("axes", torch.zeros(n, dim))  # V Λ^(−½)

    def flat(self, features: Tensor) -> Tensor:
        """Features [B,…] → [B,n], without the leading tokens"""
        return features[:, self.skip :].flatten(1)

    def forward(self, features: Tensor) -> Tensor:
        return (self.flat(features) - self.mean) @ self.axes

    def fit(self, features: Tensor) -> None:
        """μ, V and Λ from features [M,n]. @raises ValueError where they span fewer dimensions than there are latents"""
        self.mean.copy_(features.mean(0))
        _, s, axes = torch.linalg.svd(features - self.mean, full_matrices=False)
        dim, rank = self.axes.shape[1], int((s > 1e-5 * s[0]).sum())
        if rank < dim:
            raise ValueError(
                f"latent: got {dim}, want at most {rank}, the dimensions that the frozen encoder's features have "
                f"over {len(features)} frames"
            )
        self.axes.copy_((axes[:dim] / s[:dim, None]).T * math.sqrt(len(features) - 1))


def leading_tokens(n: int) -> int:
    """How many of n tokens stand before the h² of a square of patches. @raises ValueError where no layout fits"""
    skip = n - math.isqrt(n) ** 2
    if skip not in LEADING:
        raise ValueError(f"frozen encoder: got {n} tokens, want a square of patches, alone or after 1 or 5 others")
    return skip


class FrozenEncoder(nn.Module):
    """image uint8 [B,S,S,3] → z [B,D]. All before the principal axes is one foreign graph, which ONNX Runtime runs here
    as it will in the agent.

    @param frozen the configuration's `frozen`. @param image S. @param dim D. @raises ValueError for a graph that cannot
    be used
    """

    def __init__(self, file: str, frozen: dict, image: int, dim: int):
        super().__init__()
        import onnxruntime  # only who has a frozen encoder needs it

        foreign, black = onnx.load(file), torch.zeros(2, image, image, 3, dtype=torch.uint8)
        into, output = _ends(file, foreign.graph, frozen["size"], frozen["output"])
        pixels = traced(
            Pixels(frozen["size"], frozen["mean"], frozen["std"]), {"image": black}, ["pixels"], ("B", ["image"])
        )
        seeing = chained(onnx.load_from_string(pixels), "pixels", foreign, into, [output], "pixels/")
        self.graph = seeing, output
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self.session = onnxruntime.InferenceSession(
            seeing.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        found = self.features(black)
        if found.dtype != torch.float32 or found.dim() not in (2, 3, 4) or len(found) != 2:
            raise ValueError(
                f"{file}: got {found.dtype} {list(found.shape)} for two images, want float32 [2,C], [2,C,h,w] or "
                "[2,N,C]"
            )
        self.after = PrincipalAxes(found.shape[1:], dim)
        size = seeing.ByteSize() + 4 * self.after.axes.numel()
        if size > MOST_BYTES:
            raise ValueError(
                f"{file}: got {size} bytes with its principal axes, want at most {MOST_BYTES}, what the agent "
                "loads: a smaller encoder, frozen.size or latent"
            )

    def features(self, image: Tensor) -> Tensor:
        """f of images uint8 [B,S,S,3] → [B,…]"""
        return torch.from_numpy(self.session.run(None, {"image": image.numpy()})[0])

    def forward(self, image: Tensor) -> Tensor:
        return torch.cat([self.after(self.features(x)) for x in image.split(32)])  # few at once: they are large

    def fit(self, images: np.ndarray) -> None:
        """Principal axes from FITTED of the images, evenly spread."""
        some = torch.from_numpy(images[np.unique(np.linspace(0, len(images) - 1, FITTED).astype(int))])
        with torch.inference_mode():
            self.after.fit(
                torch.cat(
                    [
                        self.after.flat(self.features(x))
                        for x in tqdm(some.split(32), "principal axes", leave=False, disable=None)
                    ]
                )
            )


def _ends(file: str, graph: onnx.GraphProto, size: int, output: str | None) -> tuple[str, str]:
    """The names of the input and of the wanted output, by default the first. @raises ValueError for a graph that cannot
    become part of another
    """
    weights = {w.name for w in graph.initializer}
    inputs = [i for i in graph.input if i.name not in weights]
    outputs = [o.name for o in graph.output]
    foreign = {n.domain for n in graph.node} - {"", "ai.onnx"}
    if foreign:
        raise ValueError(f"{file}: got operators of {', '.join(sorted(foreign))}, want standard ones")
    sizes = [[d.dim_value for d in i.type.tensor_type.shape.dim] for i in inputs]  # 0: free
    fits = (
        len(inputs) == 1
        and len(sizes[0]) == 4
        and sizes[0][0] == 0
        and all(d in (0, w) for d, w in zip(sizes[0][1:], (3, size, size)))
    )
    if not fits or inputs[0].type.tensor_type.elem_type != onnx.TensorProto.FLOAT:
        raise ValueError(
            f"{file}: got the inputs {', '.join(f'{i.name} {s}' for i, s in zip(inputs, sizes))}, want one, float32 "
            f"[B,3,{size},{size}], B free"
        )
    if output not in (None, *outputs):
        raise ValueError(f"frozen.output: got {output}, want one of {', '.join(outputs)}")
    return inputs[0].name, output or outputs[0]
