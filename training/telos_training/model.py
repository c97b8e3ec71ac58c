"""The world model: an encoder of images, an action-conditioned predictor between latents, and read-out heads.

z_t = f(image_t)                                  f: uint8 [B,S,S,3] → [B,D]
ẑ_{t+1} = P(z_t, φ(q_t), φ(q_{t+1}), w_t)         φ(q) = [tool xyz (m), sin q, cos q], the arm's own motion, known from
its kinematics;
                                                  P(z, φ, φ⁺, w) = z + A(φ⁺) − A(φ) + g(z, φ, φ⁺ − φ, w),   A(φ) = E[z |
                                                  φ]
z_{t+1} = ẑ_{t+1} + K ⊙ (f(image_{t+1}) − ẑ_{t+1})   memory: what the image hides is kept as foreseen, K = σ(k(ẑ,
f(image), φ)) ∈ (0,1)^D y = h(z)                                          objects, tool (m), joints (rad), each with its
standard deviation
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

UNIT = 0.3  # of a keypoint's place, in half widths of the image: things on a table then have about unit spread


class ConvEncoder(nn.Module):
    """Images → latents by strided convolutions. 64² needs some 8 M multiply-adds an image."""

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


class KeypointEncoder(nn.Module):
    """Images → the places of dim/2 things: each channel of the last map tells one by the mean place of its softmax.

        z_c = (Σ_p softmax_p(β_c m_c(p)) p) / UNIT,     p ∈ [−1,1]² right and down

    Latents are places and nothing else, so they cannot become ever finer functions of one thing: to differ from one
    another they must follow different things. Source: Levine, Finn, Darrell and Abbeel, End-to-end training of deep
    visuomotor policies, arXiv:1504.00702 (spatial softmax).
    """

    def __init__(self, size: int, dim: int, channels: tuple[int, ...] = (24, 48)):
        super().__init__()
        a, b = channels
        self.convs = nn.Sequential(
            nn.Conv2d(3, a, 5, stride=2, padding=2), nn.GroupNorm(8, a), nn.ReLU(),
            nn.Conv2d(a, b, 3, stride=2, padding=1), nn.GroupNorm(8, b), nn.ReLU(),
            nn.Conv2d(b, dim // 2, 3, stride=1, padding=1),
        )  # fmt: skip
        x = cells(size // 4)
        self.register_buffer("places", torch.stack([x.repeat(len(x)), x.repeat_interleave(len(x))], 1))  # [n²,2]
        self.sharpness = nn.Parameter(torch.full((dim // 2, 1), 3.0))

    def forward(self, image: Tensor) -> Tensor:
        maps = self.convs(normalised(image)).flatten(2)  # [B,C,n²]
        return (torch.softmax(maps * self.sharpness, -1) @ self.places).flatten(1)


def cells(n: int) -> Tensor:
    """Middles of n cells from −1 to 1, in units of UNIT."""
    return ((torch.arange(n) + 0.5) / n * 2 - 1) / UNIT


def normalised(image: Tensor) -> Tensor:
    """uint8 [B,S,S,3] → float [B,3,S,S] of about zero mean and unit spread."""
    return (image.permute(0, 3, 1, 2).float() - 127.5) / 64.0


def rows(net: nn.Module, x: Tensor) -> Tensor:
    """net on x [..., n] as on one matrix: layers then become single products with their bias in the exported graph, a
    quarter faster
    """
    return net(x.flatten(0, -2)).unflatten(0, (-1, *x.shape[1:-1]))


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
    """What one step changes beyond what the posture explains, g(z, φ(q), φ(q⁺) − φ(q), w). Latents, features and their
    steps come standardised, each by its own spread: contact is a matter of millimetres, and steps in units of the
    features' spread are too small to learn it from.
    """

    def __init__(self, dim: int, features: int, noise: int, width: int, blocks: int):
        super().__init__()
        self.into = nn.Linear(dim + 2 * features + noise, width)
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, dim))
        nn.init.zeros_(self.out[1].weight)
        nn.init.zeros_(self.out[1].bias)

    def told(self, u: Tensor) -> Tensor:
        """What it wants to know of a posture, once for each: φ(q) itself"""
        return u

    def forward(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """z [B,D], of both postures what is `told` [B,F], their difference standardised [B,F], w [B,W] → [B,D]"""
        parts = [z, here, step] if w is None else [z, here, step, w]
        return self.out(self.blocks(self.into(torch.cat(parts, -1))))


class KeypointPredictor(nn.Module):
    """The same for latents that are places: what the posture does not explain is a few keypoints p_i, and one law moves
    each of them, by where it lies from points that move with the arm.

        g_i = m(p_i, (p_i − c(φ)) / REACH, (p_i − c(φ⁺)) / REACH, φ, φ⁺ − φ, w),   c(φ): K points in the image, learned

    Contact is a matter of where two things lie to one another. An MLP on all latents alike finds that out late or
    never; told the differences, and with every keypoint's data for one law, it does at once. Nine in ten are out of the
    arm's way. Once trained, a small router foretells whose m is too small to count, ‖m‖ < LEAST; theirs is 0 and not
    computed: a forecast takes three fifths of the time. Sources: Battaglia et al., Interaction networks,
    arXiv:1612.00222; Bengio, Léonard and Courville, arXiv:1308.3432 (conditional computation).
    """

    POINTS, REACH, LEAST = 4, 0.2, 0.01  # of the arm; units of the keypoints

    def __init__(self, dim: int, features: int, noise: int, width: int, blocks: int, free: int):
        super().__init__()
        self.points = nn.Sequential(nn.Linear(features, 128), nn.ReLU(), Residual(128), nn.Linear(128, 2 * self.POINTS))
        told = 2 + 4 * self.POINTS + 2 * features + noise
        self.into = nn.Linear(told, width)
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2))
        nn.init.zeros_(self.out[1].weight)
        nn.init.zeros_(self.out[1].bias)
        with torch.random.fork_rng():  # the rest is drawn as if there were none
            self.router = nn.Sequential(nn.Linear(told, 32), nn.ReLU(), nn.Linear(32, 1)).requires_grad_(
                False
            )  # until its own turn
        self.register_buffer(
            "free", torch.eye(2 * free, dim)
        )  # [2n,D] picks the keypoints that the posture does not explain

    def told(self, u: Tensor) -> Tensor:
        """c(φ) and φ, [..., 2K + F]"""
        return torch.cat([rows(self.points, u), u], -1)

    def forward(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """As `Predictor`'s; in training of all keypoints, afterwards of those that the router picks"""
        x = self.relations(z, here, there, step, w)
        return (self.motion(x) if self.training else self.sparse(x)).view(-1, self.free.shape[0]) @ self.free

    def relations(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """What m is told of each keypoint, [B·n,·]"""
        p, n = (z @ self.free.T).unflatten(-1, (-1, 2)), 2 * self.POINTS  # [B,n,2]
        c = torch.cat([here[:, :n], there[:, :n]], -1).unflatten(-1, (-1, 2))  # [B,2K,2]
        apart = ((p[:, :, None] - c[:, None]) / self.REACH).flatten(2)
        alike = torch.cat([here[:, n:], step] if w is None else [here[:, n:], step, w], -1)[:, None].expand(
            -1, p.shape[1], -1
        )
        return torch.cat([p, apart, alike], -1).flatten(0, 1)

    def motion(self, x: Tensor) -> Tensor:
        """m, [B·n,2]"""
        return self.out(self.blocks(self.into(x)))

    def sparse(self, x: Tensor) -> Tensor:
        """The same, 0 where the router does not pick"""
        some = (self.router(x)[:, 0] > 0).nonzero()
        return (0 * x[:, :2]).scatter(0, some.expand(-1, 2), self.motion(x[some[:, 0]]))


class Corrector(nn.Module):
    """What is seen into what was foreseen, as a Kalman filter does, with a gain that is learned: hidden things are
    believed to be where they were foreseen.

        z = ẑ + K ⊙ (f(x) − ẑ),   K = σ(k(ẑ, f(x) − ẑ, φ))

    Source: Krishnan, Shalit and Sontag, Deep Kalman filters, arXiv:1511.05121.
    """

    def __init__(self, dim: int, features: int, width: int = 256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2 * dim + features, width), nn.ReLU(), Residual(width), nn.Linear(width, dim)
        )
        nn.init.zeros_(self.net[-1].weight)
        nn.init.constant_(self.net[-1].bias, 1.5)  # at first what is seen counts most

    def forward(self, foreseen: Tensor, seen: Tensor, u: Tensor) -> Tensor:
        """Foreseen and seen latents [B,D] and the posture u [B,F], standardised"""
        surprise = seen - foreseen
        return foreseen + torch.sigmoid(self.net(torch.cat([foreseen, surprise, u], -1))) * surprise


class Head(nn.Module):
    """A read-out with its own uncertainty: z → mean and standard deviation, [B,n] each, in the unit of what it
    reads.
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

    def loss(self, z: Tensor, truth: Tensor) -> Tensor:
        """Gaussian negative log likelihood in standardised units, each weighted by its own standard deviation: what is
        hidden, and so far off, still draws the mean. Targets that are NaN (unseen, unknown) count nothing. Source:
        Seitzer et al., On the pitfalls of heteroscedastic uncertainty estimation, arXiv:2203.09168 (β = ½).
        """
        mean, std = self(z)
        known = ~torch.isnan(truth)
        error = torch.where(known, (torch.nan_to_num(truth) - mean) / std, 0.0)
        relative = std / self.std
        return ((0.5 * error**2 + torch.log(relative)) * relative.detach() * known).sum() / known.sum().clamp(min=1)


class StepsToGo(nn.Module):
    """How many steps of the explorer's lie between two latents, as a metric: d(z, z') = ‖M (z − z')‖, M [E,D].

    What changes slowly, or seldom, is far apart: a hand comes anywhere in a few steps, a puck does not. Source:
    Hartikainen, Geng, Haarnoja and Levine, Dynamical distance learning, arXiv:1907.08225; a linear metric, where theirs
    is any function, so that it can neither be asymmetric nor have other minima than z'.
    """

    def __init__(self, dim: int, rows: int):
        super().__init__()
        self.metric = nn.Linear(dim, rows, bias=False)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """[B,D] each → [B]"""
        return (self.metric(a - b).square().sum(-1) + 1e-6).sqrt()


class WorldModel(nn.Module):
    """Everything that is learned. `features` are standardised here, so that graphs take φ(q) as it is."""

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
        """@param encoder a kind to learn, or a module that is frozen"""
        super().__init__()
        self.dim, self.noise, self.kind = dim, noise, encoder if isinstance(encoder, str) else "frozen"
        self.encoder = (
            {"conv": ConvEncoder, "keypoints": KeypointEncoder}[encoder](size, dim)
            if isinstance(encoder, str)
            else encoder
        )
        self.sketch = Predictor(
            dim, features, noise, width, blocks
        )  # learned with the encoder, then replaced by the predictors
        each = (
            (lambda: KeypointPredictor(dim, features, noise, width, blocks, keypoints))
            if encoder == "keypoints"
            else (lambda: Predictor(dim, features, noise, width, blocks))
        )
        self.predictors = nn.ModuleList(each() for _ in range(ensemble))
        self.posture = nn.Sequential(
            nn.Linear(features, 256), nn.ReLU(), Residual(256), nn.Linear(256, dim)
        )  # E[z | φ(q)]
        self.corrector = Corrector(dim, features)
        self.inverse = nn.Sequential(nn.Linear(2 * dim, 256), nn.ReLU(), nn.Linear(256, features))
        self.posterior = (
            nn.Sequential(nn.Linear(2 * dim + 2 * features, 256), nn.ReLU(), nn.Linear(256, 2 * noise))
            if noise > 0
            else None
        )
        self.register_buffer("feature_mean", torch.zeros(features))
        self.register_buffer("feature_std", torch.ones(features))
        self.register_buffer("latent_mean", torch.zeros(dim))
        self.register_buffer("latent_std", torch.ones(dim))  # both of the latents, once the encoder is there
        self.register_buffer(
            "follows", torch.ones(dim)
        )  # 1 where a latent follows A(φ), 0 for the keypoints that only the predictors move
        self.register_buffer("step_std", torch.ones(features))  # of a step's change of the standardised features

    @property
    def routers(self) -> nn.ModuleList:
        return nn.ModuleList(p.router for p in self.predictors if isinstance(p, KeypointPredictor))

    @classmethod
    def of(cls, c: dict, size: int, features: int, frozen: nn.Module | None = None) -> "WorldModel":
        """As a configuration (config/models) has it, for images of size² and so many features. @param frozen the
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
        """[..., S,S,3] → [..., D]"""
        lead = images.shape[:-3]
        return self.encoder(images.flatten(0, -4)).unflatten(0, lead)

    def standardised(self, features: Tensor) -> Tensor:
        return (features - self.feature_mean) / self.feature_std

    def scaled(self, z: Tensor) -> Tensor:
        return (z - self.latent_mean) / self.latent_std

    def explained(self, u: Tensor) -> Tensor:
        """A(φ), scaled, of the latents that follow it"""
        return (self.scaled(rows(self.posture, u)) * self.follows).detach()

    def rollout(self, z0: Tensor, u: Tensor, w: Tensor | None = None, predictor: nn.Module | None = None) -> Tensor:
        """z0 [B,D], u [B,H+1,F] standardised, w [B,H,W] (default: its mean, 0) → z [B,H+1,D]. What the posture explains
        is known; the rest is predicted:

        z_{h+1} = z_h + A(φ_{h+1}) − A(φ_h) + g(z_h, φ_h, φ_{h+1} − φ_h, w_h)
        """
        predictor = predictor or self.predictors[0]
        if w is None and self.noise > 0:
            w = z0.new_zeros(z0.shape[0], u.shape[1] - 1, self.noise)
        z, known, told, step = (
            [self.scaled(z0)],
            self.explained(u),
            predictor.told(u),
            (u[:, 1:] - u[:, :-1]) / self.step_std,
        )
        for h in range(step.shape[1]):
            z.append(
                z[h]
                + known[:, h + 1]
                - known[:, h]
                + predictor(z[h], told[:, h], told[:, h + 1], step[:, h], None if w is None else w[:, h])
            )
        return self.latent_mean + self.latent_std * torch.stack(z, 1)

    def ensemble(self, z0: Tensor, u: Tensor, w: Tensor | None = None) -> Tensor:
        """Every member's rollout: [M,B,H+1,D]"""
        return torch.stack([self.rollout(z0, u, w, p) for p in self.predictors])

    def remember(self, z: Tensor, seen: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """One step of memory. z [B,D] believed before, seen [B,D] now, u [B,2,F] of both instants → foreseen and
        believed now, [B,D] each
        """
        foreseen = self.ensemble(z, u)[:, :, 1].mean(0)
        return foreseen, self.latent_mean + self.latent_std * self.corrector(
            self.scaled(foreseen), self.scaled(seen), u[:, 1]
        )

    def infer(self, z: Tensor, u: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """The latents w that explain what happened, w ~ q(w | z, z⁺, φ, φ⁺), and the information they carry, KL(q ‖
        N(0,1)) in nats a step.
        """
        assert self.posterior is not None
        mean, log_std = self.posterior(torch.cat([z[:, :-1], z[:, 1:], u[:, :-1], u[:, 1:]], -1)).chunk(2, -1)
        log_std = log_std.clamp(-5, 2)
        kl = (0.5 * (mean**2 + torch.exp(2 * log_std) - 1) - log_std).sum(-1).mean()
        return mean + torch.exp(log_std) * noise, kl


class Doubt(nn.Module):
    """How far off a foreseen latent may be, log b [B,D]: most where the arm will hide things. Used in training
    alone.
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
    """Latents and the arm's posture → the image as `normalised` has it, [B,3,S,S]. Used in training alone.

    Keypoints are drawn as Gaussians of one cell's width on a map of (S/4)² cells, so that what is seen moves with them
    from the first step on: m_k(p) = exp(−‖p − z_k‖² / 2σ²). Latents of another encoder are laid out by a full layer.
    The posture, which is told, draws the arm, so the latents are asked for the rest. Source: Jakab, Gupta, Bilen and
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
        sigma = self.cells[1] - self.cells[0]
        x, y = torch.exp(-0.5 * ((z.unflatten(-1, (-1, 2))[..., None] - self.cells) / sigma) ** 2).unbind(
            2
        )  # [B,K,n] each
        return y[..., None] * x[..., None, :]
