"""python -m telos_training CONFIG --data FOLDER… --out FOLDER"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
import yaml

from .measure import measure
from .model import Decoder, Head, WorldModel
from .recordings import read_frames
from .descend import Run
from .train import encode_all, train_dynamics, train_heads, train_representation


def main() -> None:
    parser = argparse.ArgumentParser(prog="telos_training", description="Trains a world model from recordings; a run that was ended goes on where it stopped.")
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--quiet", action="store_true")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    c = yaml.safe_load(o.config.read_text())
    o.out.mkdir(parents=True, exist_ok=True)

    def tell(stage: str, step: int, steps: int, terms: dict[str, float]) -> None:
        if not o.quiet and (step % 500 == 1 or step == steps):
            print(f"{stage} {step}/{steps}: " + ", ".join(f"{k} {v:.4g}" for k, v in terms.items()), flush=True)

    runs = [Run(i, name, c["seed"], o.out, tell) for i, name in enumerate(("representation", "dynamics", "heads"), 1)]
    frames = read_frames(o.data, c["dt"], c["base"], c["tool"], c["camera"])
    count = int(frames.episode.max()) + 1
    held = np.random.default_rng([c["seed"], 0]).permutation(count)[: max(1, int(count * c["held_out"]))]
    kept = np.setdiff1d(np.arange(count), held)
    torch.manual_seed(c["seed"])
    model = build(c, frames)
    decoder = Decoder(c["latent"]) if c["objective"] == "pixels" else None
    print(f"{len(frames)} frames in {count} episodes, {len(held)} of them held out; {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)

    train_representation(model, frames, kept, c["representation"], runs[0], decoder)
    z = encode_all(model, frames.images)
    train_dynamics(model, z, frames, kept, c["dynamics"], runs[1])
    heads = torch.nn.ModuleDict({"objects": Head(c["latent"], 3 * len(frames.names)), "tool": Head(c["latent"], 3), "joints": Head(c["latent"], len(frames.joints))})
    truths = {"objects": torch.from_numpy(frames.objects).flatten(1), "tool": torch.from_numpy(frames.features[:, :3]), "joints": torch.from_numpy(frames.q)}
    train_heads(heads, z, truths, np.flatnonzero(np.isin(frames.episode, kept)), c["heads"], runs[2])
    report = measure(model, heads, z, frames, held)
    print(json.dumps(report, indent=1))
    (o.out / "report.json").write_text(json.dumps(report, indent=1))
    (o.out / "curves.json").write_text(json.dumps({r.name: r.curve for r in runs}))
    torch.save({"model": model.state_dict(), "heads": heads.state_dict(), "config": c, "joints": frames.joints, "objects": frames.names}, o.out / "model.pt")


def build(c: dict, frames) -> WorldModel:
    p = c["predictor"]
    model = WorldModel(size=frames.images.shape[1], dim=c["latent"], features=frames.features.shape[1], width=p["width"], blocks=p["blocks"], noise=p["noise"], ensemble=p["ensemble"])
    model.feature_mean.copy_(torch.from_numpy(frames.features.mean(0)))
    model.feature_std.copy_(torch.from_numpy(frames.features.std(0)).clamp(min=0.05))
    return model


if __name__ == "__main__":
    main()
