"""Self-supervised training of a world model, in three stages.

1. representation: encoder and predictor together, from images and the arm's own path alone,

       L = Σ_h ‖ẑ_h − f(x_h)‖² / D  +  λ R(z − A(φ))  +  μ ‖I(z_t, z_{t+1}) − (φ_{t+1} − φ_t)‖²  +  β KL(q(w) ‖ N(0,1)),     ẑ_h = P(ẑ_{h−1}, φ_{h−1}, φ_h, w_h)

   with A(φ) = E[z | φ], learned alongside. Without A an encoder of the arm alone would do: the arm's path is told, so latents of the arm foretell themselves and can
   be spread as one likes. What A explains does not count against collapse, and the latents must fill themselves with the rest of the world.
2. dynamics: the encoder frozen and all latents computed once, an ensemble of predictors learns from many more of them and over longer rollouts;
   windows that were foretold badly are drawn more often (contact is rare, and is what matters).
3. read-outs: heads on the frozen latents. Joints and tool are known in every recording, object poses where somebody measured them.
"""

import copy
import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import losses
from .augment import augment
from .descend import Run, descend
from .model import Decoder, WorldModel, normalised
from .recordings import Frames

Terms = dict[str, Tensor]


def representation_loss(model: WorldModel, target: nn.Module, decoder: Decoder, plain: Tensor, u: Tensor, c: dict, rng: torch.Generator) -> Terms:
    """plain uint8 [B,T,S,S,3], u [B,T,F] standardised. The sum of the terms is the loss; those named `_…` are only told."""
    images = augment(plain, c["augment"], rng)
    z = model.encode(images)
    goal = z
    if c["regulariser"] == "ema":
        with torch.no_grad():
            goal = target(images.flatten(0, 1)).unflatten(0, z.shape[:2])
    terms: Terms = {}
    w = None
    if model.noise > 0:
        w, kl = model.infer(goal, u, torch.randn(z.shape[0], z.shape[1] - 1, model.noise, generator=rng))
        terms["information"] = c["information"] * kl
    predicted = model.rollout(z[:, 0], u, w)
    known = torch.zeros_like(z)
    foretold = model.posture(u)
    terms["posture"] = F.mse_loss(foretold, z.detach())
    if c["residual"]:
        known = foretold.detach()
    rest = z - known
    terms["prediction"] = losses.infonce((predicted - known)[:, 1:], (goal - known)[:, 1:]) if c["regulariser"] == "infonce" else F.mse_loss(predicted[:, 1:], goal[:, 1:])
    if c["regulariser"] == "sigreg":
        terms["regulariser"] = c["regulariser_weight"] * losses.sigreg(rest, rng)
    elif c["regulariser"] == "vicreg":
        terms["regulariser"] = c["regulariser_weight"] * losses.vicreg(rest)
    elif c["regulariser"] == "reconstruction":
        terms["regulariser"] = c["regulariser_weight"] * F.mse_loss(decoder(z.flatten(0, 1), u.flatten(0, 1)), normalised(plain.flatten(0, 1)))
    if c["inverse"] > 0:
        step = u[:, 1:] - u[:, :-1]
        scale = step.flatten(0, 1).std(0) + 1e-3
        terms["inverse"] = c["inverse"] * F.mse_loss(model.inverse(torch.cat([z[:, :-1], z[:, 1:]], -1)), step / scale)
    terms["_persistence"] = F.mse_loss(z[:, :-1], z[:, 1:]).detach()
    terms["_rest"] = rest.detach().var(0).mean()
    return terms


def pixel_loss(model: WorldModel, decoder: Decoder, plain: Tensor, u: Tensor, c: dict, rng: torch.Generator) -> Terms:
    """The baseline: the same encoder and predictor, trained to foretell pixels."""
    z = model.rollout(model.encode(augment(plain[:, 0], c["augment"], rng)), u)
    return {"prediction": c["regulariser_weight"] * F.mse_loss(decoder(z.flatten(0, 1), u.flatten(0, 1)), normalised(plain.flatten(0, 1)))}


def train_representation(model: WorldModel, frames: Frames, episodes: np.ndarray, c: dict, run: Run, pixels: bool) -> None:
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


def encode_all(model: WorldModel, images: np.ndarray, block: int = 512) -> Tensor:
    with torch.inference_mode():
        return torch.cat([model.encode(torch.from_numpy(images[i : i + block])) for i in range(0, len(images), block)]).clone()


def train_dynamics(model: WorldModel, z: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run) -> None:
    """The predictors alone, each from its own order of the data. Errors are in units of each latent's spread, and weigh by how much of it the posture leaves unexplained:
    the arm is known, and most latents follow it."""
    starts = frames.windows(c["window"], episodes)
    features = model.standardised(torch.from_numpy(frames.features))
    learned = nn.Module()
    learned.predictors, learned.posterior, learned.posture = model.predictors, model.posterior, model.posture
    learned.register_buffer("hardness", torch.ones(len(model.predictors), len(starts), dtype=torch.float64))  # running error of each window, relative to the batch's mean
    spread = z.std(0).clamp(min=1e-3)
    with torch.inference_mode():
        weight = ((z - model.posture(features)).var(0) / spread**2).clamp(max=1)
    weight = (weight / weight.mean()).clone()

    def loss(step: int) -> Terms:
        rng = run.rng(step)
        terms: Terms = {}
        for m in range(len(model.predictors)):
            hardness = learned.hardness[m].numpy()
            p = hardness ** c["priority"]
            pick = run.share(np.searchsorted(np.cumsum(p), rng.random(c["batch"]) * p.sum()).clip(max=len(starts) - 1))
            at = torch.from_numpy(starts[pick][:, None] + np.arange(c["window"]))
            goal, u = z[at], features[at]
            w = None
            if model.noise > 0:
                w, kl = model.infer(goal, u, torch.randn(len(at), c["window"] - 1, model.noise, generator=run.generator(step)))
                terms[f"information {m}"] = c["information"] * kl
            error = (weight * F.smooth_l1_loss(model.rollout(goal[:, 0], u, w, m)[:, 1:] / spread, goal[:, 1:] / spread, reduction="none", beta=0.1)).mean((1, 2))
            told = error.detach().numpy()
            hardness[pick] = 0.5 * hardness[pick] + 0.5 * told / max(1e-9, told.mean())
            terms[f"prediction {m}"] = error.mean()
            terms[f"posture {m}"] = F.mse_loss(model.posture(u) / spread, goal / spread)
        return terms

    descend(learned, loss, c, run)


def foresee_all(model: WorldModel, z: Tensor, frames: Frames) -> Tensor:
    """Each frame's latents as foreseen one step before, by the ensemble's mean; as seen where an episode begins."""
    features = model.standardised(torch.from_numpy(frames.features))
    foreseen = z.clone()
    with torch.inference_mode():
        for at in torch.from_numpy(frames.windows(2)).split(4096):
            u = torch.stack([features[at], features[at + 1]], 1)
            foreseen[at + 1] = model.ensemble(z[at], u)[:, :, 1].mean(0)
    return foreseen


def train_heads(heads: nn.ModuleDict, z: Tensor, foreseen: Tensor, truths: dict[str, Tensor], frames: np.ndarray, c: dict, run: Run) -> None:
    """Half of each batch is latents as seen, half as foreseen: they are read in both places."""
    for name, head in heads.items():
        known = truths[name][frames]
        head.mean.copy_(torch.nanmean(known, 0))
        head.std.copy_(torch.sqrt(torch.nanmean((known - head.mean) ** 2, 0)).clamp(min=1e-4))

    def loss(step: int) -> Terms:
        at = torch.from_numpy(run.share(run.rng(step).choice(frames, c["batch"])))
        half = len(at) // 2
        x = torch.cat([z[at[:half]], foreseen[at[half:]]])
        return {name: head.loss(x, truths[name][at]) for name, head in heads.items()}

    descend(heads, loss, c, run)
