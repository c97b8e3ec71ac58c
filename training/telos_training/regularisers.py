"""Losses that keep latents from collapsing, z [B,T,D] → a scalar; and a measure of whether they did."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def sigreg(z: Tensor, generator: torch.Generator, projections: int = 128, knots: int = 9, reach: float = 3.0) -> Tensor:
    """Sketched isotropic Gaussian regularisation: every random one-dimensional projection of the latents should be
    N(0,1).

        L = n E_a ∫ |φ_a(t) − exp(−t²/2)|² exp(−t²/2) dt,    φ_a(t) = mean_i exp(i t aᵀz_i)    (Epps–Pulley, n
        sequences)

    Source: Balestriero and LeCun, LeJEPA, arXiv:2511.08544.
    """
    n = z.shape[0]
    z = z.flatten(0, -2)
    a = F.normalize(torch.randn(z.shape[-1], projections, generator=generator), dim=0).to(z)
    t = torch.linspace(0, reach, knots, device=z.device)
    x = (z @ a)[..., None] * t  # [n,P,knots]
    target = torch.exp(-0.5 * t**2)
    gap = (torch.cos(x).mean(0) - target) ** 2 + torch.sin(x).mean(0) ** 2
    return 2 * n * torch.trapezoid(gap * target, t, dim=-1).mean()


def vicreg(z: Tensor) -> Tensor:
    """Draws the covariance C of the latents toward the identity.

        L = mean_d max(0, 1 − √(C_dd + 10⁻⁴)) + Σ_{i≠j} C_ij² / 5D

    Source: Bardes, Ponce and LeCun, VICReg, arXiv:2105.04906.
    """
    z = z.flatten(0, -2)
    z = z - z.mean(0)
    covariance = z.T @ z / (z.shape[0] - 1)
    variance = covariance.diagonal()
    return (
        F.relu(1 - torch.sqrt(variance + 1e-4)).mean()
        + (covariance - torch.diag(variance)).pow(2).sum() / z.shape[1] / 5
    )


def infonce(predicted: Tensor, z: Tensor, temperature: float = 0.1) -> Tensor:
    """Draws each prediction nearer to its own target than to all others of the batch.

        L = −mean_i log (exp(p_iᵀt_i / τ) / Σ_j exp(p_iᵀt_j / τ)),     p, t of unit length

    Source: van den Oord et al., CPC, arXiv:1807.03748.
    """
    p = F.normalize(predicted.flatten(0, -2), dim=-1)
    t = F.normalize(z.flatten(0, -2), dim=-1)
    return F.cross_entropy(p @ t.T / temperature, torch.arange(len(p), device=p.device))


def effective_rank(z: Tensor) -> float:
    """How many dimensions the latents [...,D] fill, 1 to D: exp of the entropy of the normalised singular values.
    Source: Roy and Vetterli, The effective rank, EUSIPCO 2007.
    """
    z = z.flatten(0, -2)
    s = torch.linalg.svdvals(z - z.mean(0))
    p = s / s.sum().clamp(min=1e-12)
    return math.exp(-(p * torch.log(p.clamp(min=1e-12))).sum().item())
