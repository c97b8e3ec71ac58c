"""Laws of the descent: one seed gives the same bits, wherever a run was ended, and however many processes share it.

`npm run test:training`.
"""

import copy
import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np
import torch

from small_world import CONFIG, SMALL, TrainingTest, run, world
from telos_training.descend import descend
from telos_training.fit import build
from telos_training.settings import with_settings
from telos_training.train import train_representation

SHARE = """
import json, sys
from pathlib import Path
import numpy as np, torch
from torch import distributed
from small_world import CONFIG, SMALL, world
from telos_training.descend import Run, descend
from telos_training.fit import fit
from telos_training.settings import with_settings
distributed.init_process_group("gloo")
torch.manual_seed(1)
module = torch.nn.Linear(4, 4)
data = torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
out = Path(sys.argv[1])
folder = out.with_suffix(""); folder.mkdir(exist_ok=True)
run = Run(1, "shared", 1, folder, lambda *_: None)
def loss(step):
    x = data[torch.from_numpy(run.share(run.rng(step).choice(64, 8)))]
    return {"error": (module(x) - x.flip(1)).square().mean()}
descend(module, loss, {"rate": 0.01, "steps": 40}, run)
exported = fit(with_settings(CONFIG, [*SMALL, "representation.batch=64", "dynamics.batch=128"]), world(24), folder, \
True)
if distributed.get_rank() == 0:
    assert exported
    out.write_text(json.dumps([module.weight.tolist(), json.loads((folder / "state" / "curves.json").read_text())]))
"""


class Descend(TrainingTest):
    def test_the_same_seed_gives_the_same_bits(self):
        frames, c = world(), with_settings(CONFIG, SMALL)
        found = []
        for i in range(2):
            torch.manual_seed(1)
            model = build(c, frames)
            (self.out / str(i)).mkdir()
            train_representation(model, frames, np.arange(10), c["representation"], run(self.out / str(i)), False)
            found.append(copy.deepcopy(model.state_dict()))
        for k in found[0]:
            self.assertTrue(torch.equal(found[0][k], found[1][k]), k)

    def test_a_run_ended_anywhere_goes_on_to_the_same_bits(self):
        def whole(folder: Path, stop: int | None) -> tuple[dict, list]:
            folder.mkdir(exist_ok=True)
            torch.manual_seed(1)
            module = torch.nn.Linear(4, 4)
            data = torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
            stage = run(folder, save_every=0.0)

            def loss(step: int):
                if step == stop:
                    raise KeyboardInterrupt
                x = data[torch.from_numpy(stage.rng(step).choice(64, 8))]
                return {"error": (module(x) - x.flip(1)).square().mean()}

            try:
                descend(module, loss, {"rate": 0.01, "steps": 50}, stage)
            except KeyboardInterrupt:
                pass
            return module.state_dict(), stage.curve

        expected, curve = whole(self.out / "at once", None)
        for stop in (1, 26, 49):
            whole(self.out / str(stop), stop)
            found, again = whole(self.out / str(stop), None)
            self.assertEqual(curve, again)
            for k in expected:
                self.assertTrue(torch.equal(expected[k], found[k]), k)

    def test_two_processes_that_share_each_batch_find_the_weights_of_one_and_its_loss_curve(self):
        script = self.out / "share.py"
        script.write_text(SHARE)
        env = {
            **os.environ,
            "PYTHONPATH": f"{Path(__file__).parents[1]}:{Path(__file__).parent}",
            "OMP_NUM_THREADS": "1",
        }
        for n in (1, 2):
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "torch.distributed.run",
                    "--standalone",
                    "--nproc-per-node",
                    str(n),
                    script,
                    self.out / f"{n}.json",
                ],
                env=env,
                check=True,
                capture_output=True,
            )
        (one, curve), (two, shared) = (json.loads((self.out / f"{n}.json").read_text()) for n in (1, 2))
        np.testing.assert_allclose(one, two, rtol=1e-4)
        for stage, steps in curve.items():  # of a whole training: the first process tells its own half of each batch
            for a, b in zip(steps, shared[stage], strict=True):
                self.assertEqual(a.keys(), b.keys())
                total = lambda terms: sum(v for k, v in terms.items() if k != "step" and not k.startswith("_"))
                self.assertLess(abs(total(a) - total(b)), 0.25 * (abs(total(a)) + 0.2), f"{stage} {a} {b}")


if __name__ == "__main__":
    unittest.main()
