"""Laws of what is measured of a model. `npm run test:training`."""

import unittest

import torch

from small_world import TrainingTest
from telos_training.measure import probe


class Measure(TrainingTest):
    def test_a_linear_probe_finds_what_is_linear_in_the_latents_all_of_it_and_nothing_of_what_is_not_there(self):
        rng = torch.Generator().manual_seed(0)
        z = torch.randn(2000, 8, generator=rng)
        signal, noise = 3 * z[:, :2] + 1, torch.randn(2000, 2, generator=rng)
        signal[::7] = torch.nan  # not known
        self.assertGreater(probe(z[:1000], signal[:1000], z[1000:], signal[1000:]), 0.999)
        self.assertLess(abs(probe(z[:1000], noise[:1000], z[1000:], noise[1000:])), 0.05)
        half = probe(z[:1000], z[:1000, :2] + noise[:1000], z[1000:], z[1000:, :2] + noise[1000:])
        self.assertAlmostEqual(half, 0.5, delta=0.06)
        self.assertLess(
            abs(probe(torch.ones(1000, 8), noise[:1000], torch.ones(1000, 8), noise[1000:])), 0.05
        )  # collapsed


if __name__ == "__main__":
    unittest.main()
