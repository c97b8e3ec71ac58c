"""What the arm truly did during one goal, looked at in every step of its physics."""

import numpy as np

from goals import error


class Observer:
    """`goal`: (position, rotation); `within`: (m, deg)."""

    def __init__(self, plant, controller, tool, limits, goal, within, now):
        self.plant, self.controller, self.tool, self.limits, self.goal, self.within = (
            plant,
            controller,
            tool,
            limits,
            goal,
            within,
        )
        self.began, self.start = now, plant.q.copy()
        self.entered = None  # s, since when it is inside for good
        self.exits = 0
        self.farthest = (0.0, 0.0)  # m, deg outside after it had been inside
        self.velocity = self.over = self.acceleration = 0.0
        self.which = ""
        self.contacts = {}
        self.error = (np.inf, np.inf)
        self.before = None
        plant.saturated[:] = 0

    def look(self, now):
        q, v = self.plant.q, self.plant.v
        ratio = np.abs(v) / self.limits["velocity"]
        if ratio.max() > self.velocity:
            self.velocity, self.which = float(ratio.max()), self.plant.joints[int(ratio.argmax())]
        self.over = max(self.over, float(np.max(np.maximum(q - self.limits["upper"], self.limits["lower"] - q))))
        if self.before is not None:
            self.acceleration = max(
                self.acceleration,
                float(
                    np.max(
                        np.abs(self.controller.v - self.before[1])
                        / (now - self.before[0])
                        / self.limits["acceleration"]
                    )
                ),
            )
        self.before = (now, self.controller.v.copy())
        for pair in self.plant.touching() if self.plant.data.ncon else ():
            self.contacts[pair] = self.contacts.get(pair, 0) + 1
        self.error = error(self.plant.pose(self.tool), *self.goal)
        if self.error[0] <= self.within[0] and self.error[1] <= self.within[1]:
            if self.entered is None:
                self.entered = now
        else:
            if self.entered is not None:
                self.exits += 1
                self.entered = None
            if self.exits:
                self.farthest = tuple(map(max, self.farthest, self.error))

    def told(self):
        return {
            "time": None if self.entered is None else self.entered - self.began,
            "exits": self.exits,
            "farthest": self.farthest,
            "velocity": self.velocity,
            "which": self.which,
            "over": self.over,
            "acceleration": self.acceleration,
            "contacts": self.contacts,
            "from": list(self.start),
            "to": list(self.plant.q),
            "speed": float(np.max(np.abs(self.plant.v))),
            "saturated": float(self.plant.saturated.max()),
            "error": self.error,
        }
