"""Laws of the metric that counts steps. `npm run test:training`."""

import json
import unittest

import numpy as np
import torch

from small_world import CONFIG, SMALL, TrainingTest, run, world
from telos_training.fit import fit
from telos_training.settings import with_settings
from telos_training.steps_to_go import StepsToGo, pairs
from telos_training.train import train_steps_to_go


class Steps(TrainingTest):
    def test_steps_to_go_count_what_moves_slowly_for_farther_than_what_moves_fast(self):
        frames, rng = world(episodes=60, length=20), np.random.default_rng(0)
        fast, slow = np.cumsum(rng.normal(0, [[[1.0], [0.1]]], (60, 2, 20)), 2).transpose(1, 0, 2).reshape(2, -1)
        believed = torch.from_numpy(np.stack([fast, slow, rng.normal(size=fast.shape)], 1).astype(np.float32))
        torch.manual_seed(0)
        metric = StepsToGo(3, 4)
        train_steps_to_go(
            metric,
            believed,
            frames,
            np.arange(60),
            {"within": 8, "steps": 400, "batch": 256, "rate": 0.02},
            run(self.out),
        )
        with torch.inference_mode():
            of_fast, of_slow, of_noise = (metric(e[None], torch.zeros(1, 3)).item() for e in torch.eye(3))
        self.assertGreater(of_slow, 3 * of_fast)
        self.assertLess(of_noise, of_slow)

    def test_pairs_are_of_one_episode_and_as_many_steps_apart_as_is_said(self):
        frames = world()
        at, steps = pairs(frames, np.array([1, 4, 11]), 5, 500, np.random.default_rng(0))
        self.assertTrue((frames.episode[at[:, 0]] == frames.episode[at[:, 1]]).all())
        self.assertEqual(set(frames.episode[at[:, 0]]), {1, 4, 11})
        self.assertTrue((at[:, 1] - at[:, 0] == steps).all())
        self.assertEqual(set(steps), set(range(6)))

    def test_steps_to_go_are_exported_where_they_were_asked_for(self):
        for rows in (0, 5):
            fit(
                with_settings(
                    CONFIG, [*SMALL, "representation.steps=3", f"steps_to_go.dim={rows}", "steps_to_go.steps=3"]
                ),
                world(),
                self.out / str(rows),
                True,
            )
            latent = json.loads((self.out / str(rows) / "manifest.json").read_text())["latent"]
            self.assertEqual([len(row) for row in latent.get("steps", [])], [8] * rows)


if __name__ == "__main__":
    unittest.main()
