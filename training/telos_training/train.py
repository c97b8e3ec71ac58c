"""The stages of self-supervised training, each a descent (descend.py) on its loss (losses.py) over batches drawn here.

1. Representation: encoder and a sketch of the predictor together, from images and the arm's own path alone. Where the
   encoder is frozen, only A(φ) is left to learn.
2. Dynamics: the encoder stays as it is and all latents are computed once. An ensemble of predictors learns from many
   more of them, together with the memory that corrects predictions by what is seen, and with their own doubt: errors
   where the arm hides things say little.
3. Routers, where latents are keypoints: whose motion is worth computing, from what the trained predictors say of it.
4. Steps to go, where the configuration asks for them: a metric between beliefs, from how many steps lie between frames.
5. Read-outs: heads on beliefs and on predictions. Joints and tool are known in every recording; object poses and depth
   where somebody measured them.
"""

import copy
import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .auxiliary import Decoder, Doubt
from .descend import Run, descend
from .losses import Terms, dynamics_loss, pixel_loss, read_out_loss, representation_loss, router_loss, steps_to_go_loss
from .model import WorldModel
from .recordings import Frames
from .steps_to_go import StepsToGo, pairs

# bounds of a latent's change in a step, in its unit: more than noise, less than a thing that comes into sight
MOVED = (0.06, 0.6)


def train_representation(
    model: WorldModel, frames: Frames, episodes: np.ndarray, c: dict, run: Run, pixels: bool
) -> None:
    """Stage 1 with an encoder that is learned. @param c the stage's configuration. @param pixels whether to train the
    baseline, which predicts pixels
    """
    starts = frames.windows(c["window"], episodes)
    images, features = torch.from_numpy(frames.images), model.standardised(torch.from_numpy(frames.features))
    target = copy.deepcopy(model.encoder).requires_grad_(False)
    decoder = Decoder(images.shape[1], model.dim, features.shape[1], model.kind)
    learned = nn.ModuleDict({"model": model, "target": target, "decoder": decoder})

    def loss(step: int) -> Terms:
        if c["regulariser"] == "ema" and step > 0:
            momentum = 1 - 0.01 * (1 + math.cos(math.pi * step / c["steps"])) / 2
            for a, b in zip(target.parameters(), model.encoder.parameters()):
                a.data.lerp_(b.data, 1 - momentum)
        at = torch.from_numpy(run.share(run.rng(step).choice(starts, c["batch"]))[:, None] + np.arange(c["window"]))
        if pixels:
            return pixel_loss(model, decoder, images[at], features[at], c, run.generator(step))
        return representation_loss(model, target, decoder, images[at], features[at], c, run.generator(step))

    descend(learned, loss, c, run)


def train_posture(model: WorldModel, seen: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run) -> None:
    """Stage 1 with a frozen encoder: A(φ) = E[z | φ] from the latents [N,D] of every frame, L = ‖A(φ) − z‖² / D."""
    kept = np.flatnonzero(np.isin(frames.episode, episodes))
    features = model.standardised(torch.from_numpy(frames.features))

    def loss(step: int) -> Terms:
        at = torch.from_numpy(run.share(run.rng(step).choice(kept, c["batch"] * c["window"])))
        return {"posture": F.mse_loss(model.posture(features[at]), seen[at])}

    descend(model.posture, loss, c, run)


def train_dynamics(model: WorldModel, seen: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run) -> None:
    """Stage 2: the predictors, each from its own order of the data, and the memory that they share; seen [N,D].

    Latents keep their common unit, so that what hardly varies hardly counts, and errors weigh by what the posture
    leaves unexplained. A part `contact` of each batch begins with a step in which something moved that the posture does
    not explain.
    """
    starts = frames.windows(c["window"], episodes)
    features = model.standardised(torch.from_numpy(frames.features))
    with torch.inference_mode():
        weight = (seen - torch.cat([model.posture(u) for u in features.split(8192)])).var(0).clone()
    model.latent_mean.copy_(seen.mean(0))
    if model.kind == "keypoints":
        first = weight.unflatten(0, (-1, 2)).sum(1).topk(len(model.predictors[0].free) // 2).indices.sort().values * 2
        moving = torch.stack([first, first + 1], 1).flatten()
        model.follows[moving] = 0
        for predictor in model.predictors:
            predictor.free.copy_(F.one_hot(moving, model.dim))
    else:
        moving = (weight > 0.1 * weight.max()).nonzero().flatten()
        model.latent_std.fill_(seen.std(0).square().mean().sqrt().item())
    seen = model.scaled(seen)
    change = (seen[starts + 1] - seen[starts])[:, moving].abs().amax(1)
    contact = starts[((change > MOVED[0]) & (change < MOVED[1])).numpy()]
    few = int(c["contact"] * c["batch"]) if len(contact) > 0 else 0
    weight = weight / weight.mean()
    learned = nn.Module()
    learned.predictors, learned.posterior, learned.corrector = model.predictors, model.posterior, model.corrector
    learned.doubt = doubt = Doubt(model.dim, features.shape[1])

    def loss(step: int) -> Terms:
        rng = run.rng(step)
        terms: Terms = {}
        for m in range(len(model.predictors)):
            first = rng.permutation(np.concatenate([rng.choice(starts, c["batch"] - few), rng.choice(contact, few)]))
            at = torch.from_numpy(run.share(first)[:, None] + np.arange(c["window"]))
            z, u = seen[at], features[at]
            w = None
            if model.noise > 0:
                w, kl = model.infer(
                    z, u, torch.randn(len(at), c["window"] - 1, model.noise, generator=run.generator(step))
                )
                terms[f"information {m}"] = c["information"] * kl
            terms[f"prediction {m}"] = (weight * dynamics_loss(model, doubt, z, u, w, m, c["corrected"])).mean()
        return terms

    descend(learned, loss, c, run)


def train_routers(model: WorldModel, seen: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run) -> None:
    """Stage 3: each predictor's router, from what that predictor itself says of one step; seen [N,D]."""
    starts = frames.windows(2, episodes)
    features, seen = model.standardised(torch.from_numpy(frames.features)), model.scaled(seen)
    model.routers.requires_grad_(True)

    def loss(step: int) -> Terms:
        terms: Terms = {}
        rng, generator = run.rng(step), run.generator(step)
        for m, predictor in enumerate(model.predictors):
            at = torch.from_numpy(run.share(rng.choice(starts, c["batch"])))
            u = features[at[:, None] + torch.arange(2)]
            w = torch.randn(len(at), model.noise, generator=generator) if model.noise > 0 else None
            terms[f"router {m}"], terms[f"_open {m}"], terms[f"_moves {m}"] = router_loss(
                predictor, seen[at], u, (u[:, 1] - u[:, 0]) / model.step_std, w
            )
        return terms

    descend(model.routers, loss, c, run)


def train_steps_to_go(
    metric: StepsToGo, believed: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run
) -> None:
    """Stage 4: the metric between beliefs [N,D], from pairs of frames."""

    def loss(step: int) -> Terms:
        drawn, steps = pairs(frames, episodes, c["within"], c["batch"], run.rng(step))
        at = torch.from_numpy(run.share(drawn))
        return steps_to_go_loss(
            metric, believed[at[:, 0]], believed[at[:, 1]], torch.from_numpy(run.share(steps)), c["within"]
        )

    descend(metric, loss, c, run)


def train_heads(
    heads: nn.ModuleDict,
    believed: Tensor,
    predicted: Tensor,
    truths: dict[str, Tensor],
    frames: np.ndarray,
    c: dict,
    run: Run,
) -> None:
    """Stage 5: the read-outs. Half of each batch are beliefs, half predictions, [N,D] each: the agent reads both.

    @param truths [N,n] for each head, by its name. @param frames which of the N to learn from
    """
    for name, head in heads.items():
        known = truths[name][frames]
        head.mean.copy_(torch.nan_to_num(torch.nanmean(known, 0)))  # 0 for what is never known
        head.std.copy_(torch.nan_to_num(torch.sqrt(torch.nanmean((known - head.mean) ** 2, 0))).clamp(min=1e-4))

    def loss(step: int) -> Terms:
        at = torch.from_numpy(run.share(run.rng(step).choice(frames, c["batch"])))
        half = len(at) // 2
        x = torch.cat([believed[at[:half]], predicted[at[half:]]])
        return {name: read_out_loss(head, x, truths[name][at]) for name, head in heads.items()}

    descend(heads, loss, c, run)
