"""Self-supervised training of a world model, in five stages.

1. representation: encoder and predictor together, from images and the arm's own path alone (a frozen encoder: A alone),

       L = Σ_h ‖ẑ_h − f(x_h)‖² / D  +  λ R(z − A(φ))  +  μ ‖I(z_t, z_{t+1}) − (φ_{t+1} − φ_t)‖²  +  β KL(q(w) ‖ N(0,1)),
       ẑ_h = P(ẑ_{h−1}, φ_{h−1}, φ_h, w_h)

   with A(φ) = E[z | φ], learned alongside. Without A an encoder of the arm alone would do: the arm's path is told, so
   latents of the arm foretell themselves and can be spread as one likes. What A explains does not count against
   collapse, and the latents must fill themselves with the rest of the world.
2. dynamics: the encoder frozen and all latents computed once, an ensemble of predictors learns from many more of them,
together with the memory that
   corrects what they foresaw by what is seen, and with their own doubt: errors where the arm hides things say little.
3. routers, with latents that are places: whose motion is worth computing, from what the trained predictors say of it.
4. steps to go, where asked for: a metric between what is believed, from how many steps lie between two frames.
5. read-outs: heads on what is believed and on what is foreseen. Joints and tool are known in every recording, object
poses and depth where somebody measured them.
"""

import copy
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from . import losses
from .augment import augment
from .descend import Run, descend, leader_first
from .model import Decoder, Doubt, StepsToGo, WorldModel, normalised
from .recordings import Frames

Terms = dict[str, Tensor]
MOVED = (
    0.06,
    0.6,
)  # a latent's change in a step, of its unit: more than noise, less than a thing that comes into sight
MISSED = 10.0
LOST = 0.1  # of the windows begin with latents that are another's


def representation_loss(
    model: WorldModel, target: nn.Module, decoder: Decoder, plain: Tensor, u: Tensor, c: dict, rng: torch.Generator
) -> Terms:
    """plain uint8 [B,T,S,S,3], u [B,T,F] standardised. The sum of the terms is the loss; those named `_…` are only
    told.
    """
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
    predicted = model.rollout(z[:, 0], u, w, model.sketch)
    known = torch.zeros_like(z)
    foretold = model.posture(u)
    terms["posture"] = F.mse_loss(foretold, z.detach())
    if c["residual"]:
        known = foretold.detach()
    rest = z - known
    terms["prediction"] = (
        losses.infonce((predicted - known)[:, 1:], (goal - known)[:, 1:])
        if c["regulariser"] == "infonce"
        else F.mse_loss(predicted[:, 1:], goal[:, 1:])
    )
    if c["regulariser"] == "sigreg":
        terms["regulariser"] = c["regulariser_weight"] * losses.sigreg(rest, rng)
    elif c["regulariser"] == "vicreg":
        terms["regulariser"] = c["regulariser_weight"] * losses.vicreg(rest)
    elif c["regulariser"] == "reconstruction":
        terms["regulariser"] = c["regulariser_weight"] * F.mse_loss(
            decoder(z.flatten(0, 1), u.flatten(0, 1)), normalised(plain.flatten(0, 1))
        )
    if c["inverse"] > 0:
        step = u[:, 1:] - u[:, :-1]
        scale = step.flatten(0, 1).std(0) + 1e-3
        terms["inverse"] = c["inverse"] * F.mse_loss(model.inverse(torch.cat([z[:, :-1], z[:, 1:]], -1)), step / scale)
    terms["_persistence"] = F.mse_loss(z[:, :-1], z[:, 1:]).detach()
    terms["_rest"] = rest.detach().var(0).mean()
    return terms


def pixel_loss(model: WorldModel, decoder: Decoder, plain: Tensor, u: Tensor, c: dict, rng: torch.Generator) -> Terms:
    """The baseline: the same encoder and predictor, trained to foretell pixels."""
    first = model.encode(augment(plain[:, 0], c["augment"], rng))
    z = model.rollout(first, u, predictor=model.sketch)
    return {
        "posture": F.mse_loss(model.posture(u[:, 0]), first.detach()),
        "prediction": c["regulariser_weight"]
        * F.mse_loss(decoder(z.flatten(0, 1), u.flatten(0, 1)), normalised(plain.flatten(0, 1))),
    }


def train_representation(
    model: WorldModel, frames: Frames, episodes: np.ndarray, c: dict, run: Run, pixels: bool
) -> None:
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
    """What the first stage has left to learn where the encoder is frozen: A(φ) = E[z | φ], from latents [N,D] of every
    frame.
    """
    kept = np.flatnonzero(np.isin(frames.episode, episodes))
    features = model.standardised(torch.from_numpy(frames.features))

    def loss(step: int) -> Terms:
        at = torch.from_numpy(run.share(run.rng(step).choice(kept, c["batch"] * c["window"])))
        return {"posture": F.mse_loss(model.posture(features[at]), seen[at])}

    descend(model.posture, loss, c, run)


def encode_all(model: WorldModel, images: np.ndarray, block: int = 512) -> Tensor:
    with torch.inference_mode():
        return torch.cat(
            [
                model.encode(torch.from_numpy(images[i : i + block]))
                for i in tqdm(range(0, len(images), block), "latents", leave=False, disable=None)
            ]
        ).clone()


def encode_once(model: WorldModel, frames: Frames, episodes: np.ndarray, kept: Path) -> Tensor:
    """Latents [N,D] of a frozen encoder, its principal axes found from these episodes. They cost more than all that
    follows, so they are kept.
    """
    with leader_first():
        if not kept.exists():
            model.encoder.fit(frames.images[np.isin(frames.episode, episodes)])
            temporary = kept.with_suffix(".tmp")
            torch.save({"encoder": model.encoder.state_dict(), "seen": encode_all(model, frames.images)}, temporary)
            temporary.rename(kept)
    found = torch.load(kept, weights_only=True)
    model.encoder.load_state_dict(found["encoder"])
    return found["seen"]


def dynamics_loss(
    model: WorldModel, doubt: Doubt, seen: Tensor, u: Tensor, w: Tensor | None, member: int, corrected: int
) -> Tensor:
    """Foresee each frame of a window, seen [B,T,D] and u [B,T,F] both standardised, from what is believed. The first
    `corrected` of them correct it:

        ẑ_{h+1} = P(z_h),   z_{h+1} = h < corrected ? correct(ẑ_{h+1}, seen_{h+1}) : ẑ_{h+1},   L = Σ √b' (|ẑ − seen| /
        b + log b),   b = b(z, φ, φ⁺)

    b' is b without gradient. A part of the windows begin with another's latents, as after something was moved unseen:
    memory must find its way back. Source of the loss: Seitzer et al., arXiv:2203.09168 (β = ½), with smooth absolute
    errors.
    """
    predictor = model.predictors[member]
    known, told, step = model.explained(u), predictor.told(u), (u[:, 1:] - u[:, :-1]) / model.step_std
    lost = int(LOST * len(seen))
    z = torch.cat([seen[:lost, 0].roll(1, 0), seen[lost:, 0]])
    total = seen.new_zeros(())
    for h in range(step.shape[1]):
        foreseen = (
            z
            + known[:, h + 1]
            - known[:, h]
            + predictor(z, told[:, h], told[:, h + 1], step[:, h], None if w is None else w[:, h])
        )
        log_b = doubt(z.detach(), u[:, h], step[:, h])
        error = (F.smooth_l1_loss(foreseen, seen[:, h + 1], reduction="none", beta=0.1) / log_b.exp() + log_b) * (
            log_b.detach() / 2
        ).exp()
        total = total + error[lost if h == 0 else 0 :].mean(0)
        z = model.corrector(foreseen, seen[:, h + 1], u[:, h + 1]) if h < corrected else foreseen
    return total / step.shape[1]


def train_dynamics(model: WorldModel, seen: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run) -> None:
    """The predictors, each from its own order of the data, and the memory that they share. Latents keep their common
    unit, so that what hardly varies counts hardly, and errors weigh by what the posture leaves unexplained. A part
    `contact` of each batch begins with a step in which something moved that the posture does not explain.
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
    """Each predictor's router, from what that predictor itself says of one step. One wrongly left out counts MISSED
    times as much as one wrongly picked.
    """
    starts = frames.windows(2, episodes)
    features, seen = model.standardised(torch.from_numpy(frames.features)), model.scaled(seen)
    model.routers.requires_grad_(True)

    def loss(step: int) -> Terms:
        terms: Terms = {}
        rng, generator = run.rng(step), run.generator(step)
        for m, predictor in enumerate(model.predictors):
            at = torch.from_numpy(run.share(rng.choice(starts, c["batch"])))
            u, w = (
                features[at[:, None] + torch.arange(2)],
                torch.randn(len(at), model.noise, generator=generator) if model.noise > 0 else None,
            )
            with torch.no_grad():
                told = predictor.told(u)
                x = predictor.relations(seen[at], told[:, 0], told[:, 1], (u[:, 1] - u[:, 0]) / model.step_std, w)
                moves = predictor.motion(x).norm(dim=-1, keepdim=True) > predictor.LEAST
            logits = predictor.router(x)
            terms[f"router {m}"] = F.binary_cross_entropy_with_logits(
                logits, moves.float(), pos_weight=torch.tensor(MISSED)
            )
            terms[f"_open {m}"] = (logits > 0).float().mean().detach()
            terms[f"_moves {m}"] = moves.float().mean()
        return terms

    descend(model.routers, loss, c, run)


def remember_all(model: WorldModel, seen: Tensor, frames: Frames) -> tuple[Tensor, Tensor]:
    """Each frame's latents as foreseen one step before, and as believed after it was seen; as seen where an episode
    begins.
    """
    features = model.standardised(torch.from_numpy(frames.features))
    foreseen, believed = seen.clone(), seen.clone()
    begins = np.flatnonzero(np.diff(frames.episode, prepend=-1))
    lengths = np.diff(begins, append=len(seen))
    with torch.inference_mode():
        for k in range(1, int(lengths.max())):
            for at in torch.from_numpy(begins[lengths > k] + k).split(4096):
                foreseen[at], believed[at] = model.remember(
                    believed[at - 1], seen[at], torch.stack([features[at - 1], features[at]], 1)
                )
    return foreseen, believed


def pairs(
    frames: Frames, episodes: np.ndarray, within: int, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Two frames each of the same episode, at most so many steps apart. @returns the frames [size,2] and the steps
    between them [size]
    """
    first = rng.choice(np.flatnonzero(np.isin(frames.episode, episodes)), size)
    last = np.searchsorted(frames.episode, frames.episode[first], side="right") - 1
    steps = np.minimum(rng.integers(0, within + 1, size), last - first)
    return np.stack([first, first + steps], 1), steps


def train_steps_to_go(
    metric: StepsToGo, believed: Tensor, frames: Frames, episodes: np.ndarray, c: dict, run: Run
) -> None:
    """L = mean (‖M (z_t − z_{t+k})‖ − k)², k ≤ within; frames of different episodes are farther than that: mean max(0,
    within − ‖M (z − z')‖)²
    """

    def loss(step: int) -> Terms:
        at, steps = pairs(frames, episodes, c["within"], c["batch"], run.rng(step))
        at, steps = torch.from_numpy(run.share(at)), torch.from_numpy(run.share(steps))
        a, b = believed[at[:, 0]], believed[at[:, 1]]
        return {
            "steps": (metric(a, b) - steps).square().mean(),
            "apart": (c["within"] - metric(a, b.roll(1, 0))).clamp(min=0).square().mean(),
        }

    descend(metric, loss, c, run)


def train_heads(
    heads: nn.ModuleDict,
    believed: Tensor,
    foreseen: Tensor,
    truths: dict[str, Tensor],
    frames: np.ndarray,
    c: dict,
    run: Run,
) -> None:
    """Half of each batch is latents as believed, half as foreseen: they are read in both places."""
    for name, head in heads.items():
        known = truths[name][frames]
        head.mean.copy_(torch.nan_to_num(torch.nanmean(known, 0)))  # 0 for what is never known
        head.std.copy_(torch.nan_to_num(torch.sqrt(torch.nanmean((known - head.mean) ** 2, 0))).clamp(min=1e-4))

    def loss(step: int) -> Terms:
        at = torch.from_numpy(run.share(run.rng(step).choice(frames, c["batch"])))
        half = len(at) // 2
        x = torch.cat([believed[at[:half]], foreseen[at[half:]]])
        return {name: head.loss(x, truths[name][at]) for name, head in heads.items()}

    descend(heads, loss, c, run)
