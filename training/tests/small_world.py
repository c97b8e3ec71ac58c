"""A small world to train on: a tool that strays and a spot that lies still. What several tests of training use."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
import yaml

from telos_training.descend import Run
from telos_training.recordings import Frames

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config/models/pucks.yaml").read_text())
SMALL = [
    "latent=8",
    "predictor.width=32",
    "representation.steps=60",
    "representation.batch=8",
    "dynamics.steps=20",
    "dynamics.batch=32",
    "heads.steps=20",
    "routers.steps=20",
    "held_out=0.3",
]


def world(episodes: int = 12, length: int = 8, size: int = 32, seed: int = 0) -> Frames:
    """Episodes of so many images of size²: the tool is a red blob, the spot a green one."""
    rng = np.random.default_rng(seed)
    tool = np.cumsum(rng.normal(0, 0.1, (episodes, length, 3)), 1).clip(-0.4, 0.4).reshape(-1, 3)
    spot = np.repeat(rng.uniform(-0.4, 0.4, (episodes, 1, 3)), length, 1).reshape(-1, 3)
    line = (np.arange(size) + 0.5) / size - 0.5
    near = lambda p: np.exp(
        -((line[None, None] - p[:, 0, None, None]) ** 2 + (line[None, :, None] - p[:, 1, None, None]) ** 2) / 0.005
    )
    images = np.stack([255 * near(tool), 255 * near(spot), np.full((len(tool), size, size), 60.0)], -1).astype(np.uint8)
    q = rng.normal(size=(len(tool), 2)).astype(np.float32)
    features = np.concatenate([tool, np.sin(q), np.cos(q)], 1).astype(np.float32)
    return Frames(
        images,
        q,
        features,
        spot[:, None].astype(np.float32),
        np.repeat(np.arange(episodes), length).astype(np.int32),
        ["a", "b"],
        ["spot"],
    )


def run(folder: Path, **given) -> Run:
    """A stage that reports to nobody."""
    return Run(1, "representation", 1, folder, lambda *_: None, **given)


class TrainingTest(unittest.TestCase):
    """Tests on one thread, with a folder `out` of their own."""

    def setUp(self):
        torch.set_num_threads(1)
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)
