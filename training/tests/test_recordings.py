"""Recordings as a true camera and arm leave them. `npm run test:training`."""

import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from mcap_ros2.writer import Writer

from telos_training.recordings import _depth, read_frames

URDF = """<robot name="two"><link name="base"/><link name="arm"/><link name="tool"/>
<joint name="a" type="revolute"><parent link="base"/><child link="arm"/><axis xyz="0 0 1"/>\
<limit lower="-9" upper="9" velocity="9" effort="9"/></joint>
<joint name="b" type="revolute"><parent link="arm"/><child link="tool"/><origin xyz="1 0 0"/><axis xyz="0 0 1"/>\
<limit lower="-9" upper="9" velocity="9" effort="9"/></joint></robot>"""
RULE = "=" * 80
HEADER = (
    f"{RULE}\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n{RULE}\n"
    "MSG: builtin_interfaces/Time\nint32 "
    "sec\nuint32 nanosec\n"
)
IMAGE = (
    "std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\nuint8 is_bigendian\nuint32 step\n"
    f"uint8[] data\n{HEADER}"
)
JOINTS = f"std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort\n{HEADER}"


def stamped(ms: int) -> dict:
    return {"stamp": {"sec": ms // 1000, "nanosec": ms % 1000 * 10**6}, "frame_id": ""}


class Recordings(unittest.TestCase):
    def test_joints_are_those_when_an_image_was_taken_not_when_it_came(self):
        """Images every 100 ms that come 70 ms late, beginning before the first joint state; joint a turns at 1
        rad/s.
        """
        with tempfile.TemporaryDirectory() as folder:
            writer = Writer(str(Path(folder) / "episode-000000.mcap"))
            image, joints, text = (
                writer.register_msgdef(name, definition)
                for name, definition in (
                    ("sensor_msgs/msg/Image", IMAGE),
                    ("sensor_msgs/msg/JointState", JOINTS),
                    ("std_msgs/msg/String", "string data\n"),
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
                        "position": [0.5, ms / 1000],
                        "velocity": [],
                        "effort": [],
                    },
                )
                for ms in range(5000, 8000, 10)
            ]
            for k, ms in enumerate(range(4900, 8200, 100)):
                came.append(
                    (
                        ms + 70,
                        "/camera/image_raw",
                        image,
                        {
                            "header": stamped(ms),
                            "height": 8,
                            "width": 8,
                            "encoding": "bgr8",
                            "is_bigendian": 0,
                            "step": 24,
                            "data": bytes([0, 0, k] * 64),
                        },
                    )
                )
            for ms, topic, schema, message in sorted(came, key=lambda m: m[0]):
                writer.write_message(topic, schema, message, log_time=10**6 * ms, publish_time=10**6 * ms)
            writer.finish()
            frames = read_frames([Path(folder)], 0.4, "base", "tool")
        self.assertEqual(frames.joints, ["a", "b"])
        np.testing.assert_allclose(frames.q[:, 0], np.arange(5.0, 8.0, 0.4), atol=1e-5)
        np.testing.assert_allclose(frames.q[:, 1], 0.5)
        self.assertEqual(
            frames.images[:, 0, 0, 0].tolist(), list(range(1, 33, 4))
        )  # number 0 was taken before the arm spoke

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


if __name__ == "__main__":
    unittest.main()
