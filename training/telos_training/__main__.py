"""python -m telos_training CONFIG --data FOLDER… --out FOLDER"""

import argparse
import copy
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
import yaml
from torch import distributed
from tqdm import tqdm

from .descend import Run, leader_first, leads
from .export import export
from .frozen import FrozenEncoder, frozen_settings
from .gates import gates
from .measure import measure, measure_steps
from .model import Head, StepsToGo, WorldModel
from .read_encoder import read_encoder
from .recordings import DEPTH, Frames, held_out, read_frames
from .tracking import fit_tracking, read_tracks
from .train import (
    encode_all,
    encode_once,
    remember_all,
    train_dynamics,
    train_heads,
    train_posture,
    train_representation,
    train_routers,
    train_steps_to_go,
)

CANDIDATE = Path(
    "state", "candidate"
)  # where a model waits that is still to be evaluated in closed loop (src/evaluation/worldmodel/ship.ts)
STAGES = ("representation", "dynamics", "heads", "routers", "steps_to_go")  # each seeded by its place here


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="telos train",
        description="Trains a world model from recordings; a run that was ended goes on where it stopped.",
    )
    parser.add_argument("config", type=Path, help="one model's, or a comparison's (with `compared`)")
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--set",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="other values than the file's, by their path: representation.regulariser=vicreg",
    )
    parser.add_argument(
        "--seeds", type=int, default=1, help="of a comparison: so many models each, from seeds of their own"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--force", action="store_true", help="export even a model that fails the gates; its manifest says so"
    )
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        distributed.init_process_group(
            "gloo", timeout=timedelta(days=1)
        )  # the others wait while the first reads recordings
    c = yaml.safe_load(o.config.read_text())
    if o.seeds > 1 and "compared" not in c:
        parser.error("--seeds is for comparisons; one model's is --set seed=…")
    if c.get("kind") == "tracking":
        c = with_settings(c, o.set)
        with leader_first():
            tracks = read_tracks(o.data, c["dt"], c["base"], c["tool"])
        say = logged(o.out)
        keep_checkpoints_of(o.out / "state", [c, len(tracks.d)], say)
        return (
            0
            if fit_tracking(
                c, tracks, o.out, o.force, {"code": code_version(), "command": command(o)}, Progress(say), say
            )
            else 1
        )
    of = yaml.safe_load((o.config.parent / c["of"]).read_text()) if "compared" in c else c
    with leader_first():
        frames = read_frames(o.data, of["dt"], of["base"], of["tool"], of["camera"])
    if "compared" not in c:
        c = with_settings(c, o.set)
        return 0 if fit(c, frames, o.out, o.force, command(o), o.out / CANDIDATE if c.get("world") else None) else 1
    for seed in range(of["seed"], of["seed"] + o.seeds):
        for kind, settings in c["compared"].items():
            name = f"{kind}-s{seed}"
            if (o.out / name / "manifest.json").exists():
                continue  # of an earlier run
            fit(
                with_settings(of, [f"name={name}", f"seed={seed}", *c["set"], *settings, *o.set]),
                frames,
                o.out / name,
                True,
                command(o),
            )
    return 0


def command(o: argparse.Namespace) -> str:
    """As a person types it, paths as seen from here; threads and processes change nothing but bits of rounding."""
    near = lambda path: os.path.relpath(path) if path.resolve().is_relative_to(Path.cwd()) else str(path)
    words = [
        "telos",
        "train",
        "--config",
        near(o.config),
        "--data",
        *map(near, o.data),
        "--out",
        near(o.out),
        *(["--seeds", str(o.seeds)] if o.seeds > 1 else []),
    ]
    return " ".join([*words, *(["--set", *o.set] if o.set else []), *(["--force"] if o.force else [])])


def fit(c: dict, frames: Frames, out: Path, force: bool, made_by: str = "", to: Path | None = None) -> bool:
    """Trains, measures and exports one model, to its own folder `out` or another. @returns whether it was exported"""
    began = time.monotonic()
    c = frozen_settings(c)
    say = logged(out)
    eyes = Path(c["representation"]["from"] or out, "manifest.json")
    keep_checkpoints_of(
        out / "state",
        [
            {k: v for k, v in c.items() if k != "world"},
            len(frames),
            eyes.read_text() if c["representation"]["from"] and eyes.exists() else "",
        ],
        say,
    )
    runs = {name: Run(i, name, c["seed"], out / "state", Progress(say)) for i, name in enumerate(STAGES, 1)}
    kept, held = held_out(frames.episode, c["held_out"], c["seed"])
    count = len(kept) + len(held)
    torch.manual_seed(c["seed"])
    model = build(c, frames)
    say(
        f"{c['name']}: {len(frames)} frames in {count} episodes, {len(held)} of them held out; "
        f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} "
        "M parameters"
    )

    if c["representation"]["from"] is not None:
        read_encoder(Path(c["representation"]["from"]), model, c)
        seen = encode_all(model, frames.images)
    elif model.kind == "frozen":
        seen = encode_once(model, frames, kept, out / "state" / "frozen.pt")
        train_posture(model, seen, frames, kept, c["representation"], runs["representation"])
    else:
        train_representation(
            model, frames, kept, c["representation"], runs["representation"], c["objective"] == "pixels"
        )
        seen = encode_all(model, frames.images)
    train_dynamics(model, seen, frames, kept, c["dynamics"], runs["dynamics"])
    if len(model.routers) > 0:
        train_routers(model, seen, frames, kept, c["routers"], runs["routers"])
    model.eval()
    foreseen, believed = remember_all(model, seen, frames)
    steps = StepsToGo(c["latent"], c["steps_to_go"]["dim"]) if c["steps_to_go"]["dim"] > 0 else None
    if steps is not None:
        train_steps_to_go(steps, believed, frames, kept, c["steps_to_go"], runs["steps_to_go"])
    heads = torch.nn.ModuleDict(
        {
            "objects": Head(c["latent"], 3 * len(frames.names)),
            "tool": Head(c["latent"], 3),
            "joints": Head(c["latent"], len(frames.joints)),
        }
    )
    truths = {
        "objects": torch.from_numpy(frames.objects).flatten(1),
        "tool": torch.from_numpy(frames.features[:, :3]),
        "joints": torch.from_numpy(frames.q),
    }
    if frames.depth is not None:
        heads["depth"] = Head(c["latent"], frames.depth[0].size)
        truths["depth"] = torch.from_numpy(frames.depth).flatten(1)
    train_heads(
        heads, believed, foreseen, truths, np.flatnonzero(np.isin(frames.episode, kept)), c["heads"], runs["heads"]
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
        "data": {"frames": len(frames), "episodes": count},
        "code": code_version(),
        "command": made_by,
        "config": c,
        "metrics": metrics,
        "gates": failed or "all passed",
        "forced": bool(failed),
    }
    if frames.depth is not None:
        about["depth"] = {"width": DEPTH, "height": DEPTH}
    shutil.rmtree(out / CANDIDATE, ignore_errors=True)  # an earlier run's
    export(to or out, model, heads, steps, seen, frames.images, frames.features, about)
    say(f"exported to {to or out}")
    return True


def logged(out: Path) -> Callable[[str], None]:
    """Says a line to who watches, and into the model's log."""
    out.mkdir(parents=True, exist_ok=True)
    log = open(out / "train.log", "a")

    def say(line: str) -> None:
        if not leads():
            return
        tqdm.write(line, file=sys.stdout)
        print(line, file=log, flush=True)

    return say


def keep_checkpoints_of(state: Path, what: list, say: Callable[[str], None]) -> None:
    """Those of anything else go."""
    state.mkdir(parents=True, exist_ok=True)
    of, mine = state / "of.json", json.dumps(what)
    with leader_first():
        if of.exists() and of.read_text() != mine:
            say("another configuration, or other data, than the run before: begun anew")
            for stale in state.glob("*.pt"):
                stale.unlink()
        of.write_text(mine)


class Progress:
    """A bar on a terminal, a line now and then in the log."""

    def __init__(self, say):
        self.say = say
        self.bar: tqdm | None = None

    def __call__(self, stage: str, step: int, steps: int, terms: dict[str, float]) -> None:
        if self.bar is None:
            self.bar = tqdm(total=steps, desc=stage, initial=0, leave=False, disable=not sys.stderr.isatty())
        self.bar.update(step - self.bar.n)
        self.bar.set_postfix({k: f"{v:.3g}" for k, v in terms.items()})
        if step % 500 == 1 or step == steps:
            self.say(f"{stage} {step}/{steps}: " + ", ".join(f"{k} {v:.4g}" for k, v in terms.items()))
        if step == steps:
            self.bar.close()


def build(c: dict, frames: Frames) -> WorldModel:
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


def with_settings(config: dict, settings: list[str]) -> dict:
    """@raises SystemExit for a path that the file does not have"""
    config = copy.deepcopy(config)
    for setting in settings:
        path, _, value = setting.partition("=")
        *parents, last = path.split(".")
        at: dict | None = config
        for key in parents:
            at = at.get(key) if isinstance(at, dict) else None
        if not isinstance(at, dict) or last not in at:
            raise SystemExit(f"--set {setting}: the configuration has no {path}")
        at[last] = yaml.safe_load(value)
    return config


def code_version() -> str:
    found = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude", "*"],
        capture_output=True,
        text=True,
    )
    return found.stdout.strip() or "unknown"


if __name__ == "__main__":
    raise SystemExit(main())
