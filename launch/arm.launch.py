"""
The agent for a real arm, or for another simulator. What it needs from outside: joint_states, a
joint_trajectory_controller, and robot_description where the robot's file names no URDF.

    ros2 launch telos_agent arm.launch.py robot:=/path/my_arm.yaml
    ros2 launch telos_agent arm.launch.py robot:=ur5 namespace:=left joint_states:=/joint_states
"""

import sys
from pathlib import Path

from launch import LaunchDescription

sys.path.insert(0, str(Path(__file__).resolve().parent))
import telos_processes as telos


def generate_launch_description():
    arguments = telos.declared(telos.COMMON, telos.AGENT, telos.INPUTS)
    return LaunchDescription([*arguments, *telos.agent(remappings=telos.heard())])
