"""python -m telos_training CONFIG --data FOLDER… --out FOLDER: the command line of `telos train`."""

import argparse
import os
from datetime import timedelta
from pathlib import Path

import torch
import yaml
from torch import distributed

from .code_version import code_version
from .descend import keep_checkpoints_of, leader_first
from .fit import CANDIDATE, fit
from .progress import Progress, logged
from .recordings import Frames, read_frames
from .settings import with_settings
from .tracking import fit_tracking, read_tracks


def main() -> int:
    """@returns the exit status: 1 where a model fails its gates, and so is not exported"""
    parser = options()
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
        return 0 if train_tracking(with_settings(c, o.set), o) else 1
    of = yaml.safe_load((o.config.parent / c["of"]).read_text()) if "compared" in c else c
    with leader_first():
        frames = read_frames(o.data, of["dt"], of["base"], of["tool"], of["camera"])
    if "compared" in c:
        compare(c, of, frames, o)
        return 0
    c = with_settings(c, o.set)
    return 0 if fit(c, frames, o.out, o.force, command(o), o.out / CANDIDATE if c.get("world") else None) else 1


def options() -> argparse.ArgumentParser:
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
    return parser


def train_tracking(c: dict, o: argparse.Namespace) -> bool:
    """A model of how the arm follows its commands. @returns whether it was exported"""
    with leader_first():
        tracks = read_tracks(o.data, c["dt"], c["base"], c["tool"])
    say = logged(o.out)
    keep_checkpoints_of(o.out / "state", [c, len(tracks.d)], say)
    about = {"code": code_version(), "command": command(o)}
    return fit_tracking(c, tracks, o.out, o.force, about, Progress(say), say)


def compare(c: dict, of: dict, frames: Frames, o: argparse.Namespace) -> None:
    """One model of each kind that is compared, for every seed, but for those that an earlier run has finished.

    @param of the configuration that the kinds differ from
    """
    for seed in range(of["seed"], of["seed"] + o.seeds):
        for kind, settings in c["compared"].items():
            name = f"{kind}-s{seed}"
            if (o.out / name / "manifest.json").exists():
                continue
            changed = with_settings(of, [f"name={name}", f"seed={seed}", *c["set"], *settings, *o.set])
            fit(changed, frames, o.out / name, True, command(o))


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


if __name__ == "__main__":
    raise SystemExit(main())
