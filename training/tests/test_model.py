"""Laws of the world model and of its memory. `npm run test:training`."""

import unittest

import numpy as np
import torch

from small_world import CONFIG, SMALL, TrainingTest, world
from telos_training.fit import build
from telos_training.latents import remember_all
from telos_training.model import WorldModel
from telos_training.settings import with_settings


class Model(TrainingTest):
    def test_a_predictor_that_predicts_no_change_leaves_what_the_posture_does_not_explain(self):
        frames = world()
        torch.manual_seed(0)
        model = build(with_settings(CONFIG, SMALL), frames)
        u = model.standardised(torch.from_numpy(frames.features[:5]))[None]
        z = torch.randn(1, 8)
        rolled = model.rollout(z, u)  # its last layer is zero when made
        known = model.posture(u)
        torch.testing.assert_close(rolled - known, (z - known[:, 0])[:, None].expand(-1, 5, -1))
        self.assertTrue(torch.equal(rolled[:, 0], z))

    def test_memory_never_crosses_episodes(self):
        frames = world()
        model = build(with_settings(CONFIG, SMALL), frames)
        z = torch.randn(len(frames), 8)
        first = np.flatnonzero(np.diff(frames.episode, prepend=-1))
        for found in remember_all(model, z, frames):
            self.assertTrue(torch.equal(found[first], z[first]))

    def test_what_is_believed_lies_between_what_was_foreseen_and_what_is_seen(self):
        frames = world()
        model = build(with_settings(CONFIG, SMALL), frames)
        torch.nn.init.normal_(model.corrector.net[-1].weight)
        z = torch.randn(len(frames), 8)
        foreseen, believed = remember_all(model, z, frames)
        self.assertTrue(bool(((believed - foreseen) * (believed - z) <= 1e-6).all()))
        self.assertTrue(bool((believed != z).any()))

    def test_a_keypoint_that_the_router_picks_moves_as_without_it_and_any_other_stays(self):
        torch.manual_seed(3)
        model = WorldModel(size=64, dim=8, features=5, width=16, noise=1, encoder="keypoints", keypoints=3)
        predictor = model.predictors[0]
        torch.nn.init.normal_(predictor.out[1].weight)
        z, u, w = torch.randn(50, 8), torch.randn(50, 2, 5), torch.randn(50, 1)
        postures = predictor.describe(u)
        arguments = (z, postures[:, 0], postures[:, 1], u[:, 1] - u[:, 0], w)
        said = predictor.router(predictor.relations(*arguments))
        predictor.router[2].bias.data -= said.median()
        picked = (said > said.median()).view(50, 3).repeat_interleave(2, 1)
        every = predictor(*arguments)
        some = predictor.eval()(*arguments)
        torch.testing.assert_close(some[:, :6], torch.where(picked, every[:, :6], 0.0))
        self.assertEqual(some[:, 6:].abs().max(), 0)


if __name__ == "__main__":
    unittest.main()
