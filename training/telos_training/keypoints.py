"""Latents that are places in the image: an encoder that finds keypoints, and a predictor that moves each of them."""

import torch
from torch import Tensor, nn

from .layers import Residual, normalised, rows

UNIT = 0.3  # of a keypoint's place, in half widths of the image: things on a table then have about unit spread


class KeypointEncoder(nn.Module):
    """Images → the places of dim/2 things. Each channel of the last map gives one place, the mean of its softmax.

        z_c = (Σ_p softmax_p(β_c m_c(p)) p) / UNIT,     p ∈ [−1,1]² right and down

    uint8 [B,S,S,3] → [B,D]. Latents are places and nothing else, so they cannot become ever finer functions of one
    thing: to differ from one another they must follow different things. Source: Levine, Finn, Darrell and Abbeel,
    End-to-end training of deep visuomotor policies, arXiv:1504.00702 (spatial softmax).
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
    """The middles of n cells from −1 to 1, in units of UNIT."""
    return ((torch.arange(n) + 0.5) / n * 2 - 1) / UNIT


class KeypointPredictor(nn.Module):
    """g of `Predictor` for keypoints. The posture does not explain a few keypoints p_i, and one law m moves each of
    them, by where it lies from K points c that move with the arm:

        g_i = m(p_i, (p_i − c(φ)) / REACH, (p_i − c(φ⁺)) / REACH, φ, φ⁺ − φ, w),   c(φ): K points in the image, learned

    Contact depends on where two things lie relative to one another. An MLP on all latents alike finds that out late or
    never; given the differences, and with every keypoint's data for one law, it does at once. Nine in ten keypoints
    are out of the arm's way. Once trained, a small router predicts which m are too small to count, ‖m‖ < LEAST; these
    are set to 0 and not computed, and a forecast takes three fifths of the time. Sources: Battaglia et al., Interaction
    networks, arXiv:1612.00222; Bengio, Léonard and Courville, arXiv:1308.3432 (conditional computation).
    """

    POINTS, REACH, LEAST = 4, 0.2, 0.01  # K, of the arm; units of the keypoints

    def __init__(self, dim: int, features: int, noise: int, width: int, blocks: int, free: int):
        super().__init__()
        self.points = nn.Sequential(nn.Linear(features, 128), nn.ReLU(), Residual(128), nn.Linear(128, 2 * self.POINTS))
        inputs = 2 + 4 * self.POINTS + 2 * features + noise
        self.into = nn.Linear(inputs, width)
        self.blocks = nn.Sequential(*(Residual(width) for _ in range(blocks)))
        self.out = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2))
        nn.init.zeros_(self.out[1].weight)
        nn.init.zeros_(self.out[1].bias)
        with torch.random.fork_rng():  # all other weights are drawn as if there were no router
            router = nn.Sequential(nn.Linear(inputs, 32), nn.ReLU(), nn.Linear(32, 1))
        self.router = router.requires_grad_(False)  # until its own stage
        self.register_buffer("free", torch.eye(2 * free, dim))  # [2n,D] picks the keypoints that the predictor moves

    def describe(self, u: Tensor) -> Tensor:
        """What m needs of a posture: c(φ) and φ. u [...,F] standardised → [...,2K+F]"""
        return torch.cat([rows(self.points, u), u], -1)

    def forward(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """As `Predictor`'s. In training it moves all n keypoints, afterwards those that the router picks."""
        x = self.relations(z, here, there, step, w)
        return (self.motion(x) if self.training else self.sparse(x)).view(-1, self.free.shape[0]) @ self.free

    def relations(self, z: Tensor, here: Tensor, there: Tensor, step: Tensor, w: Tensor | None = None) -> Tensor:
        """The arguments of m for each keypoint, [B·n,·]"""
        p, n = (z @ self.free.T).unflatten(-1, (-1, 2)), 2 * self.POINTS  # [B,n,2]
        c = torch.cat([here[:, :n], there[:, :n]], -1).unflatten(-1, (-1, 2))  # [B,2K,2]
        apart = ((p[:, :, None] - c[:, None]) / self.REACH).flatten(2)
        alike = torch.cat([here[:, n:], step] if w is None else [here[:, n:], step, w], -1)[:, None].expand(
            -1, p.shape[1], -1
        )
        return torch.cat([p, apart, alike], -1).flatten(0, 1)

    def motion(self, x: Tensor) -> Tensor:
        """m of the relations x [B·n,·] → [B·n,2]"""
        return self.out(self.blocks(self.into(x)))

    def sparse(self, x: Tensor) -> Tensor:
        """As `motion`, but 0 where the router does not pick."""
        some = (self.router(x)[:, 0] > 0).nonzero()
        return (0 * x[:, :2]).scatter(0, some.expand(-1, 2), self.motion(x[some[:, 0]]))
