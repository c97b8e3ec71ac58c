"""Writes cdr.json: messages as rclpy serialises them, which the codecs of src/adapters/ros/cdr must
match byte for byte. Run
with ROS 2 sourced.
"""

import json
from pathlib import Path

from builtin_interfaces.msg import Duration
from geometry_msgs.msg import WrenchStamped
from rclpy.serialization import serialize_message
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image, JointState
from std_msgs.msg import String
from telos_interfaces.msg import (
    Body,
    BodyArray,
    Contact,
    GroundTruth,
    Object,
    ObjectArray,
    ObjectShape,
    ShapePart,
)
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint


def head(h):
    h.stamp.sec = 1700000001
    h.stamp.nanosec = 123456789
    h.frame_id = "world"


def js(off=0.0):
    m = JointState()
    head(m.header)
    m.name = ["a", "joint2", "q"]
    m.position = [0.5 + off, -1.25, 3.0]
    m.velocity = [0.1, 0.2, 0.3]
    m.effort = []
    return m


def body(i, k):
    b = Body()
    b.id = i
    b.kind = k
    b.p0.x, b.p0.y, b.p0.z = 1.0, 2.0, 3.0
    b.p1.x, b.p1.y, b.p1.z = 4.0, 5.0, 6.0
    b.radius = 0.05
    b.speed_bound = 1.6
    return b


def obj(i):
    o = Object()
    o.id = i
    o.pose.position.x, o.pose.position.y, o.pose.position.z = 0.1, 0.2, 0.3
    o.pose.orientation.w = 1.0
    o.position_std = 0.01
    o.orientation_std = 0.02
    return o


def part(kind, x, size):
    p = ShapePart()
    p.kind = kind
    p.pose.position.x, p.pose.position.y, p.pose.position.z = x, 0.0, 0.25
    p.pose.orientation.w = 1.0
    p.size.x, p.size.y, p.size.z = size
    return p


def shape(i):
    s = ObjectShape()
    s.id = i
    s.kind = "cup"
    s.parts = [
        part(ShapePart.BOX, 0.03, (0.003, 0.02, 0.08)),
        part(ShapePart.CAPSULE, 0.0, (0.01, 0.5, 0.0)),
    ]
    s.inside = [part(ShapePart.BOX, 0.0, (0.05, 0.05, 0.07))]
    s.round = True
    s.mass = 0.25
    s.friction = 0.6
    return s


out = {}


def put(n, m):
    out[n] = serialize_message(m).hex()


c = Clock()
c.clock.sec = 12
c.clock.nanosec = 34
put("Clock", c)
put("String", String(data="grüße"))
put("JointState", js())
t = JointTrajectory()
head(t.header)
t.joint_names = ["j1", "joint_two"]
for k in range(3):
    p = JointTrajectoryPoint()
    p.positions = [0.1 * k, -0.2 * k]
    p.velocities = [1.0, 2.0] if k < 2 else [0.0, 0.0]
    p.time_from_start = Duration(sec=k, nanosec=500000000)
    t.points.append(p)
put("JointTrajectory", t)
im = Image()
head(im.header)
im.height = 2
im.width = 3
im.encoding = "rgb8"
im.step = 9
im.data = list(range(18))
put("Image", im)
ci = CameraInfo()
head(ci.header)
ci.height = 2
ci.width = 3
ci.distortion_model = "plumb_bob"
ci.d = [0.0] * 5
ci.k = [float(x) for x in range(9)]
ci.r = [float(x) for x in range(9)]
ci.p = [float(x) for x in range(12)]
put("CameraInfo", ci)
ba = BodyArray()
head(ba.header)
ba.bodies = [body("person", 0), body("cart", 1)]
put("BodyArray", ba)
oa = ObjectArray()
head(oa.header)
oa.objects = [obj("puck"), obj("b")]
oa.shapes = [shape("cup")]
put("ObjectArray", oa)
g = GroundTruth()
head(g.header)
g.joint_state = js()
g.desired = js(0.001)
g.objects = [obj("puck")]
k = Contact()
k.body1 = "link3"
k.body2 = "wall"
k.force = 12.5
k.position.x, k.position.y, k.position.z = 0.4, 0.5, 0.6
k.depth = 0.001
g.contacts = [k]
g.bodies = [body("person", 0)]
g.person_ids = ["person"]
g.person_distances = [0.75]
g.tool.position.x = 0.45
g.tool.orientation.w = 1.0
g.scene = "wall"
g.seed = 7
g.held = "puck"
g.real_time_factor = 0.99
put("GroundTruth", g)
w = WrenchStamped()
head(w.header)
w.wrench.force.x, w.wrench.force.y, w.wrench.force.z = 1.5, -2.0, 30.25
w.wrench.torque.x, w.wrench.torque.y, w.wrench.torque.z = 0.1, 0.2, -0.3
put("WrenchStamped", w)
json.dump(out, open(Path(__file__).with_name("cdr.json"), "w"), indent=1)
