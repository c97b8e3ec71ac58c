"""The law of ros2_control's joint_trajectory_controller as released (interpolate_from_desired_state): written from its
documentation, shares nothing with src/sim. A trajectory is taken at the next update after it comes, whatever its stamp.
Before its first point it is joined to the desired state by one cubic; where that point has passed, the desired state is
on the trajectory at once; between points cubic Hermite; behind the last one it holds.
"""

import numpy as np


class Controller:
    def __init__(self, joints, position):
        self.joints = list(joints)
        self.q = np.array(position, float)  # rad, desired
        self.v = np.zeros(len(joints))  # rad/s
        self.rejected = []
        self.taken = 0
        self.silence = 0.0  # s: the longest between two trajectories while it moved
        self._next = self._now = self._heard = None

    def receive(self, m, now):
        """m: a Trajectory; stamp 0: it begins when it comes."""
        wrong = self._wrong(m, now)
        if wrong:
            self.rejected.append(wrong)
            return
        order = [m.names.index(j) for j in self.joints]
        t = (now if m.stamp == 0 else m.stamp) + m.t
        if self._heard is not None and np.any(self.v != 0):
            self.silence = max(self.silence, now - self._heard)
        self._heard = now
        self._next = (t, m.q[:, order], m.v[:, order])

    def _wrong(self, m, now):
        if sorted(m.names) != sorted(self.joints):
            return f"joints {m.names}"
        if len(m.t) == 0:
            return "no points"
        if m.q is None or m.v is None:
            return "a point without a position and a velocity for each joint"
        if not (np.all(np.isfinite(m.q)) and np.all(np.isfinite(m.v))):
            return "a number that is not finite"
        if np.any(np.diff(m.t) <= 0):
            return "times that do not rise"
        if np.any(np.abs(m.v[-1]) > 1e-6):
            return "a velocity at the end"
        if m.stamp != 0 and m.stamp + m.t[-1] < now:
            return f"ended {now - m.stamp - m.t[-1]:.3f} s ago"
        return None

    def update(self, now):
        if self._next is not None:
            t, q, v = self._next
            ahead = t[0] > now
            self._now = (
                (np.concatenate(([now], t)), np.vstack((self.q, q)), np.vstack((self.v, v))) if ahead else (t, q, v)
            )
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
