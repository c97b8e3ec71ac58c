"""Reads a shipped model's predictor and read-outs back from the ONNX graph into PyTorch: checkpoints do not ship."""

import base64
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from .export import PredictorGraph
from .model import Head, WorldModel


def read_predictor(folder: Path) -> tuple[PredictorGraph, dict[str, Tensor]]:
    """The predictor and its golden inputs. @raises ValueError where the graph is of another make, or does not answer as
    its golden vectors say
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    if "config" not in manifest:
        raise ValueError(f"{folder}/manifest.json: no config, so nobody knows what the graph was exported from")
    unneeded = nn.Identity() if manifest["config"]["encoder"].startswith("frozen:") else None
    model = WorldModel.of(manifest["config"], manifest["image"]["height"], manifest["features"], unneeded)
    graph = PredictorGraph(model, nn.ModuleDict({"objects": Head(model.dim, 3 * len(manifest["objects"]))})).eval()
    found = parameters(onnx.load(folder / manifest["files"]["predictor"]["file"]).graph)
    wanted = {
        k: v
        for k, v in graph.state_dict().items()
        if k.startswith(("model.predictors.", "model.posture.", "heads.")) or k in found
    }
    for k in wanted:
        kept = (
            k if k in found else k.replace("model.predictors.1.", "model.predictors.0.")
        )  # the exporter keeps equal tensors once
        if kept not in found:
            raise ValueError(f"{folder}: the graph holds no {k}")
        wanted[k] = found[kept]
    graph.load_state_dict(wanted, strict=False)
    golden = json.loads((folder / "golden.json").read_text())["predictor"]
    inputs, outputs = ({k: unpacked(v) for k, v in golden[what].items()} for what in ("inputs", "outputs"))
    with torch.inference_mode():
        for (name, want), got in zip(outputs.items(), graph(*inputs.values())):
            if got.shape != want.shape or not torch.allclose(got, want, rtol=1e-4, atol=1e-4 * want.abs().max().item()):
                raise ValueError(f"{folder}: {name} is not what the golden vectors say")
    return graph, inputs


def parameters(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """Tensors of the graph, by their names in the module. The exporter keeps the weights of layers on more than one row
    transposed and without their name; the bias that is added next has it.
    """
    tensors = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    product = {n.output[0]: n.input[1] for n in graph.node if n.op_type == "MatMul"}
    found = {k: v for k, v in tensors.items() if k.startswith(("model.", "heads."))}
    for n in graph.node:
        if n.op_type != "Add":
            continue
        bias = next((x for x in n.input if x in found and x.endswith(".bias")), None)
        weight = next((tensors[product[x]] for x in n.input if product.get(x) in tensors), None)
        if bias is not None and weight is not None:
            found.setdefault(bias.removesuffix("bias") + "weight", weight.T.contiguous())
    return found


def unpacked(x: dict) -> Tensor:
    """The inverse of `export.packed`."""
    return torch.from_numpy(np.frombuffer(base64.b64decode(x["data"]), x["dtype"]).reshape(x["shape"]).copy())
