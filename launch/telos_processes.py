# The process table of all launch files: the nodes there are, and the arguments that reach them.
# The launch files are lists of what stands here; tests hold them against the command line's own options.
"""The telos nodes as launch actions. They run through the same command line that a person would type."""

from pathlib import Path

from launch.actions import DeclareLaunchArgument, EmitEvent, LogInfo, RegisterEventHandler
from launch.conditions import IfCondition
from launch.event_handlers import OnProcessStart
from launch.events import matches_action
from launch.substitutions import AndSubstitution, Command, LaunchConfiguration, NotSubstitution, PythonExpression
from launch_ros.actions import LifecycleNode, Node
from launch_ros.event_handlers import OnStateTransition
from launch_ros.events.lifecycle import ChangeState
from launch_ros.parameter_descriptions import ParameterValue
from lifecycle_msgs.msg import Transition

HERE = Path(__file__).resolve().parent
# In a checkout the command line is a script, which sets up what is missing; an installed package has it as an
# executable.
SCRIPT = HERE.parent / "scripts" / "telos.mjs"

# name: (default, description)
COMMON = {
    "namespace": ("", "Namespace of every node and topic."),
    "robot": (
        "",
        "Robot: a name in config/robots, or the path of its YAML or URDF. Empty: the scene's robot, or arm7.",
    ),
    "use_sim_time": ("false", "Take the time from /clock."),
    "log_level": ("info", "Least severe messages that each of these nodes logs: debug, info, warn, error or fatal."),
    "respawn": ("false", "Start a node again when it dies."),
}
AGENT = {
    "agent": ("default", "Agent: a name in config/agents, or the path of its YAML (levels, searches, weights)."),
    "scene": ("", "Known fixed geometry: a name in config/scenes, or the path of a YAML file. Empty: none is known."),
    "task": (
        "",
        "Task to begin once the inputs are fresh: a name in config/tasks, or the path of a YAML file. Empty: wait "
        "for a goal on ~/accomplish.",
    ),
    "autostart": ("true", "Configure and activate the agent. false: leave it unconfigured for a lifecycle manager."),
}
INPUTS = {
    "joint_states": ("joint_states", "Topic on which the arm tells its joint states."),
    "bodies": ("bodies", "Topic on which people and movers are told."),
    "objects": ("objects", "Topic on which the poses of objects are told."),
    "robot_description": ("robot_description", "Topic of the URDF, where the robot's file names none."),
}
SIMULATOR = {
    "seed": ("1", "Seed of the scene's random draws."),
    "speed": ("1", "Simulated seconds per second, or max."),
}
VIEW = {
    "rviz": ("false", "Open RViz with plans, subgoals, guardrails and beliefs."),
}


def declared(*tables, **defaults):
    """Arguments of the given tables as DeclareLaunchArgument actions; `defaults` replace those of the tables."""
    merged = {name: entry for table in tables for name, entry in table.items()}
    return [
        DeclareLaunchArgument(name, default_value=defaults.get(name, default), description=description)
        for name, (default, description) in merged.items()
    ]


def argument(name):
    return LaunchConfiguration(name)


def text(name):
    """An argument as a string parameter, whatever YAML would make of its text."""
    return ParameterValue(argument(name), value_type=str)


def program(command, *arguments):
    """The keywords of a Node for one command of the command line."""
    if SCRIPT.exists():
        return {"executable": "node", "arguments": [str(SCRIPT), command, *arguments]}
    return {"package": "telos_agent", "executable": "telos", "arguments": [command, *arguments]}


def shell(command, *arguments):
    """The same as a command line for other processes: a list of words."""
    start = ["node", str(SCRIPT)] if SCRIPT.exists() else [str(HERE.parents[2] / "lib" / "telos_agent" / "telos")]
    return [*start, command, *arguments]


def logger(name, namespace):
    """The name of a node's logger: its full name with dots, within the namespace that a launch file around this one may
    have pushed.
    """
    outer, inner = LaunchConfiguration("ros_namespace", default=""), argument(namespace)
    return PythonExpression(
        [
            "'.'.join(w for w in (('' if '",
            inner,
            "'.startswith('/') else '",
            outer,
            "') + '/",
            inner,
            f"/{name}').split('/') if w)",
        ]
    )


def common(name, namespace, remappings=()):
    """The keywords that all our nodes have."""
    return {
        "name": name,
        "exec_name": name,
        "namespace": argument(namespace),
        "remappings": list(remappings),
        "ros_arguments": ["--log-level", [logger(name, namespace), ":=", argument("log_level")]],
        "respawn": argument("respawn"),
        "respawn_delay": 1.0,
        "output": "screen",
    }


def agent(namespace="namespace", robot="robot", scene="scene", task="task", remappings=(), controller=""):
    """
    The agent's lifecycle node, and the events that bring it up: configure at its start, activate once it is inactive,
    and never again: who cleans it up and configures it later has it inactive. What is given are names of arguments, and
    `controller`, the law of the arm's controller where it is another than the robot's own.

    With respawn it brings itself up instead. After a node was killed, DDS lists its services for some 20 s more; launch
    would find change_state there at once, send its request to the dead node, and wait for ever.
    """
    node = LifecycleNode(
        **program("agent"),
        **common("telos", namespace, remappings),
        parameters=[
            {
                "robot": text(robot),
                "agent": text("agent"),
                "scene": text(scene),
                "task": text(task),
                "controller": ParameterValue(controller, value_type=str),
                "use_sim_time": ParameterValue(argument("use_sim_time"), value_type=bool),
                "autostart": ParameterValue(
                    AndSubstitution(argument("autostart"), argument("respawn")), value_type=bool
                ),
            }
        ],
    )

    def change(transition):
        return EmitEvent(event=ChangeState(lifecycle_node_matcher=matches_action(node), transition_id=transition))

    wanted = IfCondition(AndSubstitution(argument("autostart"), NotSubstitution(argument("respawn"))))
    # The handlers come before the node: one that is registered after it could miss its start.
    return [
        RegisterEventHandler(
            OnProcessStart(target_action=node, on_start=[change(Transition.TRANSITION_CONFIGURE)]), condition=wanted
        ),
        RegisterEventHandler(
            OnStateTransition(
                target_lifecycle_node=node,
                start_state="configuring",
                goal_state="inactive",
                entities=[LogInfo(msg="telos is configured; activating it."), change(Transition.TRANSITION_ACTIVATE)],
                handle_once=True,
            ),
            condition=wanted,
        ),
        node,
    ]


def heard():
    """The remappings by which INPUTS say where the agent listens."""
    return [(name, argument(name)) for name in INPUTS]


def simulator(namespace="namespace", robot="robot", scene="scene", remappings=()):
    """The simulator's node. It makes /clock, so `use_sim_time` is nothing to it. What is given are names of
    arguments.
    """
    arguments = [
        "--scene",
        argument(scene),
        ["--robot=", argument(robot)],
        "--seed",
        argument("seed"),
        "--speed",
        argument("speed"),
        "--objects",
    ]
    return [Node(**program("sim", *arguments), **common("telos_sim", namespace, remappings))]


def people(namespace="namespace", robot="robot", scene="scene"):
    """What moves the people of the scene in Gazebo, and tells where they are. What is given are names of arguments."""
    arguments = ["--scene", argument(scene), ["--robot=", argument(robot)]]
    return Node(**program("people", *arguments), **common("telos_people", namespace))


def description(condition=None, control=("gazebo",)):
    """What turns joint states into frames, and says the URDF with the scene's cameras; gz_ros2_control takes the arm's
    hardware from it. `control`: as of `telos export`.
    """
    command = [
        " ".join(shell("export", "urdf")),
        " --robot=",
        argument("robot"),
        " --scene=",
        argument("scene"),
        " --control=",
        *control,
    ]
    return Node(
        package="robot_state_publisher",
        executable="robot_state_publisher",
        name="robot_state_publisher",
        namespace=argument("namespace"),
        condition=condition,
        parameters=[
            {
                "robot_description": ParameterValue(Command(command), value_type=str),
                "use_sim_time": ParameterValue(argument("use_sim_time"), value_type=bool),
            }
        ],
    )


def rviz():
    """RViz, looking from the arm's base, whatever that is called."""
    frame = Command(
        [" ".join(shell("export", "frame")), " --robot=", argument("robot"), " --scene=", argument("scene")]
    )
    return Node(
        package="rviz2",
        executable="rviz2",
        name="rviz2",
        namespace=argument("namespace"),
        arguments=["-d", str(HERE / "telos.rviz"), "-f", frame],
        parameters=[{"use_sim_time": ParameterValue(argument("use_sim_time"), value_type=bool)}],
        condition=IfCondition(argument("rviz")),
    )
