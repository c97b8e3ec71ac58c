"""Time-optimal point-to-point trajectories by Ruckig, infinite jerk. stdin: {"problems": [{"from": [n], "to": [n],
"velocity": [n], "acceleration": [n]}]}; stdout: [{"duration": s, "samples": [[n], …] at `step`}], rest to rest, in rad,
rad/s, rad/s².
"""

import json
import sys

from ruckig import InputParameter, Result, Ruckig, Trajectory

STEP = 0.01  # s between samples


def solve(p):
    n = len(p["from"])
    wanted, found = InputParameter(n), Trajectory(n)
    wanted.current_position, wanted.target_position = p["from"], p["to"]
    wanted.current_velocity = wanted.current_acceleration = wanted.target_velocity = wanted.target_acceleration = [
        0.0
    ] * n
    wanted.max_velocity, wanted.max_acceleration, wanted.max_jerk = p["velocity"], p["acceleration"], [float("inf")] * n
    result = Ruckig(n).calculate(wanted, found)
    if result not in (Result.Working, Result.Finished):
        raise RuntimeError(f"Ruckig: {result}")
    count = int(found.duration / STEP) + 2
    return {
        "duration": found.duration,
        "samples": [list(found.at_time(min(i * STEP, found.duration))[0]) for i in range(count)],
    }


json.dump([solve(p) for p in json.load(sys.stdin)["problems"]], sys.stdout)
