"""Ground truth, kept and evaluated: what the arm truly did between two moments, against the limits of its URDF."""

import math
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections import deque

STILL = 0.005  # rad/s, below which a joint rests
STILL_FOR = 0.12  # s that it must do so
RECENT = 5  # s in which the message that needed least shows how late the others come
TRUTH = 0.03  # s: ground truth comes more often
HARMLESS = 0.02  # rad/s: a person who touches an arm slower than this touches a standing arm


def joint_limits(urdf):
    """{joint: (lower, upper, velocity)} of all moving joints; rad, rad/s or m, m/s."""
    limits = {}
    for joint in ElementTree.fromstring(urdf).findall("joint"):
        limit = joint.find("limit")
        if joint.get("type") not in ("revolute", "prismatic", "continuous") or limit is None:
            continue
        bounded = joint.get("type") != "continuous"
        lower = float(limit.get("lower", "0")) if bounded else -math.inf
        upper = float(limit.get("upper", "0")) if bounded else math.inf
        limits[joint.get("name")] = (lower, upper, float(limit.get("velocity", "inf")))
    return limits


def link_names(urdf):
    return {link.get("name") for link in ElementTree.fromstring(urdf).findall("link")}


def seconds(stamp):
    return stamp.sec + stamp.nanosec * 1e-9


class Recording:
    """One scenario's ground truth. Times are simulated seconds."""

    def __init__(self):
        self.lock = threading.RLock()
        self.limits, self.links = {}, set()
        self.last = None
        self.heard = deque()  # (s on this process's clock, that less the stamp) of the last messages
        self.begin()

    def describe(self, urdf):
        self.limits, self.links = joint_limits(urdf), link_names(urdf)

    def begin(self):
        """What happened before counts no more, though it may still be on its way to this process."""
        with self.lock:
            self.since = self.present() - TRUTH
            self.t, self.v, self.speed, self.path = [], [], [], []
            self.violations = {}
            self.touching = set()
            self.largest_gap = 0.0
            self.mark = self.asked = None
            self.marked = 0.0  # s, simulated

    def look(self, m):
        """Takes one GroundTruth message."""
        t, js = seconds(m.header.stamp), m.joint_state
        speed = max(abs(v) for v in js.velocity)
        now = time.monotonic()
        with self.lock:
            self.heard.append((now, now - t))
            while self.heard[0][0] < now - RECENT:
                self.heard.popleft()
            if t < self.since:
                return
            if self.t:
                self.largest_gap = max(self.largest_gap, t - self.t[-1])
            before = self.speed[-1] if self.speed else speed
            self.last = m
            self.t.append(t)
            self.v.append(list(js.velocity))
            self.speed.append(speed)
            p = m.tool.position
            self.path.append((t, p.x, p.y, p.z))
            self.check_limits(t, js, m.desired)
            self.check_contacts(t, m, before)

    def check_limits(self, t, js, desired):
        for name, q, v, wanted in zip(js.name, js.position, js.velocity, desired.velocity):
            lower, upper, velocity = self.limits.get(name, (-math.inf, math.inf, math.inf))
            if not lower <= q <= upper:
                self.violate(t, f"{name} beyond its position limit", f"{q:.5f} outside {lower} … {upper}")
            if not abs(v) <= velocity:
                self.violate(t, f"{name} beyond its velocity limit", f"{v:.4f} over {velocity}, desired {wanted:.4f}")

    def check_contacts(self, t, m, speed_before):
        """A person may walk into a standing arm; everything else that an arm touches is a fault, movable objects
        excepted.
        """
        movable = {o.id for o in m.objects}
        persons = {b.id for b in m.bodies if b.kind == b.PERSON}
        touching = set()
        for c in m.contacts:
            pair = (c.body1, c.body2)
            if not (self.links & set(pair)) or movable & set(pair):
                continue
            other = next((b for b in pair if b in persons or b.split("#")[0] in persons), None)
            if other is None:
                self.violate(t, f"contact of {c.body1} and {c.body2}", f"{1000 * c.depth:.2f} mm deep, {c.force:.1f} N")
            else:
                touching.add(other)
        touching |= {i for i, d in zip(m.person_ids, m.person_distances) if d <= 0}
        for person in touching - self.touching:
            if speed_before > HARMLESS:
                self.violate(t, f"moving arm touches {person}", f"at {speed_before:.3f} rad/s")
        self.touching = touching

    def violate(self, t, kind, how):
        known = self.violations.setdefault(kind, {"kind": kind, "at": t, "how": how, "messages": 0})
        known["messages"] += 1

    def mark_now(self):
        """From here on the way to rest is measured. Returns the present speed, rad/s."""
        with self.lock:
            self.mark = len(self.t) - 1
            self.marked = self.present()
            return self.speed[self.mark]

    def present(self):
        """What time it is, simulated, though this process may be behind with hearing."""
        with self.lock:
            return time.monotonic() - min((late for _, late in self.heard), default=math.inf)

    def heard_all_until(self, t):
        return not self.t or self.t[-1] >= t

    def ask_now(self):
        """A goal is sent now: how long the arm takes to set out is measured from here."""
        with self.lock:
            self.asked = len(self.t)

    def set_out(self):
        """Seconds from when the last goal was sent until the arm moves; None if it never did."""
        if not self.asked:
            return None
        first = next((i for i in range(self.asked, len(self.t)) if self.speed[i] > HARMLESS), None)
        return None if first is None else self.t[first] - self.t[self.asked - 1]

    def still(self):
        """Whether the arm has rested for STILL_FOR."""
        with self.lock:
            if not self.t or self.t[-1] - self.t[0] < STILL_FOR:
                return False
            for t, speed in zip(reversed(self.t), reversed(self.speed)):
                if speed > STILL:
                    return False
                if self.t[-1] - t >= STILL_FOR:
                    return True
            return False

    def way_to_rest(self, accelerations):
        """Since the mark, when this process may have been behind with hearing: seconds until the last motion, and what
        the fastest each joint went needs at its acceleration limit.
        """
        with self.lock:
            moving = [i for i in range(self.mark, len(self.t)) if self.speed[i] > STILL]
            taken = max(0.0, self.t[moving[-1]] - self.marked) if moving else 0.0
            peaks = [max(abs(v[j]) for v in self.v[self.mark :]) for j in range(len(self.v[-1]))]
            needed = max(p / a for p, a in zip(peaks, accelerations))
            return {"taken": taken, "needed": needed, "peak": max(peaks)}

    def verdict(self):
        with self.lock:
            m, n = self.last, len(self.t)
            p, o = m.tool.position, m.tool.orientation
            return {
                "violations": list(self.violations.values()),
                "messages": n,
                "seconds": self.t[-1] - self.t[0] if n else 0.0,
                "largest_gap": self.largest_gap,
                "fastest": max(self.speed) if n else 0.0,
                "set_out": self.set_out(),
                "speed": self.speed[-1] if n else math.inf,
                "joints": dict(zip(m.joint_state.name, m.joint_state.position)),
                "tool": {"position": [p.x, p.y, p.z], "orientation": [o.x, o.y, o.z, o.w]},
                "objects": {o.id: [o.pose.position.x, o.pose.position.y, o.pose.position.z] for o in m.objects},
                "path": self.path[::5],
                "person_distance": min(m.person_distances, default=None),
                "limited_joints": sum(name in self.limits for name in m.joint_state.name),
            }
