"""The world model: an encoder of images, an action-conditioned predictor between latents, and read-out heads.

    z_t = f(image_t)                                  f: uint8 [B,S,S,3] → [B,D]
    z_{t+1} = P(z_t, φ(q_t), φ(q_{t+1}), w_t)         φ(q) = [tool xyz (m), sin q, cos q], the arm's own motion, known from its kinematics
    y = h(z)                                          objects, tool (m), joints (rad), each with its standard deviation
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


LOCAL = 16  # numbers that tell what is seen at a place


class ConvEncoder(nn.Module):
    """Images → latents by strided convolutions. 64² needs some 8 M multiply-adds an image. `local` is the map half-way, what is seen where: [B,16,S/4,S/4]."""

    local: Tensor

    def __init__(self, size: int, dim: int, channels: tuple[int, ...] = (24, 48, 64), hidden: int = 256):
        super().__init__()
        a, b, c = channels
        self.near = nn.Sequential(
            nn.Conv2d(3, a, 5, stride=2, padding=2), nn.GroupNorm(8, a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GroupNorm(8, b), nn.ReLU(),
        )  # fmt: skip
        self.told = nn.Conv2d(b, LOCAL, 1)
        self.far = nn.Sequential(nn.Conv2d(b, c, 3, stride=2, padding=1), nn.GroupNorm(8, c), nn.ReLU(), nn.Flatten())
        self.out = nn.Sequential(nn.Linear(c * (size // 8) ** 2, hidden), nn.LayerNorm(hidden), nn.ReLU(), nn.Linear(hidden, dim))

    def forward(self, image: Tensor) -> Tensor:
        near = self.near(normalised(image))
        if self.training:
            self.local = self.told(near)
        return self.out(self.far(near))


class KeypointEncoder(nn.Module):
    """Images → the places of dim/2 things: each channel of the last map tells one by the mean place of its softmax.

        z_c = (Σ_p softmax_p(β_c m_c(p)) p) / 0.3,     p ∈ [−1,1]² right and down

    Latents are places and nothing else, so they cannot become ever finer functions of one thing: to differ from one another they must follow different things.
    Source: Levine, Finn, Darrell and Abbeel, End-to-end training of deep visuomotor policies, arXiv:1504.00702 (spatial softmax).
    """

    def __init__(self, size: int, dim: int, channels: tuple[int, ...] = (24, 48)):
        super().__init__()
        a, b = channels
        self.convs = nn.Sequential(
            nn.Conv2d(3, a, 5, stride=2, padding=2), nn.GroupNorm(8, a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GroupNorm(8, b), nn.ReLU(),
            nn.Conv2d(b, dim // 2, 3, stride=1, padding=1),
        )  # fmt: skip
        n = size // 4
        line = (torch.arange(n) + 0.5) / n * 2 - 1
        self.register_buffer("places", torch.stack([line.repeat(n), line.repeat_interleave(n)], 1) / 0.3)  # [n²,2]
        self.sharpness = nn.Parameter(torch.full((dim // 2, 1), 3.0))

    def forward(self, image: Tensor) -> Tensor:
        maps = self.convs(normalised(image)).flatten(2)  # [B,C,n²]
        where = torch.softmax(maps * self.sharpness, -1)
        z = where @ self.places
        self.width = (where @ self.places.square().sum(-1) - z.square().sum(-1)).mean()  # of what a channel looks at: one thing, or several?
        return z.flatten(1)


def normalised(image: Tensor) -> Tensor:
    """uint8 [B,S,S,3] → float [B,3,S,S] of about zero mean and unit spread."""
    return (image.permute(0, 3, 1, 2).float() - 127.5) / 64.0


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.a = nn.Linear(width, width)
        self.b = nn.Linear(width, width)
        nn.init.zeros_(self.b.weight)
        nn.init.zeros_(self.b.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.b(F.relu(self.a(self.norm(x))))


class Predictor(nn.Module):
    """One step in latent space, as a change: z⁺ = z + g(z, φ(q), φ(q⁺), w). Features come standardised."""

    def __init__(self, dim: int, features: int, noise: int, width: int, blocks: int):
        super().__init__()
        self.into = nn.Linear(dim + 2 * features + noise, width)
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, dim))
        nn.init.zeros_(self.out[1].weight)
        nn.init.zeros_(self.out[1].bias)

    def forward(self, z: Tensor, here: Tensor, there: Tensor, w: Tensor | None = None) -> Tensor:
        parts = [z, here, there - here] if w is None else [z, here, there - here, w]
        return z + self.out(self.blocks(self.into(torch.cat(parts, -1))))


class Head(nn.Module):
    """A read-out with its own uncertainty: z → mean and standard deviation, [B,n] each, in the unit of what it reads."""

    def __init__(self, dim: int, n: int, width: int = 256):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, width), nn.ReLU(), Residual(width), nn.Linear(width, 2 * n))
        self.n = n
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("std", torch.ones(n))

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        y = self.net(z)
        return self.mean + self.std * y[..., : self.n], self.std * torch.exp(y[..., self.n :].clamp(-6, 3))

    def loss(self, z: Tensor, truth: Tensor) -> Tensor:
        """Gaussian negative log likelihood in standardised units; targets that are NaN (unseen, unknown) count nothing."""
        mean, std = self(z)
        known = ~torch.isnan(truth)
        error = torch.where(known, (torch.nan_to_num(truth) - mean) / std, 0.0)
        return ((0.5 * error**2 + torch.log(std / self.std)) * known).sum() / known.sum().clamp(min=1)


class WorldModel(nn.Module):
    """Everything that is learned. `features` are standardised here, so that graphs take φ(q) as it is."""

    def __init__(self, *, size: int, dim: int, features: int, width: int = 384, blocks: int = 2, noise: int = 0, ensemble: int = 1, encoder: str = "conv"):
        super().__init__()
        self.dim, self.noise = dim, noise
        self.encoder = {"conv": ConvEncoder, "keypoints": KeypointEncoder}[encoder](size, dim)
        self.predictors = nn.ModuleList(Predictor(dim, features, noise, width, blocks) for _ in range(ensemble))
        self.posture = nn.Sequential(nn.Linear(features, 256), nn.ReLU(), Residual(256), nn.Linear(256, dim))  # E[z | φ(q)]
        self.places = nn.Sequential(nn.Linear(dim + features, 256), nn.ReLU(), nn.Linear(256, LOCAL * (size // 4) ** 2))  # what is foreseen where
        self.inverse = nn.Sequential(nn.Linear(2 * dim, 256), nn.ReLU(), nn.Linear(256, features))
        self.posterior = nn.Sequential(nn.Linear(2 * dim + 2 * features, 256), nn.ReLU(), nn.Linear(256, 2 * noise)) if noise > 0 else None
        self.register_buffer("feature_mean", torch.zeros(features))
        self.register_buffer("feature_std", torch.ones(features))

    def encode(self, images: Tensor) -> Tensor:
        """[..., S,S,3] → [..., D]"""
        lead = images.shape[:-3]
        return self.encoder(images.flatten(0, -4)).unflatten(0, lead)

    def standardised(self, features: Tensor) -> Tensor:
        return (features - self.feature_mean) / self.feature_std

    def rollout(self, z0: Tensor, u: Tensor, w: Tensor | None = None, member: int = 0) -> Tensor:
        """z0 [B,D], u [B,H+1,F] standardised, w [B,H,W] (default: its mean, 0) → z [B,H+1,D]"""
        if w is None and self.noise > 0:
            w = z0.new_zeros(z0.shape[0], u.shape[1] - 1, self.noise)
        z = [z0]
        for h in range(u.shape[1] - 1):
            z.append(self.predictors[member](z[-1], u[:, h], u[:, h + 1], None if w is None else w[:, h]))
        return torch.stack(z, 1)

    def infer(self, z: Tensor, u: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """The latents w that explain what happened, w ~ q(w | z, z⁺, φ, φ⁺), and the information they carry, KL(q ‖ N(0,1)) in nats a step."""
        assert self.posterior is not None
        mean, log_std = self.posterior(torch.cat([z[:, :-1], z[:, 1:], u[:, :-1], u[:, 1:]], -1)).chunk(2, -1)
        log_std = log_std.clamp(-5, 2)
        kl = (0.5 * (mean**2 + torch.exp(2 * log_std) - 1) - log_std).sum(-1).mean()
        return mean + torch.exp(log_std) * noise, kl


class Decoder(nn.Module):
    """Latents → images [B,3,64,64] in 0…1: the pixel-predicting baseline's, thrown away after training."""

    def __init__(self, dim: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dim, 256), nn.ReLU(), nn.Linear(256, 128 * 16), nn.ReLU(), nn.Unflatten(1, (128, 4, 4)),
            nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(32, 3, 8, stride=4, padding=2), nn.Sigmoid(),
        )  # fmt: skip

    def forward(self, z: Tensor) -> Tensor:
        return self.net(z)
