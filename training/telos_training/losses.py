"""What each stage of training minimises: functions of networks and one batch → terms by name. Their sum is the loss;
terms named `_…` are reported alone.

Symbols are those of model.py; x are images, u standardised features φ.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import regularisers
from .augment import augment
from .auxiliary import Decoder, Doubt
from .keypoints import KeypointPredictor
from .layers import normalised
from .model import Head, WorldModel
from .steps_to_go import StepsToGo

Terms = dict[str, Tensor]
MISSED = 10.0  # a keypoint that the router wrongly leaves out counts so many times one that it wrongly picks
LOST = 0.1  # of the windows begin with the latents of another window


def representation_loss(
    model: WorldModel, target: nn.Module, decoder: Decoder, plain: Tensor, u: Tensor, c: dict, rng: torch.Generator
) -> Terms:
    """Encoder, sketch of the predictor and A together, from images and the arm's own path alone:

        L = Σ_h ‖ẑ_h − f(x_h)‖² / D  +  λ R(z − A(φ))  +  μ ‖I(z_t, z_{t+1}) − (φ_{t+1} − φ_t)‖²  +  β KL(q(w) ‖ N(0,1))
            +  ‖A(φ) − z‖² / D,     ẑ_h = P(ẑ_{h−1}, φ_{h−1}, φ_h, w_h)

    Without A an encoder of the arm alone would do: the predictor is given the arm's path, so latents of the arm predict
    themselves and can be spread at will. What A explains does not count against collapse, so the latents must fill
    themselves with the rest of the world.

    plain uint8 [B,T,S,S,3], u [B,T,F]. @param target the slow copy of the encoder, for `ema`. @param c the stage's
    configuration: `regulariser` chooses R
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
    explained = model.posture(u)
    terms["posture"] = F.mse_loss(explained, z.detach())
    if c["residual"]:
        known = explained.detach()
    rest = z - known
    terms["prediction"] = (
        regularisers.infonce((predicted - known)[:, 1:], (goal - known)[:, 1:])
        if c["regulariser"] == "infonce"
        else F.mse_loss(predicted[:, 1:], goal[:, 1:])
    )
    if c["regulariser"] == "sigreg":
        terms["regulariser"] = c["regulariser_weight"] * regularisers.sigreg(rest, rng)
    elif c["regulariser"] == "vicreg":
        terms["regulariser"] = c["regulariser_weight"] * regularisers.vicreg(rest)
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
    """The baseline: the same encoder and predictor, trained to predict pixels.

        L = λ mean (decoder(ẑ_h, φ_h) − x_h)²  +  ‖A(φ_0) − z_0‖² / D,     ẑ from the first image alone

    plain uint8 [B,T,S,S,3], u [B,T,F]
    """
    first = model.encode(augment(plain[:, 0], c["augment"], rng))
    z = model.rollout(first, u, predictor=model.sketch)
    return {
        "posture": F.mse_loss(model.posture(u[:, 0]), first.detach()),
        "prediction": c["regulariser_weight"]
        * F.mse_loss(decoder(z.flatten(0, 1), u.flatten(0, 1)), normalised(plain.flatten(0, 1))),
    }


def dynamics_loss(
    model: WorldModel, doubt: Doubt, seen: Tensor, u: Tensor, w: Tensor | None, member: int, corrected: int
) -> Tensor:
    """One member predicts each frame of a window from what is believed. The first `corrected` frames correct the
    belief:

        ẑ_{h+1} = P(z_h),   z_{h+1} = h < corrected ? correct(ẑ_{h+1}, seen_{h+1}) : ẑ_{h+1},   b = b(z, φ, φ⁺)
        L = mean_h √b' (|ẑ_{h+1} − seen_{h+1}| / b + log b),     b' is b without gradient, |·| smooth below 0.1

    A part LOST of the windows begins with the latents of another, as after something was moved unseen: memory must find
    its way back. Source: Seitzer et al., arXiv:2203.09168 (β = ½), there with squared errors.

    seen [B,T,D] and u [B,T,F] standardised, w [B,T−1,W] → [D], each latent's mean over batch and steps
    """
    predictor = model.predictors[member]
    known, postures, step = model.explained(u), predictor.describe(u), (u[:, 1:] - u[:, :-1]) / model.step_std
    lost = int(LOST * len(seen))
    z = torch.cat([seen[:lost, 0].roll(1, 0), seen[lost:, 0]])
    total = seen.new_zeros(())
    for h in range(step.shape[1]):
        predicted = (
            z
            + known[:, h + 1]
            - known[:, h]
            + predictor(z, postures[:, h], postures[:, h + 1], step[:, h], None if w is None else w[:, h])
        )
        log_b = doubt(z.detach(), u[:, h], step[:, h])
        error = F.smooth_l1_loss(predicted, seen[:, h + 1], reduction="none", beta=0.1)
        error = (error / log_b.exp() + log_b) * (log_b.detach() / 2).exp()
        total = total + error[lost if h == 0 else 0 :].mean(0)
        z = model.corrector(predicted, seen[:, h + 1], u[:, h + 1]) if h < corrected else predicted
    return total / step.shape[1]


def router_loss(
    predictor: KeypointPredictor, z: Tensor, u: Tensor, step: Tensor, w: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Binary cross entropy of the router's answer with whether the predictor itself moves the keypoint, ‖m‖ > LEAST.

    z [B,D] and u [B,2,F] standardised, step [B,F], w [B,W] → the loss, the share of keypoints that the router picks,
    and the share that moves
    """
    with torch.no_grad():
        postures = predictor.describe(u)
        x = predictor.relations(z, postures[:, 0], postures[:, 1], step, w)
        moves = predictor.motion(x).norm(dim=-1, keepdim=True) > predictor.LEAST
    logits = predictor.router(x)
    loss = F.binary_cross_entropy_with_logits(logits, moves.float(), pos_weight=torch.tensor(MISSED))
    return loss, (logits > 0).float().mean().detach(), moves.float().mean()


def steps_to_go_loss(metric: StepsToGo, a: Tensor, b: Tensor, steps: Tensor, within: int) -> Terms:
    """Pairs a, b [B,D] that lie `steps` [B] ≤ within apart; frames of different episodes are farther than that:

    L = mean (d(a, b) − steps)²  +  mean max(0, within − d(a, b'))²,     b' another pair's b
    """
    return {
        "steps": (metric(a, b) - steps).square().mean(),
        "apart": (within - metric(a, b.roll(1, 0))).clamp(min=0).square().mean(),
    }


def read_out_loss(head: Head, z: Tensor, truth: Tensor) -> Tensor:
    """Gaussian negative log likelihood in standardised units, weighted by the head's own standard deviation σ, so that
    what is hidden, and so far off, still draws the mean:

        L = mean σ' (½ ((y − ŷ) / σ)² + log σ),     σ' is σ without gradient

    z [B,D], truth [B,n]; what is NaN there (unseen, unknown) counts nothing. Source: Seitzer et al., On the pitfalls of
    heteroscedastic uncertainty estimation, arXiv:2203.09168 (β = ½).
    """
    mean, std = head(z)
    known = ~torch.isnan(truth)
    error = torch.where(known, (torch.nan_to_num(truth) - mean) / std, 0.0)
    relative = std / head.std
    return ((0.5 * error**2 + torch.log(relative)) * relative.detach() * known).sum() / known.sum().clamp(min=1)
