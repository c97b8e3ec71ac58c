"""Ruckig as a joint filter: each cycle it is asked for velocities and takes one step toward them within the limits
(velocity interface, infinite jerk). stdin: {"dt", "start": [n], "lo", "hi", "velocity", "acceleration": [n],
"requests": [[n], …]}; stdout: {"times": [µs], "excess": {position, velocity, acceleration}}.
"""

import json
import sys
import time

from ruckig import ControlInterface, InputParameter, OutputParameter, Ruckig

p = json.load(sys.stdin)
n, dt = len(p["start"]), p["dt"]
otg, wanted, found = Ruckig(n, dt), InputParameter(n), OutputParameter(n)
wanted.control_interface = ControlInterface.Velocity
wanted.current_position = p["start"]
wanted.current_velocity = wanted.current_acceleration = wanted.target_acceleration = [0.0] * n
wanted.max_acceleration, wanted.max_jerk = p["acceleration"], [float("inf")] * n
excess, times = {"position": 0.0, "velocity": 0.0, "acceleration": 0.0}, []
for request in p["requests"]:
    wanted.target_velocity = [max(-v, min(v, w)) for v, w in zip(p["velocity"], request)]
    before = wanted.current_velocity
    began = time.perf_counter_ns()
    otg.update(wanted, found)
    times.append((time.perf_counter_ns() - began) / 1e3)
    q, v = found.new_position, found.new_velocity
    for j in range(n):
        excess["position"] = max(excess["position"], q[j] - p["hi"][j], p["lo"][j] - q[j])
        excess["velocity"] = max(excess["velocity"], abs(v[j]) - p["velocity"][j])
        excess["acceleration"] = max(excess["acceleration"], abs(v[j] - before[j]) / dt - p["acceleration"][j])
    found.pass_to_input(wanted)
json.dump({"times": times, "excess": excess}, sys.stdout)
