"""A model of how an arm follows its commands: of d = q − q*, the measured joints less the commanded ones. It is learned
from joint states and joint trajectories alone.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .descend import Run, descend, leads
from .export import packed
from .gates import gates
from .graphs import traced
from .kinematics import Arm
from .recordings import held_out, messages, stamp, windows

AT_LEAST = {
    "deviation: commanded / error": 3.0,
    "deviation: persistence / error": 1.5,
}  # root mean squares at the end of the horizon


@dataclass
class Tracks:
    """All episodes on a grid of dt, one after the other."""

    d: np.ndarray  # float32 [N,nq] rad, measured less commanded
    u: np.ndarray  # float32 [N,3nq] of what is commanded: sin q*, cos q*, v* (rad/s)
    episode: np.ndarray  # int32 [N]
    joints: list[str]


def read_tracks(folders: list[Path], dt: float, base: str, tool: str) -> Tracks:
    """Every episode of every folder, in the order of their names; dt in s.

    @raises ValueError for folders without recordings, and for recordings without joint states or commands
    """
    files = [f for folder in folders for f in sorted(folder.glob("*.mcap"))]
    if not files:
        raise ValueError(f"{', '.join(map(str, folders))}: no .mcap file; telos collect --out … makes some")
    parts = [_track(f, dt, base, tool) for f in files]
    d, u = (np.concatenate([p[i] for p in parts]).astype(np.float32) for i in (0, 1))
    return Tracks(d, u, np.repeat(np.arange(len(parts)), [len(p[0]) for p in parts]).astype(np.int32), parts[0][2])


def _track(file: Path, dt: float, base: str, tool: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """One recording as d [T,nq] rad, u [T,3nq] and the joints' names. As the controller takes it, a trajectory holds
    from its stamp until the next one's: cubic between its points, at rest after its end.
    """
    with open(file, "rb") as stream:
        said = messages(stream, ("joint_states", "joint_trajectory", "robot_description"))
    if len(said["joint_states"]) < 2 or not said["joint_trajectory"] or not said["robot_description"]:
        raise ValueError(
            f"{file}: {len(said['joint_states'])} joint states, {len(said['joint_trajectory'])} trajectories, "
            f"{len(said['robot_description'])} robot descriptions; want at least 2, one and one"
        )
    joints = Arm(said["robot_description"][0][1]().data, base, tool).joints
    states = [decode() for _, decode in said["joint_states"]]
    tj = np.array([stamp(m) for m in states])
    qj = np.array([[m.position[list(m.name).index(n)] for n in joints] for m in states])
    sent = [decode() for _, decode in said["joint_trajectory"]]
    begins = np.array([stamp(m) for m in sent])
    grid = np.arange(max(tj[0], begins[0]), tj[-1], dt)
    q, v = np.empty((2, len(grid), len(joints)))
    for k, t in enumerate(grid):
        i = int(np.searchsorted(begins, t, "right")) - 1
        q[k], v[k] = _commanded(sent[i], t - begins[i], joints)
    measured = np.stack([np.interp(grid, tj, column) for column in qj.T], 1)
    return measured - q, np.concatenate([np.sin(q), np.cos(q), v], 1), joints


def _commanded(m, t: float, joints: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """q* [nq] rad and v* [nq] rad/s of a trajectory, t seconds after its stamp."""
    order = [list(m.joint_names).index(n) for n in joints]
    times = [p.time_from_start.sec + 1e-9 * p.time_from_start.nanosec for p in m.points]
    i = int(np.searchsorted(times, t, "right")) - 1
    a, b = m.points[max(i, 0)], m.points[min(i + 1, len(times) - 1)]
    qa, qb = np.array(a.positions)[order], np.array(b.positions)[order]
    if i < 0 or i + 1 == len(times):
        return (qa if i < 0 else qb), np.zeros(len(order))
    h = times[i + 1] - times[i]
    s = (t - times[i]) / h
    va, vb = np.array(a.velocities)[order] * h, np.array(b.velocities)[order] * h
    c, e = 3 * (qb - qa) - 2 * va - vb, 2 * (qa - qb) + va + vb  # q = qa + va s + c s² + e s³
    return qa + s * (va + s * (c + s * e)), (va + s * (2 * c + 3 * s * e)) / h


class Tracking(nn.Module):
    """d_{h+1} = d_h + g(d_h, u_h, u_{h+1}): d0 [1,nq] rad, u [K,H+1,3nq] not standardised → d [K,H+1,nq] rad"""

    def __init__(self, joints: int, width: int):
        super().__init__()
        self.g = nn.Sequential(
            nn.Linear(7 * joints, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU(), nn.Linear(width, joints)
        )
        for name, size in (("d_std", joints), ("u_mean", 3 * joints), ("u_std", 3 * joints)):
            self.register_buffer(name, torch.ones(size))

    def forward(self, d0: Tensor, u: Tensor) -> Tensor:
        u = (u - self.u_mean) / self.u_std
        d = [(d0 / self.d_std).expand(u.shape[0], -1)]
        for h in range(u.shape[1] - 1):
            d.append(d[-1] + self.g(torch.cat([d[-1], u[:, h], u[:, h + 1]], -1)))
        return torch.stack(d, 1) * self.d_std


def fit_tracking(c: dict, tracks: Tracks, out: Path, force: bool, about: dict, report, say) -> bool:
    """Trains, measures and exports the model to the folder `out`.

        L = mean_h ‖(d̂_h − d_h) / std_d‖²,     d̂_0 = d_0 + N(0, noise²)

    @param force export even a model that fails its gates. @param about what else the manifest says. @param report is
    called with the progress. @param say is called with lines for the log. @returns whether it was exported
    """
    began = time.monotonic()
    H = c["horizon"]
    kept, held = held_out(tracks.episode, c["held_out"], c["seed"])
    count = len(kept) + len(held)
    torch.manual_seed(c["seed"])
    model = Tracking(len(tracks.joints), c["width"])
    d, u = torch.from_numpy(tracks.d), torch.from_numpy(tracks.u)
    own = np.isin(tracks.episode, kept)
    model.d_std.copy_(d[own].std(0).clamp(min=1e-4))
    model.u_mean.copy_(u[own].mean(0))
    model.u_std.copy_(u[own].std(0).clamp(min=1e-2))
    say(f"{c['name']}: {len(d)} instants in {count} episodes, {len(held)} of them held out")
    first, span = windows(tracks.episode, H + 1, kept), np.arange(H + 1)
    run = Run(1, "tracking", c["seed"], out / "state", report)

    def loss(step: int) -> dict[str, Tensor]:
        at = run.rng(step).choice(first, c["batch"])[:, None] + span
        noisy = d[at[:, 0]] + c["noise"] * torch.randn(len(at), d.shape[1], generator=run.generator(step))
        return {"deviation": ((model(noisy, u[at]) - d[at])[:, 1:] / model.d_std).square().mean()}

    descend(model, loss, c, run)
    model.eval()
    at = windows(tracks.episode, H + 1, held)[:, None] + span
    with torch.inference_mode():
        error = rms(model(d[at[:, 0]], u[at])[:, -1] - d[at[:, -1]])
    metrics = {
        "deviation: error, rad": error,
        "deviation: commanded / error": rms(d[at[:, -1]]) / error,
        "deviation: persistence / error": rms(d[at[:, 0]] - d[at[:, -1]]) / error,
    }
    for name, value in metrics.items():
        say(f"  {name}: {value:.4g}")
    failed = gates(metrics, AT_LEAST, {})
    for line in failed:
        say(f"gate: {line}")
    say(f"{c['name']}: {(time.monotonic() - began) / 60:.1f} minutes since this run began")
    if failed and not force:
        say(
            "not exported: an arm that does as it is told needs no such model, and a bad one makes it worse "
            "(--force exports it all the same, and "
            "its manifest says so)"
        )
    if not leads() or (failed and not force):
        return force or not failed
    inputs = {"d0": d[:1], "u": u[at[:3]]}
    path = out / "tracking.onnx"
    path.write_bytes(traced(model, inputs, ["d"], ("K", ["u"])))
    (out / "golden.json").write_text(
        json.dumps(
            {
                "tracking": {
                    "inputs": {k: packed(v) for k, v in inputs.items()},
                    "outputs": {"d": packed(model(*inputs.values()))},
                }
            }
        )
    )
    files = {"tracking": {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}
    manifest = {
        "format": 1,
        "kind": "tracking",
        "name": c["name"],
        "robot": c["robot"],
        "joints": tracks.joints,
        "dt": c["dt"],
        "horizon": H,
        "files": files,
        "data": {"instants": len(d), "episodes": count},
    }
    (out / "manifest.json").write_text(
        json.dumps(
            {
                **manifest,
                **about,
                "config": c,
                "metrics": metrics,
                "gates": failed or "all passed",
                "forced": bool(failed),
            },
            indent=1,
        )
        + "\n"
    )
    say(f"exported to {out}")
    return True


def rms(x: Tensor) -> float:
    return x.square().mean().sqrt().item()
