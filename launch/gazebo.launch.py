"""
Gazebo as the world, and the agent in it. The world comes from the same scene file as the embedded simulator's. With
Gazebo's own joint controllers only ros_gz is needed (package telos_gazebo names it all); ros2_control:=true takes
gz_ros2_control and a joint_trajectory_controller instead.

    ros2 launch telos_agent gazebo.launch.py scene:=wall task:=around_wall
    ros2 launch telos_agent gazebo.launch.py ros2_control:=true headless:=true
"""

import atexit
import shutil
import sys
import tempfile
from pathlib import Path

from launch import LaunchDescription
from launch.actions import ExecuteProcess, IncludeLaunchDescription, RegisterEventHandler
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessExit
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import IfElseSubstitution, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

sys.path.insert(0, str(Path(__file__).resolve().parent))
import telos_processes as telos

GAZEBO = {
    "headless": ("false", "Run Gazebo without its window."),
    "ros2_control": ("false", "Let gz_ros2_control move the arm, in place of Gazebo's own JointTrajectoryController."),
}


def generate_launch_description():
    arguments = telos.declared(telos.COMMON, telos.AGENT, telos.VIEW, GAZEBO, scene="table", use_sim_time="true")
    control = IfElseSubstitution(telos.argument("ros2_control"), "ros2_control", "gazebo")
    folder = tempfile.mkdtemp(prefix="telos-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # Gazebo ends before launch does
    world = str(Path(folder) / "world.sdf")
    writer = ExecuteProcess(
        cmd=telos.shell(
            "export",
            "sdf",
            "--scene",
            telos.argument("scene"),
            ["--robot=", telos.argument("robot")],
            "--out",
            world,
            "--control",
            control,
        ),
        output="screen",
    )
    gazebo = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(
            PathJoinSubstitution([FindPackageShare("ros_gz_sim"), "launch", "gz_sim.launch.py"])
        ),
        launch_arguments={
            "gz_args": ["-r ", IfElseSubstitution(telos.argument("headless"), "-s ", ""), world],
            "on_exit_shutdown": "true",
        }.items(),
    )
    bridge = Node(
        package="ros_gz_bridge",
        executable="parameter_bridge",
        name="gazebo_bridge",
        namespace=telos.argument("namespace"),
        output="screen",
        parameters=[{"config_file": str(Path(folder) / "bridge.yaml"), "use_sim_time": True}],
    )
    controllers = Node(
        package="controller_manager",
        executable="spawner",
        name="spawner",
        namespace=telos.argument("namespace"),
        output="screen",
        arguments=["joint_state_broadcaster", "joint_trajectory_controller"],
        condition=IfCondition(telos.argument("ros2_control")),
    )
    started = RegisterEventHandler(OnProcessExit(target_action=writer, on_exit=[gazebo, bridge]))
    return LaunchDescription(
        [
            *arguments,
            started,
            writer,
            telos.people(),
            controllers,
            telos.description(control=[control]),
            *telos.agent(controller=IfElseSubstitution(telos.argument("ros2_control"), "", "gazebo")),
            telos.rviz(),
        ]
    )
