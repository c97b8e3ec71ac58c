"""Reachable tool poses: where the tool is in postures drawn evenly between the limits, of those that keep the hulls
apart. Same seed, same goals.
"""

import math
from collections import Counter

import mujoco
import numpy as np

APART = 0.03  # m between the hulls of links that are no neighbours
INSIDE = 0.15  # rad from each limit of position


def draw(plant, tool, lower, upper, count, seed):
    """@returns [(posture, position m, rotation matrix)]; the tool in front of the arm and above its mount, in reach's
    own measure
    """
    rng, probe = np.random.default_rng(seed), mujoco.MjData(plant.model)
    low, high = np.maximum(lower, plant.lower) + INSIDE, np.minimum(upper, plant.upper) - INSIDE

    def at(q):
        probe.qpos[:] = plant.rest
        probe.qpos[plant.qi] = q
        mujoco.mj_kinematics(plant.model, probe)
        return plant.pose(tool, probe)

    def near(q):
        """{pair: distance} of the hulls nearer than APART, ignored ones apart."""
        at(q)
        plant.model.geom_margin[:] = APART
        mujoco.mj_collision(plant.model, probe)
        plant.model.geom_margin[:] = margin
        found = {}
        for c in probe.contact:
            pair = plant.bodies(c)
            if pair not in plant.ignored and c.dist < APART:
                found[pair] = min(c.dist, found.get(pair, np.inf))
        return found

    margin = plant.model.geom_margin.copy()
    often = Counter(pair for _ in range(200) for pair in near(rng.uniform(low, high)))
    made = {pair for pair, n in often.items() if n > 100}  # close to each other as made: these must only not touch
    reach = max(math.hypot(*at(rng.uniform(low, high))[0][:2]) for _ in range(500))
    found = []
    while len(found) < count:
        q = rng.uniform(low, high)
        position, rotation = at(q)
        x, y, z = position / reach
        if not (0.23 < x and abs(y) < 0.7 and 0.12 < z < 0.8):
            continue
        if all(pair in made and distance > 0 for pair, distance in near(q).items()):
            found.append((q, position, rotation))
    return found


def task(position, rotation, tolerance, angle, hold):
    """The task's YAML: m, deg, s."""
    x, y, z, w = quaternion(rotation)
    at, turned = ", ".join(f"{c:.9f}" for c in position), ", ".join(f"{c:.9f}" for c in (x, y, z, w))
    pose = f"position: [{at}], orientation: [{turned}], tolerance: {tolerance} m, angle_tolerance: {angle} deg"
    return f"name: foreign\ngoal:\n  - tool_pose: {{ {pose} }}\nhold: {hold} s\ntimeout: 30 s\n"


def quaternion(rotation):
    out = np.zeros(4)
    mujoco.mju_mat2Quat(out, rotation.ravel())
    w, x, y, z = out
    return x, y, z, w


def error(pose, position, rotation):
    """(m, deg) between a pose and a goal's."""
    p, r = pose
    cosine = (np.trace(r.T @ rotation) - 1) / 2
    return float(np.linalg.norm(p - position)), math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
