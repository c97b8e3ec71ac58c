"""trajectory_msgs/JointTrajectory from its serialised bytes (CDR, XTypes 1.3 §7.4), a hundred a second: rclpy would
need half a core to make objects of them.
"""

import struct

import numpy as np

HEADER = 4  # bytes, the encapsulation; alignment counts from behind it


class Trajectory:
    """stamp (s; 0: at once), names, t [n] s from the stamp, q [n, joints], v [n, joints]; q or v is None where not
    every point has one for each joint.
    """

    def __init__(self, data):
        self._data, self._at = data, HEADER
        self._order = "<" if data[1] & 1 else ">"
        sec, nanosec = self._take("iI", 4)
        self.stamp = sec + 1e-9 * nanosec
        self._string()
        self.names = [self._string() for _ in range(self._count())]
        n, points = len(self.names), []
        for _ in range(self._count()):
            q, v, _, _ = (self._doubles() for _ in range(4))
            sec, nanosec = self._take("iI", 4)
            points.append((sec + 1e-9 * nanosec, q, v))
        self.t = np.array([p[0] for p in points])
        self.q, self.v = (
            np.array([p[k] for p in points]) if all(len(p[k]) == n for p in points) else None for k in (1, 2)
        )

    def _take(self, what, align):
        self._at += -(self._at - HEADER) % align
        found = struct.unpack_from(self._order + what, self._data, self._at)
        self._at += struct.calcsize(self._order + what)
        return found

    def _count(self):
        return self._take("I", 4)[0]

    def _string(self):
        n = self._count()
        self._at += n
        return bytes(self._data[self._at - n : self._at - 1]).decode()

    def _doubles(self):
        n = self._count()
        if n == 0:
            return ()
        self._at += -(self._at - HEADER) % 8 + 8 * n
        return np.frombuffer(self._data, self._order + "f8", n, self._at - 8 * n)
