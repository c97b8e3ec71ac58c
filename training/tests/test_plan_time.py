"""Laws of the search that PyTorch runs for comparison. `npm run test:training`."""

import unittest
from pathlib import Path

import numpy as np
import torch

from small_world import CONFIG, SMALL, TrainingTest, world
from telos_training.fit import fit
from telos_training.kinematics import Arm
from telos_training.plan_time import Task, search
from telos_training.read_predictor import read_predictor
from telos_training.settings import with_settings
from telos_training.tool_motion import ToolMotion

ARM = """<robot name="two">
  <link name="base"/><link name="upper"/><link name="fore"/><link name="tool"/>
  <joint name="a" type="revolute"><parent link="base"/><child link="upper"/><axis xyz="0 0 1"/></joint>
  <joint name="b" type="revolute"><parent link="upper"/><child link="fore"/><origin xyz="0.3 0 0"/><axis xyz="0 0 1"/>\
</joint>
  <joint name="c" type="fixed"><parent link="fore"/><child link="tool"/><origin xyz="0.3 0 0.05"/></joint>
</robot>"""

SEARCH = {
    "samples": 64,
    "iterations": 4,
    "elites": 0.1,
    "noise": 0.6,
    "min_noise": 0.05,
    "smoothing": 0.7,
    "patience": 3,
    "tolerance": 0.01,
    "horizon": 6,
    "knots": 2,
    "dt": 0.4,
    "step": 0.06,
    "futures": 1,
    "box": {"low": [0.3, -0.34, 0.03], "high": [0.66, 0.34, 0.25]},
    "objects": 1,
    "tool": 0.2,
    "nearness": 0.5,
    "standoff": 0.06,
    "done": 0.015,
    "running": 1,
    "terminal": 1,
    "scale": 0.05,
    "uncertainty": 0.1,
}


class PlanTime(TrainingTest):
    def test_a_search_lowers_the_energy_and_gives_the_same_plan_for_the_same_seed(self):
        fit(with_settings(CONFIG, [*SMALL, "representation.steps=3"]), world(), self.out / "m", True)
        graph, inputs = read_predictor(self.out / "m")
        found = []
        for _ in range(2):
            rng = torch.Generator().manual_seed(1)
            task = Task(graph, inputs, ToolMotion(Arm(ARM, "base", "tool")), SEARCH, rng)
            with torch.inference_mode():
                still = task.energy(torch.zeros(1, 6, 3)).item()
                a, least, tried = search(task, SEARCH, rng)
                self.assertAlmostEqual(task.energy(a[None]).item(), least, places=3)
            self.assertLess(least, still)
            self.assertLessEqual(tried, 1 + SEARCH["samples"] * SEARCH["iterations"])
            found.append(a)
        self.assertTrue(torch.equal(*found))

    def test_joints_bring_the_tool_where_it_shall_be_and_keep_its_direction(self):
        urdf = (Path(__file__).parents[2] / "config/robots/arm7.urdf").read_text()
        arm = Arm(urdf, CONFIG["base"], CONFIG["tool"])
        motion, rng = ToolMotion(arm), torch.Generator().manual_seed(0)
        q = torch.tensor([[0.1, 0.5, 0.1, 1.3, 0.1, 1.0, 0.1]]) + 0.1 * torch.randn(50, 7, generator=rng)
        pose, J = motion.linearise(q)
        np.testing.assert_allclose(pose[:, :3, 3], arm.tool(q.double().numpy()), atol=1e-5)
        for j in range(7):
            step = 1e-3 * torch.eye(7)[j]
            ahead, behind = (motion.linearise(q + s * step)[0] for s in (1, -1))
            torch.testing.assert_close((ahead - behind)[:, :3, 3] / 2e-3, J[:, :3, j], atol=2e-3, rtol=0)
        for i in range(5):
            to = pose[i : i + 1, :3, 3] + 0.03 * torch.randn(1, 3, generator=rng).clamp(-1, 1)
            found = motion.linearise(motion.follow(q[i : i + 1], to, pose[i, :3, :3]))[0]
            self.assertLess((found[0, :3, 3] - to[0]).norm().item(), 1e-3)
            torch.testing.assert_close(found[0, :3, :3], pose[i, :3, :3], atol=5e-3, rtol=0)


if __name__ == "__main__":
    unittest.main()
