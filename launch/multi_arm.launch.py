"""
Two arms in two namespaces at one table, with one person, each with an agent and a simulator of its own.

    ros2 launch telos_agent multi_arm.launch.py left_task:=reach right_task:=reach

Each simulator holds one arm, so the arms do not meet there: the scenes of the pair wall off the other's half of the
table, which each agent then keeps out of, as it would beside a true second arm. Each has its own time, on
<namespace>/clock, and tells the same person in its own arm's frame.
"""

import sys
from pathlib import Path

from launch import LaunchDescription

sys.path.insert(0, str(Path(__file__).resolve().parent))
import telos_processes as telos

SIDES = ("left", "right")
CLOCK = [("/clock", "clock")]  # relative: each namespace has its own


def of_side(side):
    return {
        f"{side}_namespace": (side, f"Namespace of the {side} arm: its nodes, topics and clock."),
        f"{side}_robot": ("", f"Robot of the {side} arm, as `robot` elsewhere. Empty: the scene's."),
        f"{side}_scene": (f"pair_{side}", f"Scene around the {side} arm, in the frame of its base."),
        f"{side}_task": ("", f"Task of the {side} arm. Empty: wait for a goal on its ~/accomplish."),
    }


def generate_launch_description():
    shared = {
        name: entry
        for name, entry in {**telos.COMMON, **telos.AGENT}.items()
        if name not in ("namespace", "robot", "scene", "task")
    }
    arguments = telos.declared(shared, telos.SIMULATOR, *map(of_side, SIDES), use_sim_time="true")
    nodes = []
    for side in SIDES:
        own = {name: f"{side}_{name}" for name in ("namespace", "robot", "scene")}
        nodes += [*telos.simulator(**own, remappings=CLOCK), *telos.agent(**own, task=f"{side}_task", remappings=CLOCK)]
    return LaunchDescription([*arguments, *nodes])
