"""Writes models/: learned models of a few kilobytes that obey the contract of docs/guide/learning.md, with golden
vectors by numpy, and graphs that must be refused. Weights are random but for one thing: the first object follows the
tool at half its pace, so that a search has something to find.
Run: pip install numpy onnx; python test/golden/make_models.py
"""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as oh
from onnx import numpy_helper as nh

S, D, NO, NQ, H, C = 64, 8, 2, 7, 5, 4  # pixels, latent, objects, joints, actions, cells of depth a side
F = 3 + 2 * NQ
ROOT = Path(__file__).with_name("models")


def weights(rng, W):
    n = lambda *shape: rng.standard_normal(shape).astype(np.float32)
    lead = np.zeros((F, D), np.float32)
    lead[:3, :3] = 5 * np.eye(3)  # objects are read at 0.1 m a unit: half the tool's displacement
    return dict(
        enc=0.1 * n(192, D),
        enc_b=0.1 * n(D),
        obj=np.eye(D, 3 * NO, dtype=np.float32) * np.float32(0.1),
        obj_b=np.array([0.45, -0.2, 0.02, 0.5, 0.2, 0.02], np.float32),
        sig=0.3 * n(D, 3 * NO),
        tool_m=0.1 * n(D, 3),
        joints_rad=n(D, NQ),
        lead=lead,
        step=0.3 * n(D + 2 * F + W, D),
        gain=np.float32(0.02),
        dis=n(D, 4),
    )


# --- the same model twice: as equations in numpy (double precision), and as a graph ---
def encode(p, image):
    x = image.astype(np.float64) / 255
    x = x.transpose(0, 3, 1, 2).reshape(-1, 3, 8, S // 8, 8, S // 8).mean((3, 5)).reshape(-1, 192)
    return np.tanh(x @ p["enc"] + p["enc_b"])


def heads(p, z):
    shape = z.shape[:-1]
    return (
        (z @ p["obj"] + p["obj_b"]).reshape(*shape, NO, 3),
        0.01 * np.exp(z @ p["sig"]).reshape(*shape, NO, 3),
        z @ p["tool_m"],
        z @ p["joints_rad"],
    )


def predict(p, z0, u, w):
    z = [np.repeat(z0, len(u), 0)]
    for h in range(H):
        x = [z[h], u[:, h], u[:, h + 1]] + ([w[:, h]] if w is not None else [])
        z.append(z[h] + (u[:, h + 1] - u[:, h]) @ p["lead"] + p["gain"] * np.tanh(np.concatenate(x, -1) @ p["step"]))
    z = np.stack(z, 1)
    return z, np.abs(np.tanh(z @ p["dis"])).mean(-1)


def remember(p, z, seen, u):
    foreseen = z + (u[1:] - u[:1]) @ p["lead"]
    return foreseen + (seen - foreseen) / (1 + np.exp(-u[1:] @ p["trust"]))


class Graph:
    def __init__(self, p):
        self.nodes, self.init, self.n = [], [nh.from_array(np.asarray(v), k) for k, v in p.items()], 0

    def const(self, name, values, kind=np.int64):
        self.init.append(nh.from_array(np.array(values, kind), name))
        return name

    def __call__(self, op, *inputs, out=None, **attributes):
        self.n += 1
        out = out or f"{op}_{self.n}"
        self.nodes.append(oh.make_node(op, list(inputs), [out], **attributes))
        return out

    def heads(self, z, lead):
        shape = self.const("shape", lead + [NO, 3])
        self("Reshape", self("Add", self("MatMul", z, "obj"), "obj_b"), shape, out="objects")
        self(
            "Mul",
            self("Exp", self("Reshape", self("MatMul", z, "sig"), shape)),
            self.const("cm", [0.01], np.float32),
            out="objects_sigma",
        )

    def save(self, file, inputs, outputs):
        value = lambda v: oh.make_tensor_value_info(*v)
        graph = oh.make_graph(self.nodes, "tiny", [value(v) for v in inputs], [value(v) for v in outputs], self.init)
        model = oh.make_model(graph, opset_imports=[oh.make_opsetid("", 17)], ir_version=9, producer_name="")
        onnx.checker.check_model(model, full_check=True)
        file.write_bytes(model.SerializeToString())


def encoder(p, file):
    g = Graph({k: p[k] for k in ("enc", "enc_b", "obj", "obj_b", "sig", "tool_m", "joints_rad", "depth_m") if k in p})
    x = g("Transpose", g("Div", g("Cast", "image", to=T.FLOAT), g.const("white", [255], np.float32)), perm=[0, 3, 1, 2])
    x = g("Flatten", g("AveragePool", x, kernel_shape=[8, 8], strides=[8, 8]), axis=1)
    g("Tanh", g("Add", g("MatMul", x, "enc"), "enc_b"), out="z")
    g.heads("z", [-1])
    g("MatMul", "z", "tool_m", out="tool")
    g("MatMul", "z", "joints_rad", out="joints")
    if "depth_m" in p:
        g("Reshape", g("MatMul", "z", "depth_m"), g.const("cells", [-1, C, C]), out="depth")
    g.save(
        file,
        [("image", T.UINT8, ["B", S, S, 3])],
        [
            ("z", T.FLOAT, ["B", D]),
            ("objects", T.FLOAT, ["B", NO, 3]),
            ("objects_sigma", T.FLOAT, ["B", NO, 3]),
            ("tool", T.FLOAT, ["B", 3]),
            ("joints", T.FLOAT, ["B", NQ]),
        ]
        + ([("depth", T.FLOAT, ["B", C, C])] if "depth_m" in p else []),
    )


def memory(p, file):
    g = Graph({k: p[k] for k in ("obj", "obj_b", "sig", "tool_m", "joints_rad", "lead", "trust")})
    before, now = (g("Slice", "u", g.const(f"from{i}", [i]), g.const(f"to{i}", [i + 1])) for i in (0, 1))
    foreseen = g("Add", "z", g("MatMul", g("Sub", now, before), "lead"))
    g("Add", foreseen, g("Mul", g("Sigmoid", g("MatMul", now, "trust")), g("Sub", "seen", foreseen)), out="believed")
    g.heads("believed", [1])
    g("MatMul", "believed", "tool_m", out="tool")
    g("MatMul", "believed", "joints_rad", out="joints")
    outputs = [
        ("believed", T.FLOAT, [1, D]),
        ("objects", T.FLOAT, [1, NO, 3]),
        ("objects_sigma", T.FLOAT, [1, NO, 3]),
        ("tool", T.FLOAT, [1, 3]),
        ("joints", T.FLOAT, [1, NQ]),
    ]
    g.save(file, [("z", T.FLOAT, [1, D]), ("seen", T.FLOAT, [1, D]), ("u", T.FLOAT, [2, F])], outputs)


def predictor(p, file, W):
    g = Graph({k: p[k] for k in ("obj", "obj_b", "sig", "lead", "step", "gain", "dis")})
    one, at = g.const("one", [1]), [g.const(f"at{h}", h) for h in range(H + 1)]
    u = [g("Gather", "u", at[h], axis=1) for h in range(H + 1)]
    K = g("Slice", g("Shape", "u"), g.const("zero", [0]), one)
    z = [g("Expand", "z0", g("Concat", K, g.const("D", [D]), axis=0))]
    for h in range(H):
        x = g("Concat", z[h], u[h], u[h + 1], *([g("Gather", "w", at[h], axis=1)] if W else []), axis=1)
        own = g("Mul", g("Tanh", g("MatMul", x, "step")), "gain")
        z.append(g("Add", g("Add", z[h], g("MatMul", g("Sub", u[h + 1], u[h]), "lead")), own))
    g("Concat", *[g("Unsqueeze", x, one) for x in z], axis=1, out="z")
    g.heads("z", [-1, H + 1])
    g("ReduceMean", g("Abs", g("Tanh", g("MatMul", "z", "dis"))), axes=[2], keepdims=0, out="spread")
    inputs = [("z0", T.FLOAT, [1, D]), ("u", T.FLOAT, ["K", H + 1, F])] + ([("w", T.FLOAT, ["K", H, W])] if W else [])
    g.save(
        file,
        inputs,
        [
            ("z", T.FLOAT, ["K", H + 1, D]),
            ("objects", T.FLOAT, ["K", H + 1, NO, 3]),
            ("objects_sigma", T.FLOAT, ["K", H + 1, NO, 3]),
            ("spread", T.FLOAT, ["K", H + 1]),
        ],
    )


def write(name, seed, W):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    p = weights(rng, W)
    if W:  # the one with noise reads depth, too
        p["depth_m"] = np.random.default_rng(seed + 200).standard_normal((D, C * C)).astype(np.float32)
    encoder(p, folder / "encoder.onnx")
    predictor(p, folder / "predictor.onnx", W)
    graphs = ("encoder", "predictor")
    if W:  # … and has a memory
        graphs = ("encoder", "memory", "predictor")
        p["trust"] = np.random.default_rng(seed + 100).standard_normal((F, D)).astype(np.float32)
        memory(p, folder / "memory.onnx")
    sha = lambda f: hashlib.sha256((folder / f).read_bytes()).hexdigest()
    manifest = {
        "format": 1,
        "name": name,
        "robot": "arm7",
        "joints": [f"joint{j + 1}" for j in range(NQ)],
        "camera": "camera",
        "image": {"width": S, "height": S},
        "dt": 0.4,
        "horizon": H,
        "latent": {"id": sha("encoder.onnx")[:16], "dim": D, "std": [0.5] * D},
        "features": F,
        "noise": W,
        "objects": ["red", "blue"],
        **({"depth": {"width": C, "height": C}} if W else {}),
        "files": {k: {"file": f"{k}.onnx", "sha256": sha(f"{k}.onnx")} for k in graphs},
        "data": {},
        "code": "",
        "command": "python test/golden/make_models.py",
        "config": {},
        "metrics": {},
        "gates": {},
        "forced": True,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    image = rng.integers(0, 256, (2, 8, 8, 3), dtype=np.uint8).repeat(S // 8, 1).repeat(S // 8, 2)
    z0 = encode(p, image)
    objects, sigma, tool, joints = heads(p, z0)
    u = rng.standard_normal((3, H + 1, F)).astype(np.float32)
    w = rng.standard_normal((3, H, W)).astype(np.float32) if W else None
    z, spread = predict(p, z0[:1], u, w)
    predicted, predicted_sigma, _, _ = heads(p, z)
    golden = {
        "encoder": {
            "inputs": {"image": image},
            "outputs": {"z": z0, "objects": objects, "objects_sigma": sigma, "tool": tool, "joints": joints},
        },
        "predictor": {
            "inputs": {"z0": z0[:1], "u": u} | ({"w": w} if W else {}),
            "outputs": {"z": z, "objects": predicted, "objects_sigma": predicted_sigma, "spread": spread},
        },
    }
    if W:
        golden["encoder"]["outputs"]["depth"] = (z0 @ p["depth_m"]).reshape(-1, C, C)
        believed = remember(p, z0[:1], z0[1:], u[0, :2])
        objects, sigma, tool, joints = heads(p, believed)
        golden["memory"] = {
            "inputs": {"z": z0[:1], "seen": z0[1:], "u": u[0, :2]},
            "outputs": {
                "believed": believed,
                "objects": objects,
                "objects_sigma": sigma,
                "tool": tool,
                "joints": joints,
            },
        }
    (folder / "golden.json").write_text(json.dumps(golden, default=packed) + "\n")


def packed(x):
    x = x if x.dtype == np.uint8 else x.astype(np.float32)
    return {"dtype": str(x.dtype), "shape": list(x.shape), "data": base64.b64encode(x.tobytes()).decode()}


def refused():
    """Graphs x [B,2] → y [B,2] that must not be run; `sound` is as they should be."""
    folder = ROOT / "graphs"
    folder.mkdir(parents=True, exist_ok=True)
    x, y = (oh.make_tensor_value_info(n, T.FLOAT, ["B", 2]) for n in "xy")
    eye = nh.from_array(np.eye(2, dtype=np.float32), "m")
    external = nh.from_array(np.eye(2, dtype=np.float32), "m")
    external.ClearField("raw_data")
    external.data_location = T.EXTERNAL
    external.external_data.add(key="location", value="/etc/hostname")
    nan, inf, half = np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float16)
    nan[0, 0], inf[1, 0], half[1, 1] = np.nan, -np.inf, np.nan
    listed = oh.make_tensor("m", T.FLOAT, [2, 2], [1.0, 0.0, float("nan"), 1.0])  # float_data, not raw_data
    product = [oh.make_node("MatMul", ["x", "m"], ["y"])]
    branch = lambda: oh.make_graph(
        [oh.make_node("Constant", [], ["c"], value=nh.from_array(nan)), oh.make_node("MatMul", ["x", "c"], ["b"])],
        "branch",
        [],
        [oh.make_tensor_value_info("b", T.FLOAT, ["B", 2])],
    )
    graphs = {
        "sound": (product, [eye]),
        "nan": (product, [nh.from_array(nan, "m")]),
        "inf": (product, [nh.from_array(inf, "m")]),
        "nan_listed": (product, [listed]),
        "nan_half": ([oh.make_node("Cast", ["h"], ["m"], to=T.FLOAT)] + product, [nh.from_array(half, "h")]),
        "nan_constant": ([oh.make_node("Constant", [], ["m"], value=nh.from_array(nan))] + product, []),
        "nan_branch": (
            [oh.make_node("If", ["yes"], ["y"], then_branch=branch(), else_branch=branch())],
            [nh.from_array(np.array(True), "yes")],
        ),
        "external": (product, [external]),
        "custom": ([oh.make_node("Wild", ["x"], ["y"], domain="com.example")], []),
        "not_finite": ([oh.make_node("Div", ["x", "n"], ["y"])], [nh.from_array(np.zeros((2,), np.float32), "n")]),
    }
    for name, (nodes, init) in graphs.items():
        opsets = [oh.make_opsetid("", 17)] + ([oh.make_opsetid("com.example", 1)] if name == "custom" else [])
        (folder / f"{name}.onnx").write_bytes(
            oh.make_model(
                oh.make_graph(nodes, name, [x], [y], init), opset_imports=opsets, ir_version=9
            ).SerializeToString()
        )


write("tiny", 1, 0)
write("noisy", 2, 3)
refused()
