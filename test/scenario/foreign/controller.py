"""The law of ros2_control's joint_trajectory_controller as released (interpolate_from_desired_state): written from its documentation, shares nothing
with src/sim. A trajectory is taken at the next update after it comes, whatever its stamp, and joined to the desired state of that moment by one cubic
to its first point that is still ahead; between points cubic Hermite; behind the last one it holds."""
import numpy as np


class Controller:
    def __init__(self, joints, position):
        self.joints = list(joints)
        self.q = np.array(position, float)  # rad, desired
        self.v = np.zeros(len(joints))  # rad/s
        self.rejected = []
        self.taken = 0
        self.late = 0.0  # s: the longest that a trajectory came after its first point
        self._next = self._now = None

    def receive(self, stamp, names, points, now):
        """points: (time from start, positions, velocities) each; stamp 0: it begins when it comes."""
        wrong = self._wrong(stamp, names, points, now)
        if wrong:
            self.rejected.append(wrong)
            return
        order = [list(names).index(j) for j in self.joints]
        start = now if stamp == 0 else stamp
        t = np.array([start + p[0] for p in points])
        self.late = max(self.late, now - t[0])
        self._next = (t, np.array([p[1] for p in points])[:, order], np.array([p[2] for p in points])[:, order])

    def _wrong(self, stamp, names, points, now):
        if sorted(names) != sorted(self.joints):
            return f"joints {list(names)}"
        if not points:
            return "no points"
        if any(len(p[1]) != len(names) or len(p[2]) != len(names) for p in points):
            return "a point without a position and a velocity for each joint"
        if not all(np.all(np.isfinite(p[1])) and np.all(np.isfinite(p[2])) for p in points):
            return "a number that is not finite"
        if any(b[0] <= a[0] for a, b in zip(points, points[1:])):
            return "times that do not rise"
        if np.any(np.abs(points[-1][2]) > 1e-6):
            return "a velocity at the end"
        if stamp != 0 and stamp + points[-1][0] < now:
            return f"ended {now - stamp - points[-1][0]:.3f} s ago"
        return None

    def update(self, now):
        if self._next is not None:
            t, q, v = self._next
            self._now = (np.concatenate(([now], t)), np.vstack((self.q, q)), np.vstack((self.v, v)))
            first = int(np.searchsorted(t, now, side="right"))  # points that have passed are not gone back to
            if first > 0:
                self._now = (self._now[0][1:], self._now[1][1:], self._now[2][1:])
            self._next, self.taken = None, self.taken + 1
        if self._now is None:
            return
        t, q, v = self._now
        i = int(np.searchsorted(t, now, side="right")) - 1
        if i >= len(t) - 1:
            self.q, self.v = q[-1].copy(), np.zeros_like(self.v)
            return
        h = t[i + 1] - t[i]
        s = (now - t[i]) / h
        a, b, c, d = q[i], h * v[i], q[i + 1], h * v[i + 1]
        self.q = a + s * (b + s * (3 * (c - a) - 2 * b - d + s * (2 * (a - c) + b + d)))
        self.v = (b + s * (2 * (3 * (c - a) - 2 * b - d) + 3 * s * (2 * (a - c) + b + d))) / h
