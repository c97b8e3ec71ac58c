"""Modules as ONNX graphs, and one graph after another as one."""

import io

import onnx
import torch
from onnx import compose, version_converter
from torch import Tensor, nn


def traced(
    module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], free: tuple[str | None, list[str]]
) -> bytes:
    """The module as a serialised ONNX graph. @param inputs examples by name, in the order of `forward`. @param free the
    name of the size that is free, and the inputs that have it first, as all outputs then do
    """
    size, having = free
    file = io.BytesIO()
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        file,
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes={x: {0: size} for x in (*having, *outputs) if size and x in (*inputs, *outputs)},
        opset_version=17,
        dynamo=False,
    )
    return file.getvalue()


def chained(
    first: onnx.ModelProto, output: str, second: onnx.ModelProto, into: str, outputs: list[str], prefix: str
) -> onnx.ModelProto:
    """One graph in which first's `output` is second's input `into`. Both are converted to the newer operator set of the
    two. Names of the first, but for its inputs, get the prefix, as both may have the same.
    """
    first = compose.add_prefix(first, prefix, rename_inputs=False)
    opset = max(i.version for m in (first, second) for i in m.opset_import if i.domain in ("", "ai.onnx"))
    first, second = (version_converter.convert_version(m, opset) for m in (first, second))
    for m in (first, second):
        m.ir_version = max(first.ir_version, second.ir_version)
        del m.opset_import[:], m.metadata_props[:]
        m.opset_import.append(onnx.helper.make_opsetid("", opset))
    return compose.merge_models(first, second, [(prefix + output, into)], outputs=outputs)
