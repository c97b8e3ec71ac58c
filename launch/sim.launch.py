"""
Simulator and agent together.

    ros2 launch telos_agent sim.launch.py scene:=wall task:=around_wall
    ros2 launch telos_agent sim.launch.py speed:=2 seed:=7 task:=reach rviz:=true
"""

import sys
from pathlib import Path

from launch import LaunchDescription

sys.path.insert(0, str(Path(__file__).resolve().parent))
import telos_processes as telos


def generate_launch_description():
    arguments = telos.declared(
        telos.COMMON, telos.AGENT, telos.SIMULATOR, telos.VIEW, scene="table", use_sim_time="true"
    )
    return LaunchDescription([*arguments, *telos.simulator(), *telos.agent(), telos.description(), telos.rviz()])
