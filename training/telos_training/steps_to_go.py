"""A metric between latents that counts steps, and the pairs of frames that it is learned from."""

import numpy as np
from torch import Tensor, nn

from .recordings import Frames


class StepsToGo(nn.Module):
    """How many steps of the explorer's lie between two latents: d(z, z') = ‖M (z − z')‖, M [E,D]; z, z' [B,D] → [B].

    What changes slowly, or seldom, is far apart: a hand comes anywhere in a few steps, a puck does not. Source:
    Hartikainen, Geng, Haarnoja and Levine, Dynamical distance learning, arXiv:1907.08225. Theirs is any function; a
    linear metric can neither be asymmetric nor have other minima than z'.
    """

    def __init__(self, dim: int, rows: int):
        super().__init__()
        self.metric = nn.Linear(dim, rows, bias=False)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return (self.metric(a - b).square().sum(-1) + 1e-6).sqrt()


def pairs(
    frames: Frames, episodes: np.ndarray, within: int, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draws pairs of frames, each pair of one episode and at most `within` steps apart. @returns the frames [size,2]
    and the steps between them [size]
    """
    first = rng.choice(np.flatnonzero(np.isin(frames.episode, episodes)), size)
    last = np.searchsorted(frames.episode, frames.episode[first], side="right") - 1
    steps = np.minimum(rng.integers(0, within + 1, size), last - first)
    return np.stack([first, first + steps], 1), steps
