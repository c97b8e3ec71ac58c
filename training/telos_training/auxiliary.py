"""Networks that only training uses: they do not ship."""

import torch
from torch import Tensor, nn

from .keypoints import cells
from .layers import Residual


class Doubt(nn.Module):
    """How far off a predicted latent may be, log b(z, φ, φ⁺): most where the arm will hide things.

    z [B,D], here φ and step φ⁺ − φ [B,F], all standardised → [B,D]
    """

    def __init__(self, dim: int, features: int, width: int = 256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dim + 2 * features, width), nn.ReLU(), Residual(width), nn.Linear(width, dim)
        )
        nn.init.zeros_(self.net[-1].weight)
        nn.init.constant_(self.net[-1].bias, -1.5)

    def forward(self, z: Tensor, here: Tensor, step: Tensor) -> Tensor:
        return self.net(torch.cat([z, here, step], -1)).clamp(-5, 2)


class Decoder(nn.Module):
    """Latents z [B,D] and the arm's posture u [B,F], standardised → the image as `normalised` has it, [B,3,S,S].

    Keypoints are drawn as Gaussians of one cell's width on a map of (S/4)² cells, so that what is seen moves with them
    from the first step on: m_k(p) = exp(−‖p − z_k‖² / 2σ²). A full layer lays out the latents of another encoder. The
    decoder draws the arm from the posture, so the latents need to hold only the rest. Source: Jakab, Gupta, Bilen and
    Vedaldi, Unsupervised learning of object landmarks through conditional image generation, arXiv:1806.07823.
    """

    def __init__(self, size: int, dim: int, features: int, encoder: str, width: int = 48):
        super().__init__()
        n = size // 4
        self.n = n
        self.layout = None if encoder == "keypoints" else nn.Linear(dim, dim // 2 * n * n)
        self.register_buffer("cells", cells(n))
        self.posture = nn.Sequential(nn.Linear(features, 128), nn.ReLU(), nn.Linear(128, 16 * n * n))
        self.ground = nn.Parameter(torch.zeros(8, n, n))
        self.net = nn.Sequential(
            nn.Conv2d(dim // 2 + 24, width, 3, padding=1), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1), nn.ReLU(),
            nn.Conv2d(width, 48, 1), nn.PixelShuffle(4),
        )  # fmt: skip

    def forward(self, z: Tensor, u: Tensor) -> Tensor:
        n = self.n
        seen = self.drawn(z) if self.layout is None else self.layout(z).unflatten(-1, (-1, n, n))
        return self.net(
            torch.cat([seen, self.posture(u).unflatten(-1, (16, n, n)), self.ground.expand(len(z), -1, -1, -1)], 1)
        )

    def drawn(self, z: Tensor) -> Tensor:
        """Keypoints as maps: z [B,2K] → [B,K,n,n]"""
        sigma = self.cells[1] - self.cells[0]
        x, y = torch.exp(-0.5 * ((z.unflatten(-1, (-1, 2))[..., None] - self.cells) / sigma) ** 2).unbind(
            2
        )  # [B,K,n] each
        return y[..., None] * x[..., None, :]
