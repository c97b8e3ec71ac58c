"""Joint states that did not come from the simulator, healthy or spoilt; at the rate and with the truth of the ground
truth.
"""

import math

from builtin_interfaces.msg import Time
from sensor_msgs.msg import JointState


def spoil(m, fault):
    """Spoils a healthy JointState in one of the ways that drivers do."""
    if fault == "nan":
        m.position[2] = math.nan
    elif fault == "names":
        m.name = [f"somebody_elses_{n}" for n in m.name]
    elif fault == "twice":
        m.name = [m.name[0]] * len(m.name)
    elif fault == "short":
        m.position = m.position[:-1]
    elif fault == "leap":
        m.position[0] += 1.0
    elif fault == "back":
        m.header.stamp = Time(sec=m.header.stamp.sec - 5, nanosec=m.header.stamp.nanosec)
    elif fault == "ahead":
        m.header.stamp = Time(sec=m.header.stamp.sec + 5, nanosec=m.header.stamp.nanosec)
    elif fault != "":
        raise ValueError(f"no fault '{fault}'")
    return m


class Impostor:
    def __init__(self, node, beside):
        self.publisher = node.create_publisher(JointState, "joint_states", 10)
        self.fault = None  # None: silent; "": healthy; else the way of spoiling
        self.sent = 0
        self.beside = beside  # the simulator speaks too

    def stamp(self, t):
        """Beside the simulator, a little newer than its latest: else it would be refused as a duplicate, whatever else
        is wrong with it.
        """
        if not self.beside:
            return t
        nanoseconds = t.sec * 10**9 + t.nanosec + 5_000_000
        return Time(sec=nanoseconds // 10**9, nanosec=nanoseconds % 10**9)

    def follow(self, truth):
        fault = self.fault
        if fault is None:
            return
        js = truth.joint_state
        m = JointState(name=list(js.name), position=list(js.position), velocity=list(js.velocity))
        m.header.stamp = self.stamp(truth.header.stamp)
        self.publisher.publish(spoil(m, fault))
        self.sent += 1
