"""Laws of the model of how an arm follows. `npm run test:training`."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import yaml
from mcap_ros2.writer import Writer

from telos_training.tracking import Tracks, fit_tracking, read_tracks
from test_recordings import HEADER, JOINTS, RULE, URDF, stamped

CONFIG = {
    **yaml.safe_load((Path(__file__).parents[2] / "config/models/sagging.yaml").read_text()),
    "horizon": 5,
    "width": 32,
    "steps": 300,
    "batch": 64,
}
POINT = (
    f"{RULE}\nMSG: trajectory_msgs/JointTrajectoryPoint\nfloat64[] positions\nfloat64[] velocities\n"
    "float64[] accelerations\nfloat64[] "
    "effort\nbuiltin_interfaces/Duration "
    f"time_from_start\n{RULE}\nMSG: "
    "builtin_interfaces/Duration\nint32 "
    "sec\nuint32 nanosec\n"
)
TRAJECTORY = (
    f"std_msgs/Header header\nstring[] joint_names\ntrajectory_msgs/JointTrajectoryPoint[] points\n{HEADER}{POINT}"
)


def fit(tracks: Tracks, out: Path, force: bool = False, **settings) -> tuple[bool, list[str]]:
    said: list[str] = []
    return fit_tracking(
        {**CONFIG, **settings}, tracks, out, force, {"code": "", "command": ""}, lambda *_: None, said.append
    ), said


def sagging(episodes: int = 12, length: int = 60, most: float = 0.02) -> Tracks:
    """Two joints that wander; each hangs behind by what its angle asks for, and goes there by half the way a step."""
    rng = np.random.default_rng(0)
    q = np.cumsum(rng.normal(0, 0.15, (episodes, length, 2)), 1)
    v = np.gradient(q, axis=1) / 0.1
    d = np.zeros_like(q)
    for h in range(1, length):
        d[:, h] = 0.5 * d[:, h - 1] - 0.5 * most * np.cos(q[:, h])
    u = np.concatenate([np.sin(q), np.cos(q), v], 2)
    flat = lambda x: x.reshape(-1, x.shape[-1]).astype(np.float32)
    return Tracks(flat(d), flat(u), np.repeat(np.arange(episodes), length).astype(np.int32), ["a", "b"])


class TrackingLaws(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        (self.out / "state").mkdir()

    def test_an_arm_that_sags_is_predicted_and_the_graph_says_what_its_maker_said(self):
        exported, _ = fit(sagging(), self.out)
        self.assertTrue(exported)
        manifest = json.loads((self.out / "manifest.json").read_text())
        self.assertLess(manifest["metrics"]["deviation: error, rad"], 0.003)
        session = onnxruntime.InferenceSession(self.out / "tracking.onnx", providers=["CPUExecutionProvider"])
        rng = np.random.default_rng(1)
        d0, u = rng.normal(0, 0.01, (1, 2)).astype(np.float32), rng.normal(0, 1, (3, 6, 6)).astype(np.float32)
        (d,) = session.run(["d"], {"d0": d0, "u": u})
        self.assertEqual(d.shape, (3, 6, 2))
        np.testing.assert_allclose(d[:, 0], np.repeat(d0, 3, 0), atol=1e-7)
        (alone,) = session.run(["d"], {"d0": d0, "u": u[1:2]})
        np.testing.assert_allclose(alone[0], d[1], atol=1e-6)

    def test_an_arm_that_does_as_it_is_told_gets_no_model_but_by_force(self):
        tracks = sagging()
        tracks.d = np.random.default_rng(2).normal(0, 1e-4, tracks.d.shape).astype(np.float32)
        exported, said = fit(tracks, self.out, steps=30)
        self.assertFalse(exported)
        self.assertFalse((self.out / "manifest.json").exists())
        self.assertTrue(any(line.startswith("gate: ") for line in said))
        self.assertTrue(fit(tracks, self.out, force=True, steps=30)[0])
        self.assertTrue(json.loads((self.out / "manifest.json").read_text())["forced"])

    def test_what_is_commanded_is_the_newest_trajectory_that_has_begun_whatever_the_order_of_its_joints(self):
        """Joint a is told to move as t², joint b to rest at 0.5; every 100 ms a trajectory of 300 ms, sent 30 ms before
        it begins. Measured: a hangs behind by 0.01.
        """
        with tempfile.TemporaryDirectory() as folder:
            writer = Writer(str(Path(folder) / "episode-000000.mcap"))
            joints, text, path = (
                writer.register_msgdef(name, definition)
                for name, definition in (
                    ("sensor_msgs/msg/JointState", JOINTS),
                    ("std_msgs/msg/String", "string data\n"),
                    ("trajectory_msgs/msg/JointTrajectory", TRAJECTORY),
                )
            )
            came = [(0, "/robot_description", text, {"data": URDF})]
            came += [
                (
                    ms,
                    "/joint_states",
                    joints,
                    {
                        "header": stamped(ms),
                        "name": ["b", "a"],
                        "position": [0.5, (ms / 1000) ** 2 - 0.01],
                        "velocity": [],
                        "effort": [],
                    },
                )
                for ms in range(1000, 3000, 5)
            ]
            for begin in range(1000, 3000, 100):
                t = (begin + np.arange(0, 301, 100)) / 1000
                points = [
                    {
                        "positions": [0.5, x * x],
                        "velocities": [0, 2 * x],
                        "accelerations": [],
                        "effort": [],
                        "time_from_start": {"sec": 0, "nanosec": int(k * 1e8)},
                    }
                    for k, x in enumerate(t)
                ]
                came.append(
                    (
                        begin - 30,
                        "/joint_trajectory_controller/joint_trajectory",
                        path,
                        {"header": stamped(begin), "joint_names": ["b", "a"], "points": points},
                    )
                )
            for ms, topic, schema, message in sorted(came, key=lambda m: m[0]):
                writer.write_message(topic, schema, message, log_time=10**6 * ms, publish_time=10**6 * ms)
            writer.finish()
            tracks = read_tracks([Path(folder)], 0.03, "base", "tool")
        t = 1 + 0.03 * np.arange(len(tracks.d))
        self.assertEqual(tracks.joints, ["a", "b"])
        self.assertGreater(len(t), 60)
        np.testing.assert_allclose(tracks.d, np.tile([-0.01, 0], (len(t), 1)), atol=1e-4)
        np.testing.assert_allclose(tracks.u[:, 0], np.sin(t * t), atol=1e-4)
        np.testing.assert_allclose(tracks.u[:, 4:], np.stack([2 * t, 0 * t], 1), atol=1e-3)


if __name__ == "__main__":
    unittest.main()
