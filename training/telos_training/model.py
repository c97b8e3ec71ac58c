"""The world model: an encoder of images, an action-conditioned predictor between latents, a memory and read-outs.

    z_t     = f(image_t)                                     encoder: uint8 [B,S,S,3] → [B,D]
    ẑ_{t+1} = z_t + A(φ_{t+1}) − A(φ_t) + g(z_t, φ_t, φ_{t+1} − φ_t, w_t)                         predictor, [B,D]
    z_{t+1} = ẑ_{t+1} + K ⊙ (f(image_{t+1}) − ẑ_{t+1}),   K = σ(k(ẑ, f(image) − ẑ, φ))            memory, [B,D]
    y       = h(z)                                           read-outs: objects and tool (m), joints (rad), each with
                                                             its standard deviation

φ(q) = [tool xyz (m), sin q, cos q], [B,F], is known from the arm's kinematics. A(φ) = E[z | φ] is what the posture
explains of the latents. w ~ N(0,1), [B,W], stands for what nobody can know beforehand. K ∈ (0,1)^D: what the image
hides keeps its predicted latent.
"""

import torch
from torch import Tensor, nn

from .keypoints import KeypointEncoder, KeypointPredictor
from .layers import Residual, normalised, rows


class ConvEncoder(nn.Module):
    """f by strided convolutions, uint8 [B,S,S,3] → [B,D]. An image of 64² needs some 8 M multiply-adds."""

    def __init__(self, size: int, dim: int, channels: tuple[int, ...] = (24, 48, 64), hidden: int = 256):
        super().__init__()
        a, b, c = channels
        self.convs = nn.Sequential(
            nn.Conv2d(3, a, 5, stride=2, padding=2), nn.GroupNorm(8, a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GroupNorm(8, b), nn.ReLU(),
            nn.Conv2d(b, c, 3, stride=2, padding=1), nn.GroupNorm(8, c), nn.ReLU(), nn.Flatten(),
        )  # fmt: skip
        self.out = nn.Sequential(
            nn.Linear(c * (size // 8) ** 2, hidden), nn.LayerNorm(hidden), nn.ReLU(), nn.Linear(hidden, dim)
        )

    def forward(self, image: Tensor) -> Tensor:
        return self.out(self.convs(normalised(image)))


class Predictor(nn.Module):
    """g(z, φ, φ⁺ − φ, w): what one step changes beyond what the posture explains.

    Latents, features and their steps come standardised, each by its own spread. Contact happens within millimetres:
    steps in units of the features' spread are too small to learn it from.
    """

    def __init__(self, dim: int, features: int, noise: int, width: int, blocks: int):
        super().__init__()
        self.into = nn.Linear(dim + 2 * features + noise, width)
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, dim))
        nn.init.zeros_(self.out[1].weight)
        nn.init.zeros_(self.out[1].bias)

    def describe(self, u: Tensor) -> Tensor:
        """What g needs of a posture, computed once for each: φ itself. u [...,F] → [...,F]"""
        return u

    def forward(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """z [B,D], both postures as `describe` gives them [B,·], their scaled difference [B,F], w [B,W] → [B,D]"""
        parts = [z, here, step] if w is None else [z, here, step, w]
        return self.out(self.blocks(self.into(torch.cat(parts, -1))))


class Corrector(nn.Module):
    """The memory's update, as a Kalman filter's with a learned gain: it believes that hidden things are where they were
    predicted.

        z = ẑ + K ⊙ (f(x) − ẑ),   K = σ(k(ẑ, f(x) − ẑ, φ))

    Source: Krishnan, Shalit and Sontag, Deep Kalman filters, arXiv:1511.05121.
    """

    def __init__(self, dim: int, features: int, width: int = 256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2 * dim + features, width), nn.ReLU(), Residual(width), nn.Linear(width, dim)
        )
        nn.init.zeros_(self.net[-1].weight)
        nn.init.constant_(self.net[-1].bias, 1.5)  # at first the image counts most

    def forward(self, predicted: Tensor, seen: Tensor, u: Tensor) -> Tensor:
        """Latents [B,D] as predicted and as the image shows them, the posture u [B,F], all standardised → [B,D]"""
        surprise = seen - predicted
        return predicted + torch.sigmoid(self.net(torch.cat([predicted, surprise, u], -1))) * surprise


class Head(nn.Module):
    """A read-out with its own uncertainty: z [...,D] → mean and standard deviation, [...,n] each, in the unit of what
    it reads.
    """

    def __init__(self, dim: int, n: int, width: int = 128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, width), nn.ReLU(), Residual(width), nn.Linear(width, 2 * n))
        self.n = n
        self.register_buffer("mean", torch.zeros(n))
        self.register_buffer("std", torch.ones(n))

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        y = rows(self.net, z)
        return self.mean + self.std * y[..., : self.n], self.std * torch.exp(y[..., self.n :].clamp(-6, 3))


class WorldModel(nn.Module):
    """All that is learned but the read-outs. It standardises features itself: exported graphs take φ(q) as it is."""

    def __init__(
        self,
        *,
        size: int,
        dim: int,
        features: int,
        width: int = 384,
        blocks: int = 2,
        noise: int = 0,
        ensemble: int = 1,
        encoder: str | nn.Module = "conv",
        keypoints: int = 4,
    ):
        """@param encoder "conv" or "keypoints", to be learned, or a frozen module"""
        super().__init__()
        self.dim, self.noise, self.kind = dim, noise, encoder if isinstance(encoder, str) else "frozen"
        self.encoder = (
            {"conv": ConvEncoder, "keypoints": KeypointEncoder}[encoder](size, dim)
            if isinstance(encoder, str)
            else encoder
        )
        # learned with the encoder, then replaced by the predictors
        self.sketch = Predictor(dim, features, noise, width, blocks)
        each = (
            (lambda: KeypointPredictor(dim, features, noise, width, blocks, keypoints))
            if encoder == "keypoints"
            else (lambda: Predictor(dim, features, noise, width, blocks))
        )
        self.predictors = nn.ModuleList(each() for _ in range(ensemble))
        self.posture = nn.Sequential(nn.Linear(features, 256), nn.ReLU(), Residual(256), nn.Linear(256, dim))  # A(φ)
        self.corrector = Corrector(dim, features)
        self.inverse = nn.Sequential(nn.Linear(2 * dim, 256), nn.ReLU(), nn.Linear(256, features))
        self.posterior = (
            nn.Sequential(nn.Linear(2 * dim + 2 * features, 256), nn.ReLU(), nn.Linear(256, 2 * noise))
            if noise > 0
            else None
        )
        self.register_buffer("feature_mean", torch.zeros(features))
        self.register_buffer("feature_std", torch.ones(features))
        self.register_buffer("latent_mean", torch.zeros(dim))  # this and the next once the encoder is trained
        self.register_buffer("latent_std", torch.ones(dim))
        # 1 where a latent follows A(φ), 0 for the keypoints that only the predictors move
        self.register_buffer("follows", torch.ones(dim))
        self.register_buffer("step_std", torch.ones(features))  # of a step's change of the standardised features

    @property
    def routers(self) -> nn.ModuleList:
        """Those of the keypoint predictors; none with other latents."""
        return nn.ModuleList(p.router for p in self.predictors if isinstance(p, KeypointPredictor))

    @classmethod
    def of(cls, c: dict, size: int, features: int, frozen: nn.Module | None = None) -> "WorldModel":
        """As a configuration (config/models) describes it, for images of size² and F = `features`. @param frozen the
        encoder, where it is a frozen one
        """
        p = c["predictor"]
        return cls(
            size=size,
            dim=c["latent"],
            features=features,
            width=p["width"],
            blocks=p["blocks"],
            noise=p["noise"],
            ensemble=p["ensemble"],
            encoder=frozen or c["encoder"],
            keypoints=p["keypoints"],
        )

    def encode(self, images: Tensor) -> Tensor:
        """f: uint8 [...,S,S,3] → [...,D]"""
        lead = images.shape[:-3]
        return self.encoder(images.flatten(0, -4)).unflatten(0, lead)

    def standardised(self, features: Tensor) -> Tensor:
        """φ [...,F] → u [...,F], of zero mean and unit spread over the recordings"""
        return (features - self.feature_mean) / self.feature_std

    def scaled(self, z: Tensor) -> Tensor:
        """Latents [...,D] in units of their spread."""
        return (z - self.latent_mean) / self.latent_std

    def explained(self, u: Tensor) -> Tensor:
        """A(φ) scaled, and 0 for latents that do not follow it. u [...,F] → [...,D]"""
        return (self.scaled(rows(self.posture, u)) * self.follows).detach()

    def rollout(self, z0: Tensor, u: Tensor, w: Tensor | None = None, predictor: nn.Module | None = None) -> Tensor:
        """Predicts H steps. It knows what the posture explains, and predicts the rest:

            z_{h+1} = z_h + A(φ_{h+1}) − A(φ_h) + g(z_h, φ_h, φ_{h+1} − φ_h, w_h)

        z0 [B,D], u [B,H+1,F] standardised, w [B,H,W] (default: its mean, 0) → z [B,H+1,D]
        """
        predictor = predictor or self.predictors[0]
        if w is None and self.noise > 0:
            w = z0.new_zeros(z0.shape[0], u.shape[1] - 1, self.noise)
        z = [self.scaled(z0)]
        known, postures, step = self.explained(u), predictor.describe(u), (u[:, 1:] - u[:, :-1]) / self.step_std
        for h in range(step.shape[1]):
            z.append(
                z[h]
                + known[:, h + 1]
                - known[:, h]
                + predictor(z[h], postures[:, h], postures[:, h + 1], step[:, h], None if w is None else w[:, h])
            )
        return self.latent_mean + self.latent_std * torch.stack(z, 1)

    def ensemble(self, z0: Tensor, u: Tensor, w: Tensor | None = None) -> Tensor:
        """The rollouts of all M members, [M,B,H+1,D]"""
        return torch.stack([self.rollout(z0, u, w, p) for p in self.predictors])

    def remember(self, z: Tensor, seen: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """One step of memory. z [B,D] as believed before, seen [B,D] = f(image) now, u [B,2,F] of both instants → the
        latents as predicted for now and as believed now, [B,D] each
        """
        predicted = self.ensemble(z, u)[:, :, 1].mean(0)
        return predicted, self.latent_mean + self.latent_std * self.corrector(
            self.scaled(predicted), self.scaled(seen), u[:, 1]
        )

    def infer(self, z: Tensor, u: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Draws the w that explain what happened, w ~ q(w | z, z⁺, φ, φ⁺), by reparametrised noise [B,H,W].

        z [B,H+1,D], u [B,H+1,F] → w [B,H,W] and the information that they carry, KL(q ‖ N(0,1)) in nats a step
        """
        assert self.posterior is not None
        mean, log_std = self.posterior(torch.cat([z[:, :-1], z[:, 1:], u[:, :-1], u[:, 1:]], -1)).chunk(2, -1)
        log_std = log_std.clamp(-5, 2)
        kl = (0.5 * (mean**2 + torch.exp(2 * log_std) - 1) - log_std).sum(-1).mean()
        return mean + torch.exp(log_std) * noise, kl
