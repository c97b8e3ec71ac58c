"""One model from a configuration and recordings: all stages of its training, its measures, its gates, its export."""

import json
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .code_version import code_version
from .descend import Run, keep_checkpoints_of, leads
from .export import export
from .frozen import FrozenEncoder, frozen_settings
from .gates import gates
from .latents import encode_all, encode_once, remember_all
from .measure import measure, measure_steps
from .model import Head, WorldModel
from .progress import Progress, logged
from .read_encoder import read_encoder
from .recordings import DEPTH, Frames, held_out
from .steps_to_go import StepsToGo
from .train import (
    train_dynamics,
    train_heads,
    train_posture,
    train_representation,
    train_routers,
    train_steps_to_go,
)

# where a model waits that is still to be evaluated in closed loop (src/evaluation/worldmodel/ship.ts)
CANDIDATE = Path("state", "candidate")
STAGES = ("representation", "dynamics", "heads", "routers", "steps_to_go")  # each is seeded by its place here


def fit(c: dict, frames: Frames, out: Path, force: bool, made_by: str = "", to: Path | None = None) -> bool:
    """Trains, measures and exports one model. Checkpoints and the log go to `out`, the model to `to`, or `out` too.

    @param force export even a model that fails its gates. @param made_by the command, for the manifest.
    @returns whether it was exported
    """
    began = time.monotonic()
    c = frozen_settings(c)
    say = logged(out)
    source = c["representation"]["from"]
    encoders = Path(source or out, "manifest.json")
    keep_checkpoints_of(
        out / "state",
        [
            {k: v for k, v in c.items() if k != "world"},
            len(frames),
            encoders.read_text() if source and encoders.exists() else "",
        ],
        say,
    )
    runs = {name: Run(i, name, c["seed"], out / "state", Progress(say)) for i, name in enumerate(STAGES, 1)}
    kept, held = held_out(frames.episode, c["held_out"], c["seed"])
    torch.manual_seed(c["seed"])
    model = build(c, frames)
    say(
        f"{c['name']}: {len(frames)} frames in {len(kept) + len(held)} episodes, {len(held)} of them held out; "
        f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} "
        "M parameters"
    )

    seen = represent(model, frames, kept, c, runs["representation"])
    train_dynamics(model, seen, frames, kept, c["dynamics"], runs["dynamics"])
    if len(model.routers) > 0:
        train_routers(model, seen, frames, kept, c["routers"], runs["routers"])
    model.eval()
    predicted, believed = remember_all(model, seen, frames)
    steps = StepsToGo(c["latent"], c["steps_to_go"]["dim"]) if c["steps_to_go"]["dim"] > 0 else None
    if steps is not None:
        train_steps_to_go(steps, believed, frames, kept, c["steps_to_go"], runs["steps_to_go"])
    heads, truths = read_outs(frames, c["latent"])
    train_heads(
        heads, believed, predicted, truths, np.flatnonzero(np.isin(frames.episode, kept)), c["heads"], runs["heads"]
    )

    metrics = measure(model, heads, seen, believed, frames, kept, held)
    if steps is not None:
        metrics |= measure_steps(steps, believed, frames, held, c["steps_to_go"]["within"])
    if runs["representation"].ran > 0:
        metrics["representation: CPU seconds a step"] = runs["representation"].cpu / runs["representation"].ran
    for name, value in metrics.items():
        say(f"  {name}: {value:.4g}")
    failed = gates(metrics)
    for line in failed:
        say(f"gate: {line}")
    say(
        f"{c['name']}: {(time.monotonic() - began) / 60:.1f} minutes since this run began, "
        f"{torch.get_num_threads()} threads"
    )
    if not leads():
        return force or not failed
    (out / "state" / "curves.json").write_text(json.dumps({name: run.curve for name, run in runs.items()}))
    torch.save({"model": model.state_dict(), "heads": heads.state_dict()}, out / "state" / "model.pt")
    if failed and not force:
        say(
            "not exported: a model that fails its gates plans badly (--force exports it all the same, and its "
            "manifest says so)"
        )
        return False
    about = manifest(c, frames, len(kept) + len(held), made_by, metrics, failed)
    shutil.rmtree(out / CANDIDATE, ignore_errors=True)  # an earlier run's
    export(to or out, model, heads, steps, seen, frames.images, frames.features, about)
    say(f"exported to {to or out}")
    return True


def build(c: dict, frames: Frames) -> WorldModel:
    """The model before training, with the mean and the spread of the recordings' features."""
    size = frames.images.shape[1]
    frozen = (
        FrozenEncoder(c["encoder"].partition(":")[2], c["frozen"], size, c["latent"])
        if c["encoder"].startswith("frozen:")
        else None
    )
    model = WorldModel.of(c, size, frames.features.shape[1], frozen)
    model.feature_mean.copy_(torch.from_numpy(frames.features.mean(0)))
    model.feature_std.copy_(torch.from_numpy(frames.features.std(0)).clamp(min=0.05))
    features, first = model.standardised(torch.from_numpy(frames.features)), frames.windows(2)
    model.step_std.copy_((features[first + 1] - features[first]).std(0).clamp(min=1e-3))
    return model


def represent(model: WorldModel, frames: Frames, kept: np.ndarray, c: dict, run: Run) -> Tensor:
    """The first stage: an encoder from another model, a frozen one, or one that is trained here. @param kept the
    episodes to train on. @returns the latents of every frame, [N,D]
    """
    if c["representation"]["from"] is not None:
        read_encoder(Path(c["representation"]["from"]), model, c)
    elif model.kind == "frozen":
        seen = encode_once(model, frames, kept, run.folder / "frozen.pt")
        train_posture(model, seen, frames, kept, c["representation"], run)
        return seen
    else:
        train_representation(model, frames, kept, c["representation"], run, c["objective"] == "pixels")
    return encode_all(model, frames.images)


def read_outs(frames: Frames, latent: int) -> tuple[nn.ModuleDict, dict[str, Tensor]]:
    """Heads for what the recordings know, and what they know by the head's name: [N,n] in m or rad, NaN where it is
    unknown.
    """
    heads = nn.ModuleDict(
        {
            "objects": Head(latent, 3 * len(frames.names)),
            "tool": Head(latent, 3),
            "joints": Head(latent, len(frames.joints)),
        }
    )
    truths = {
        "objects": torch.from_numpy(frames.objects).flatten(1),
        "tool": torch.from_numpy(frames.features[:, :3]),
        "joints": torch.from_numpy(frames.q),
    }
    if frames.depth is not None:
        heads["depth"] = Head(latent, frames.depth[0].size)
        truths["depth"] = torch.from_numpy(frames.depth).flatten(1)
    return heads, truths


def manifest(
    c: dict, frames: Frames, episodes: int, made_by: str, metrics: dict[str, float], failed: list[str]
) -> dict:
    """What a model's manifest says of where it comes from and how good it is; `export` adds what it finds out."""
    about = {
        "name": c["name"],
        "robot": c["robot"],
        "joints": frames.joints,
        "camera": c["camera"],
        "image": {"width": frames.images.shape[2], "height": frames.images.shape[1]},
        "dt": c["dt"],
        "horizon": c["horizon"],
        "features": frames.features.shape[1],
        "objects": frames.names,
        "data": {"frames": len(frames), "episodes": episodes},
        "code": code_version(),
        "command": made_by,
        "config": c,
        "metrics": metrics,
        "gates": failed or "all passed",
        "forced": bool(failed),
    }
    if frames.depth is not None:
        about["depth"] = {"width": DEPTH, "height": DEPTH}
    return about
