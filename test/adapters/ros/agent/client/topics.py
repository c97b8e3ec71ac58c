"""The agent's topics: its inputs, true and nonsense, and what it tells."""

import time

from geometry_msgs.msg import Point, Pose, Vector3
from rclpy.qos import qos_profile_sensor_data
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image, JointState
from telos_interfaces.msg import Body, BodyArray, Object, ObjectArray, ObjectShape, ShapePart

from connection import node, seen, wait
from tasks import send


def publish(q):
    """Every input once, joint states stamped now."""
    publishers = [
        node.create_publisher(JointState, "joint_states", 10),
        node.create_publisher(BodyArray, "bodies", 10),
        node.create_publisher(ObjectArray, "objects", 10),
        node.create_publisher(Image, "camera/image_raw", qos_profile_sensor_data),
    ]
    now = node.get_clock().now().to_msg()
    joints = JointState(name=["b", "a"], position=[0.5, -0.25], velocity=[1.0, 2.0], effort=[3.0, 4.0])
    bodies = BodyArray(
        bodies=[Body(id="hand", kind=Body.PERSON, p0=Point(x=1.0), p1=Point(x=2.0), radius=0.1, speed_bound=1.6)]
    )
    part = ShapePart(kind=ShapePart.BOX, pose=Pose(position=Point(z=0.25)), size=Vector3(x=0.5, y=0.25, z=0.125))
    objects = ObjectArray(
        objects=[Object(id="puck", pose=Pose(position=Point(z=0.5)), position_std=0.01)],
        shapes=[ObjectShape(id="puck", kind="box", parts=[part], mass=0.5, friction=0.75)],
    )
    image = Image(width=2, height=1, encoding="bgr8", step=8, data=[1, 2, 3, 4, 5, 6, 9, 9])
    end = time.time() + 1.0
    while time.time() < end:
        for publisher, message in zip(publishers, (joints, bodies, objects, image)):
            message.header.stamp = node.get_clock().now().to_msg()
            publisher.publish(message)
        time.sleep(0.02)
    return {"at": now.sec}


def garbage(q):
    """Bytes that are no JointState: a message of another type cannot be sent on the topic, but its arrays may lie."""
    p = node.create_publisher(JointState, "joint_states", 10)
    for _ in range(50):
        p.publish(JointState(name=["x"], position=[float("nan")] * 3))
        time.sleep(0.01)
    return {}


def clock(q):
    """/clock at 100 Hz from `start` on, at `rate`, for `seconds`."""
    p = node.create_publisher(Clock, "/clock", 10)
    began = time.time()
    while time.time() - began < q["seconds"]:
        t = q["start"] + q["rate"] * (time.time() - began)
        m = Clock()
        m.clock.sec, m.clock.nanosec = int(t), int((t % 1) * 1e9)
        p.publish(m)
        time.sleep(0.01)
    stamps = [
        (at, m.header.stamp.sec + m.header.stamp.nanosec * 1e-9) for at, m in seen.get("state", []) if at > began + 1
    ]
    return {"errors": [s - (q["start"] + q["rate"] * (at - began)) for at, s in stamps]}


def watch(q):
    handle = send(q["task"], [])[0] if "task" in q else None
    time.sleep(0.2)
    seen.clear()
    time.sleep(q["seconds"])
    if handle:
        wait(handle.cancel_goal_async())
    counts = {key: len(list(messages)) for key, messages in seen.items()}
    answer = {"counts": counts}
    if "commands" in seen:
        c = seen["commands"][-1][1]
        answer["command"] = {
            "names": list(c.joint_names),
            "age": seen["commands"][-1][0] - (c.header.stamp.sec + c.header.stamp.nanosec * 1e-9),
            "times": [p.time_from_start.sec + p.time_from_start.nanosec * 1e-9 for p in c.points],
            "positions": [list(p.positions) for p in c.points],
            "velocities": [list(p.velocities) for p in c.points],
        }
    if "diagnostics" in seen:
        answer["diagnostics"] = {
            s.name: [int.from_bytes(s.level, "little"), s.message] for s in seen["diagnostics"][-1][1].status
        }
    if "state" in seen:
        s = seen["state"][-1][1]
        answer["state"] = {
            "mode": s.mode,
            "frame": s.header.frame_id,
            "beliefs": [[b.id, b.last_seen] for b in s.beliefs],
        }
    if "markers" in seen:
        answer["markers"] = sorted({m.ns for m in seen["markers"][-1][1].markers})
    return answer


actions = {"publish": publish, "garbage": garbage, "watch": watch, "clock": clock}
