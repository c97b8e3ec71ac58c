"""Laws of training, on a small world of its own: a tool that strays and a spot that lies still. `npm run
test:training`.
"""

import copy
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import onnxruntime
import torch
import yaml

from telos_training.__main__ import CANDIDATE, build, fit, with_settings
from telos_training.descend import Run, descend
from telos_training.kinematics import Arm
from telos_training.measure import probe
from telos_training.model import StepsToGo, WorldModel
from telos_training.plan_time import Task, search
from telos_training.read_predictor import read_predictor
from telos_training.recordings import Frames, _depth
from telos_training.tool_motion import ToolMotion
from telos_training.train import pairs, remember_all, train_representation, train_steps_to_go

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
    return Run(1, "representation", 1, folder, lambda *_: None, **given)


class Training(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

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

    def test_depth_is_taken_at_the_middles_of_cells_whatever_its_size_and_order_of_bytes(self):
        wide = np.arange(32, dtype=np.float32).reshape(32, 1).repeat(48, 1)
        wide[1, 1] = np.inf
        for big, kind in ((0, "<f4"), (1, ">f4")):
            message = SimpleNamespace(
                encoding="32FC1", is_bigendian=big, height=32, width=48, step=4 * 48, data=wide.astype(kind).tobytes()
            )
            found = _depth(message, Path("x.mcap"))
            np.testing.assert_equal(found[:, 1:], np.arange(1, 32, 2, dtype=np.float32).reshape(16, 1).repeat(15, 1))
            self.assertTrue(np.isnan(found[0, 0]))
        with self.assertRaisesRegex(ValueError, "depth encoding 16UC1, want 32FC1"):
            _depth(SimpleNamespace(encoding="16UC1"), Path("x.mcap"))

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

    def test_a_keypoint_that_the_router_picks_moves_as_without_it_and_any_other_stays(self):
        torch.manual_seed(3)
        model = WorldModel(size=64, dim=8, features=5, width=16, noise=1, encoder="keypoints", keypoints=3)
        predictor = model.predictors[0]
        torch.nn.init.normal_(predictor.out[1].weight)
        z, u, w = torch.randn(50, 8), torch.randn(50, 2, 5), torch.randn(50, 1)
        told = predictor.told(u)
        arguments = (z, told[:, 0], told[:, 1], u[:, 1] - u[:, 0], w)
        said = predictor.router(predictor.relations(*arguments))
        predictor.router[2].bias.data -= said.median()
        picked = (said > said.median()).view(50, 3).repeat_interleave(2, 1)
        every = predictor(*arguments)
        some = predictor.eval()(*arguments)
        torch.testing.assert_close(some[:, :6], torch.where(picked, every[:, :6], 0.0))
        self.assertEqual(some[:, 6:].abs().max(), 0)

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

SHARE = """
import json, sys
from pathlib import Path
import numpy as np, torch
from torch import distributed
from telos_training.__main__ import fit, with_settings
from telos_training.descend import Run, descend
from test_training import CONFIG, SMALL, world
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

if __name__ == "__main__":
    unittest.main()
