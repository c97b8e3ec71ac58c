"""Measures of a trained model on episodes that it never saw; gates.py says which of them decide. Those of the *objects*
count most, in steps in which something moved them: the average over all latents is mostly the arm, which is easy.
"""

import numpy as np
import torch
from torch import Tensor, nn

from .model import WorldModel
from .recordings import Frames
from .regularisers import effective_rank
from .steps_to_go import StepsToGo, pairs

MOVED = 0.005  # m in a step: contact


def measure(
    model: WorldModel,
    heads: nn.ModuleDict,
    seen: Tensor,
    believed: Tensor,
    frames: Frames,
    kept: np.ndarray,
    held: np.ndarray,
    horizons: tuple[int, ...] = (1, 3, 5),
) -> dict[str, float]:
    """Errors (m, rad), spreads, probes and predictions by name.

    @param seen latents [N,D] of every frame as its image alone shows them. @param believed the same with memory.
    @param kept the episodes that were trained on. @param held the others. @param horizons steps of the predictions
    """
    report: dict[str, float] = {}
    at = np.flatnonzero(np.isin(frames.episode, held))
    objects = torch.from_numpy(frames.objects)
    with torch.inference_mode():
        truths = {
            "objects": objects[at],
            "tool": torch.from_numpy(frames.features[at, :3]),
            "joints": torch.from_numpy(frames.q[at]),
        }
        if frames.depth is not None:
            truths["depth"] = torch.from_numpy(frames.depth[at]).flatten(1)
        for name, truth in truths.items():
            mean = heads[name](believed[at])[0].unflatten(-1, truth.shape[1:])
            plane = [0, 1] if name == "objects" else slice(None)
            error = (mean - truth)[..., plane]
            spread = (truth - truth.mean(0))[..., plane]
            report[f"{name}: read-out error / spread"] = _rms(error) / _rms(spread)
            report[f"{name}: read-out error"] = _rms(error)
            if name == "objects":
                report["objects: read-out error, median"] = error.norm(dim=-1).median().item()
                single = (heads[name](seen[at])[0].unflatten(-1, truth.shape[1:]) - truth)[..., plane]
                report["objects: read-out error, one image alone"] = _rms(single)
                report["objects: read-out error, one image alone, median"] = single.norm(dim=-1).median().item()
        report["effective rank"] = effective_rank(seen[at])
        learnt = np.flatnonzero(np.isin(frames.episode, kept))
        for name, truth in {
            "objects": objects[..., :2].flatten(1),
            "tool": torch.from_numpy(frames.features[:, :3]),
        }.items():
            report[f"{name}: probe R²"] = probe(seen[learnt], truth[learnt], seen[at], truth[at])
        H = max(horizons)
        starts = torch.from_numpy(frames.windows(H + 1, held))
        window = starts[:, None] + torch.arange(H + 1)
        u = model.standardised(torch.from_numpy(frames.features))[window]
        predicted = model.ensemble(believed[starts], u).mean(0)
        read = heads["objects"](predicted)[0].unflatten(-1, (-1, 3))[..., :2]
        truth = objects[window][..., :2]  # [N,H+1,no,2]
        for h in horizons:
            moved = (truth[:, h] - truth[:, 0]).norm(dim=-1) > MOVED * h**0.5
            still = ~moved
            error = (read[:, h] - truth[:, h]).norm(dim=-1)
            stay = (truth[:, 0] - truth[:, h]).norm(dim=-1)
            of = f"moved objects after {h} steps"
            report[f"{of}: error"] = _rms(error[moved])
            report[f"{of}: median error"] = error[moved].median().item()
            report[f"{of}: persistence / error"] = _rms(stay[moved]) / _rms(error[moved])
            report[f"unmoved objects after {h} steps: error"] = _rms(error[still])
        report["share of moved objects in a step"] = (
            ((truth[:, 1] - truth[:, 0]).norm(dim=-1) > MOVED).float().mean().item()
        )
    return report


def measure_steps(
    metric: StepsToGo, believed: Tensor, frames: Frames, held: np.ndarray, within: int
) -> dict[str, float]:
    """Compares the metric between frames of one held-out episode with the steps that were taken: error, correlation."""
    at, steps = pairs(frames, held, within, 4096, np.random.default_rng(0))
    with torch.inference_mode():
        counted = metric(believed[at[:, 0]], believed[at[:, 1]])
    taken = torch.from_numpy(steps).float()
    return {
        "steps to go: error": _rms(counted - taken),
        "steps to go: correlation": torch.corrcoef(torch.stack([counted, taken]))[0, 1].item(),
    }


def probe(z: Tensor, y: Tensor, z_new: Tensor, y_new: Tensor) -> float:
    """R² of the linear map from latents z [N,D] to what is known of them y [N,n], on others [M,D], [M,n]:

        R² = 1 − Σ‖y − ŷ‖² / Σ‖y − ȳ‖²

    Rows with NaN count nothing.
    """
    known, new = ~torch.isnan(y).any(-1), ~torch.isnan(y_new).any(-1)
    z, y, z_new, y_new = (x.double() for x in (z[known], y[known], z_new[new], y_new[new]))
    a, b = z - z.mean(0), y - y.mean(0)
    ridge = (
        1e-6 * a.square().mean().clamp(min=1e-12) * len(a) * torch.eye(a.shape[1], dtype=a.dtype)
    )  # collapsed latents have no inverse
    said = y.mean(0) + (z_new - z.mean(0)) @ torch.linalg.solve(a.T @ a + ridge, a.T @ b)
    return 1 - ((y_new - said).square().sum() / (y_new - y_new.mean(0)).square().sum()).item()


def _rms(x: Tensor) -> float:
    """Root mean square of what is known (no NaN)."""
    return x[~torch.isnan(x)].square().mean().sqrt().item()
