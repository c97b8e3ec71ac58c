"""Laws of a whole training, from recordings to the exported model. `npm run test:training`."""

import dataclasses
import json
import unittest

import numpy as np
import onnx
import torch

from small_world import CONFIG, SMALL, TrainingTest, world
from telos_training.fit import CANDIDATE, fit
from telos_training.settings import with_settings


class Fit(TrainingTest):
    def test_a_model_that_fails_its_gates_is_exported_only_by_force_and_its_manifest_says_so(self):
        c, frames = with_settings(CONFIG, SMALL), world()
        self.assertFalse(fit(c, frames, self.out / "m", False))
        self.assertFalse((self.out / "m" / "manifest.json").exists())
        self.assertTrue(fit(c, frames, self.out / "m", True))
        manifest = json.loads((self.out / "m" / "manifest.json").read_text())
        self.assertTrue(manifest["forced"])
        self.assertIn("want at least", " ".join(manifest["gates"]))

    def test_a_model_that_is_still_to_be_judged_waits_beside_the_one_there_is_and_none_of_an_earlier_run_does(self):
        c, frames, out = with_settings(CONFIG, SMALL), world(), self.out / "m"
        self.assertTrue(fit(c, frames, out, True, to=out / CANDIDATE))
        self.assertFalse((out / "manifest.json").exists())
        self.assertEqual(json.loads((out / CANDIDATE / "manifest.json").read_text())["config"]["world"], "pucks")
        weights = (out / CANDIDATE / "predictor.onnx").read_bytes()
        self.assertTrue(fit({**c, "world": None}, frames, out, True))
        self.assertEqual(
            (out / "predictor.onnx").read_bytes(), weights
        )  # where it is evaluated is no part of the training
        self.assertFalse((out / CANDIDATE).exists())

    def test_another_configuration_does_not_go_on_from_the_checkpoints_of_this_one(self):
        c, frames = with_settings(CONFIG, SMALL), world()
        fit(c, frames, self.out / "m", True)
        fit(with_settings(c, ["seed=2"]), frames, self.out / "m", True)
        self.assertIn("begun anew", (self.out / "m" / "train.log").read_text())

    def test_every_choice_against_collapse_and_the_pixel_baseline_train(self):
        frames = world()
        for more in (
            *(
                [f"representation.regulariser={r}"]
                for r in ("reconstruction", "sigreg", "vicreg", "infonce", "ema", "none")
            ),
            ["objective=pixels"],
            ["encoder=conv"],
            ["predictor.noise=2"],
        ):
            c = with_settings(CONFIG, [*SMALL, "representation.steps=3", *more])
            with self.subTest(more):
                self.assertTrue(fit(c, frames, self.out / "".join(more).replace(".", "_"), True))

    def test_depth_is_read_out_where_the_recordings_have_it(self):
        frames = world()
        depth = 1 + frames.images[:, ::2, ::2, 0] / np.float32(255)
        depth[:, 0] = np.nan  # never known
        self.assertTrue(
            fit(with_settings(CONFIG, SMALL), dataclasses.replace(frames, depth=depth), self.out / "m", True)
        )
        manifest = json.loads((self.out / "m" / "manifest.json").read_text())
        self.assertEqual(manifest["depth"], {"width": 16, "height": 16})
        self.assertGreater(manifest["metrics"]["depth: read-out error"], 0)
        graph = onnx.load(self.out / "m" / "encoder.onnx").graph
        shape = next(o for o in graph.output if o.name == "depth").type.tensor_type.shape.dim
        self.assertEqual([d.dim_param or d.dim_value for d in shape], ["B", 16, 16])
        self.assertEqual(
            json.loads((self.out / "m" / "golden.json").read_text())["encoder"]["outputs"]["depth"]["shape"],
            [2, 16, 16],
        )

    def test_a_training_from_another_model_sees_with_its_eyes_and_learns_the_rest(self):
        frames, c = world(), with_settings(CONFIG, SMALL)
        for kind in ("keypoints", "conv"):
            first = with_settings(c, [f"encoder={kind}"])
            fit(first, frames, self.out / kind, True)
            then = with_settings(first, ["seed=2", f"representation.from={self.out / kind}"])
            fit(then, world(seed=5), self.out / "then", True)
            old, new = (
                torch.load(self.out / name / "state" / "model.pt", weights_only=True)["model"]
                for name in (kind, "then")
            )
            for k in old:
                if k.startswith(("encoder.", "posture.", "feature_")):
                    self.assertTrue(torch.equal(old[k], new[k]), k)
            self.assertFalse(torch.equal(old["predictors.0.into.weight"], new["predictors.0.into.weight"]))
        fit(with_settings(first, ["seed=3"]), frames, self.out / "conv", True)  # other eyes under the same name
        fit(then, world(seed=5), self.out / "then", True)
        self.assertEqual((self.out / "then" / "train.log").read_text().count("begun anew"), 2)
        for wrong, said in (
            ("latent=16", "latent: got 8, want 16"),
            ("representation.from=nowhere", "got nowhere, want a model's folder"),
        ):
            with self.assertRaisesRegex(SystemExit, said):
                fit(with_settings(then, [wrong]), frames, self.out / "other", True)


if __name__ == "__main__":
    unittest.main()
