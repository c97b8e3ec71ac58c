"""Reads a shipped model's encoder and its A(φ) back from the ONNX graphs. A training with `representation.from` begins
there, and learns only the dynamics of its own recordings.
"""

import json
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from .model import WorldModel
from .read_predictor import parameters, unpacked

ALIKE = ("robot", "base", "tool", "latent", "encoder")  # what has to be so in both configurations


def read_encoder(folder: Path, model: WorldModel, c: dict) -> None:
    """Fills the model's encoder, A(φ), and mean and spread of φ. @param c the model's configuration.

    @raises SystemExit for a folder without a model, or with one of another make. @raises ValueError where the encoder
    does not answer as its golden vectors say
    """
    if model.kind == "frozen":
        raise SystemExit(
            f"representation.from: got {folder} with a frozen encoder, want null: that one comes from its own file"
        )
    if not (folder / "manifest.json").is_file():
        raise SystemExit(f"representation.from: got {folder}, want a model's folder: it has no manifest.json")
    manifest = json.loads((folder / "manifest.json").read_text())
    for key in ALIKE:
        if manifest.get("config", {}).get(key) != c[key]:
            raise SystemExit(
                f"{folder}: {key}: got {manifest.get('config', {}).get(key)}, want {c[key]}, as in the configuration"
            )
    seeing, acting = (onnx.load(folder / manifest["files"][name]["file"]).graph for name in ("encoder", "predictor"))
    found = {**parameters(acting), **parameters(seeing), **_norms(seeing, model.encoder)}
    taken = {
        k: found[f"model.{k}"]
        for k in model.state_dict()
        if k.startswith(("encoder.", "posture.", "feature_")) and f"model.{k}" in found
    }
    model.load_state_dict(taken, strict=False)
    golden = json.loads((folder / "golden.json").read_text())["encoder"]
    with torch.inference_mode():
        got = model.encode(unpacked(golden["inputs"]["image"]))
    if not torch.allclose(got, unpacked(golden["outputs"]["z"]), atol=1e-4):
        raise ValueError(f"{folder}: its encoder is not what the golden vectors say")


def _norms(graph: onnx.GraphProto, encoder: nn.Module) -> dict[str, Tensor]:
    """Weights of group norms, by their names in the module. In the graph an instance norm precedes them: they multiply
    its result and are added to it, in the module's order.
    """
    tensors = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    after, held = iter(graph.node), {}
    for name, norm in encoder.named_modules():
        if isinstance(norm, nn.GroupNorm):
            next(n for n in after if n.op_type == "InstanceNormalization")
            for part, op in (("weight", "Mul"), ("bias", "Add")):
                node = next(n for n in after if n.op_type == op)
                held[f"model.encoder.{name}.{part}"] = next(tensors[x] for x in node.input if x in tensors).flatten()
    return held
