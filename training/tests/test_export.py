"""Laws of an exported predictor. `npm run test:training`."""

import json
import unittest

import numpy as np
import onnxruntime
import torch

from small_world import CONFIG, SMALL, TrainingTest, world
from telos_training.fit import fit
from telos_training.read_predictor import read_predictor
from telos_training.settings import with_settings


class Export(TrainingTest):
    def test_an_exported_predictor_answers_for_any_number_of_sequences_as_the_model_does(self):
        self.assertTrue(fit(with_settings(CONFIG, SMALL), world(), self.out / "m", True))
        graph, inputs = read_predictor(self.out / "m")
        session = onnxruntime.InferenceSession(self.out / "m" / "predictor.onnx")
        for rows in (1, 7, 200):
            u = inputs["u"][:1].repeat(rows, 1, 1) + 0.3 * torch.randn(
                rows, *inputs["u"].shape[1:], generator=torch.Generator().manual_seed(rows)
            )
            with torch.inference_mode():
                wanted = graph(inputs["z0"], u)
            for want, got in zip(wanted, session.run(None, {"z0": inputs["z0"].numpy(), "u": u.numpy()})):
                np.testing.assert_allclose(got, want.numpy(), rtol=1e-4, atol=1e-4)

    def test_an_exported_predictor_reads_back_and_one_that_was_tampered_with_does_not(self):
        for more in ([], ["encoder=conv", "predictor.noise=2"]):
            out = self.out / f"read{len(more)}"
            fit(with_settings(CONFIG, [*SMALL, "representation.steps=3", *more]), world(), out, True)
            graph, _ = read_predictor(out)
            weights = torch.load(out / "state" / "model.pt", weights_only=True)
            for name, w in weights["model"].items():
                if name.startswith("predictors."):
                    self.assertTrue(
                        torch.equal(
                            graph.model.get_parameter(name)
                            if name in dict(graph.model.named_parameters())
                            else graph.model.get_buffer(name),
                            w,
                        ),
                        name,
                    )
            golden = json.loads((out / "golden.json").read_text())
            golden["predictor"]["outputs"]["z"] = golden["predictor"]["outputs"]["spread"]
            (out / "golden.json").write_text(json.dumps(golden))
            with self.assertRaisesRegex(ValueError, "golden"):
                read_predictor(out)


if __name__ == "__main__":
    unittest.main()
