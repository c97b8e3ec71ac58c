"""A ROS 2 node that knows only the outside contract of the agent, driven by lines of JSON on stdin; for
AgentNode.test.ts. argv[1]: the namespace. Python, so that nothing of ours is on this side of the wire.
"""

import json
import sys
import threading
import time

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Point, Pose
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetAvailableStates, GetAvailableTransitions, GetState
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import DescribeParameters, GetParameters, SetParameters
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from rclpy.qos import qos_profile_sensor_data
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image, JointState
from std_srvs.srv import Trigger
from telos_interfaces.action import Accomplish
from telos_interfaces.msg import AgentState, Body, BodyArray, Object, ObjectArray, Plan
from trajectory_msgs.msg import JointTrajectory
from visualization_msgs.msg import MarkerArray

rclpy.init()
ns = sys.argv[1]
node = rclpy.create_node("client", namespace=ns)
executor = SingleThreadedExecutor()
executor.add_node(node)
oracle = LifecycleNode("oracle", namespace=ns)  # rcl's own state machine, as ROS 2 serves it
executor.add_node(oracle)
threading.Thread(target=executor.spin, daemon=True).start()
action = ActionClient(node, Accomplish, "telos/accomplish")
seen = {}


def listen(kind, topic, key):
    node.create_subscription(kind, topic, lambda m: seen.setdefault(key, []).append((time.time(), m)), 50)


listen(JointTrajectory, "joint_trajectory_controller/joint_trajectory", "commands")
listen(Plan, "telos/plan", "plan")
listen(AgentState, "telos/state", "state")
listen(MarkerArray, "telos/markers", "markers")
listen(DiagnosticArray, "/diagnostics", "diagnostics")


def wait(future, timeout=12.0):
    end = time.time() + timeout
    while not future.done() and time.time() < end:
        time.sleep(0.005)
    return future.result() if future.done() else None


clients = {}


def call(kind, name, request, timeout=12.0):
    client = clients.setdefault(name, node.create_client(kind, name))
    if not client.wait_for_service(timeout_sec=10.0):
        return None
    return wait(client.call_async(request), timeout)


def change(name):
    request = ChangeState.Request()
    request.transition.id = getattr(Transition, "TRANSITION_" + name.upper())
    began = time.time()
    response = call(ChangeState, "telos/change_state", request)
    return {"success": response.success, "took": time.time() - began, "state": state()}


def state():
    return call(GetState, "telos/get_state", GetState.Request()).current_state.label


def lifecycle(q):
    """What a node says of its lifecycle: states, the whole graph, and what is offered now."""

    def told(service):
        answer = call(GetAvailableTransitions, f"{q['node']}/{service}", GetAvailableTransitions.Request(), 5.0)
        return answer and sorted(
            [t.transition.id, t.transition.label, t.start_state.label, t.goal_state.label]
            for t in answer.available_transitions
        )

    states = call(GetAvailableStates, f"{q['node']}/get_available_states", GetAvailableStates.Request(), 5.0)
    return {
        "states": states and sorted([s.id, s.label] for s in states.available_states),
        "graph": told("get_transition_graph"),
        "offered": told("get_available_transitions"),
    }


def events(q):
    """Who publishes parameter events, and on which topics."""
    topics = [name for name, _ in node.get_topic_names_and_types() if name.endswith("/parameter_events")]
    return {
        "topics": topics,
        "nodes": [f"{i.node_namespace}/{i.node_name}" for i in node.get_publishers_info_by_topic("/parameter_events")],
    }


def send(task, feedback):
    action.wait_for_server(timeout_sec=10.0)
    handle = wait(
        action.send_goal_async(
            Accomplish.Goal(task=task), feedback_callback=lambda m: feedback.append((time.time(), m.feedback))
        )
    )
    return handle, handle.get_result_async()


def outcome(future, began, feedback):
    response = wait(future)
    r = response.result
    fb = [{"level": f.level, "progress": f.progress, "margin": f.guardrail_margin} for _, f in feedback]
    return {
        "status": response.status,
        "success": r.success,
        "code": r.error_code,
        "message": r.error_message,
        "energy": r.energy,
        "took": time.time() - began,
        "feedback": fb,
    }


def goal(q):
    action.wait_for_server(timeout_sec=10.0)
    began, feedback = time.time(), []
    handle, result = send(q["task"], feedback)
    answer = {}
    if "cancel_after" in q:
        time.sleep(q["cancel_after"])
        answer["canceling"] = len(wait(handle.cancel_goal_async()).goals_canceling)
    if "then" in q:
        time.sleep(0.3)
        others = []
        _, second = send(q["then"], others)
        answer["second"] = outcome(second, time.time(), others)
    answer.update(outcome(result, began, feedback))
    return answer


def parameter(name, value):
    if isinstance(value, bool):
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_BOOL, bool_value=value))
    if isinstance(value, str):
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_STRING, string_value=value))
    if value is None:
        return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_NOT_SET))
    return Parameter(name=name, value=ParameterValue(type=ParameterType.PARAMETER_DOUBLE, double_value=float(value)))


def set_parameter(q):
    results = call(
        SetParameters, "telos/set_parameters", SetParameters.Request(parameters=[parameter(q["name"], q["value"])]), 3.0
    )
    return {
        "answered": results is not None,
        **({"ok": results.results[0].successful, "reason": results.results[0].reason} if results else {}),
    }


def describe(q):
    d = call(DescribeParameters, "telos/describe_parameters", DescribeParameters.Request(names=q["names"]), 3.0)
    if d is None:
        return {"answered": False}
    return {
        "answered": True,
        "parameters": [
            {
                "name": p.name,
                "description": p.description,
                "read_only": p.read_only,
                "range": [p.floating_point_range[0].from_value, p.floating_point_range[0].to_value]
                if p.floating_point_range
                else None,
            }
            for p in d.descriptors
        ],
    }


def get(q):
    values = call(GetParameters, "telos/get_parameters", GetParameters.Request(names=[q["name"]])).values
    return {"string": values[0].string_value, "bool": values[0].bool_value}


def publish(q):
    """Every input once, joint states stamped now."""
    publishers = [
        node.create_publisher(JointState, "joint_states", 10),
        node.create_publisher(BodyArray, "bodies", 10),
        node.create_publisher(ObjectArray, "objects", 10),
        node.create_publisher(Image, "camera/image_raw", qos_profile_sensor_data),
    ]
    now = node.get_clock().now().to_msg()
    joints = JointState(name=["b", "a"], position=[0.5, -0.25], velocity=[1.0, 2.0])
    bodies = BodyArray(
        bodies=[Body(id="hand", kind=Body.PERSON, p0=Point(x=1.0), p1=Point(x=2.0), radius=0.1, speed_bound=1.6)]
    )
    objects = ObjectArray(objects=[Object(id="puck", pose=Pose(position=Point(z=0.5)), position_std=0.01)])
    image = Image(width=2, height=1, encoding="bgr8", step=8, data=[1, 2, 3, 4, 5, 6, 9, 9])
    end = time.time() + 1.0
    while time.time() < end:
        for publisher, message in zip(publishers, (joints, bodies, objects, image)):
            message.header.stamp = node.get_clock().now().to_msg()
            publisher.publish(message)
        time.sleep(0.02)
    return {"at": now.sec}


def garbage(q):
    """Bytes that are no JointState: a message of another type cannot be sent on the topic, but its arrays may lie."""
    p = node.create_publisher(JointState, "joint_states", 10)
    for _ in range(50):
        p.publish(JointState(name=["x"], position=[float("nan")] * 3))
        time.sleep(0.01)
    return {}


def clock(q):
    """/clock at 100 Hz from `start` on, at `rate`, for `seconds`."""
    p = node.create_publisher(Clock, "/clock", 10)
    began = time.time()
    while time.time() - began < q["seconds"]:
        t = q["start"] + q["rate"] * (time.time() - began)
        m = Clock()
        m.clock.sec, m.clock.nanosec = int(t), int((t % 1) * 1e9)
        p.publish(m)
        time.sleep(0.01)
    stamps = [
        (at, m.header.stamp.sec + m.header.stamp.nanosec * 1e-9) for at, m in seen.get("state", []) if at > began + 1
    ]
    return {"errors": [s - (q["start"] + q["rate"] * (at - began)) for at, s in stamps]}


def watch(q):
    handle = send(q["task"], [])[0] if "task" in q else None
    time.sleep(0.2)
    seen.clear()
    time.sleep(q["seconds"])
    if handle:
        wait(handle.cancel_goal_async())
    counts = {key: len(list(messages)) for key, messages in seen.items()}
    answer = {"counts": counts}
    if "commands" in seen:
        c = seen["commands"][-1][1]
        answer["command"] = {
            "names": list(c.joint_names),
            "age": seen["commands"][-1][0] - (c.header.stamp.sec + c.header.stamp.nanosec * 1e-9),
            "times": [p.time_from_start.sec + p.time_from_start.nanosec * 1e-9 for p in c.points],
            "positions": [list(p.positions) for p in c.points],
            "velocities": [list(p.velocities) for p in c.points],
        }
    if "diagnostics" in seen:
        answer["diagnostics"] = {
            s.name: [int.from_bytes(s.level, "little"), s.message] for s in seen["diagnostics"][-1][1].status
        }
    if "state" in seen:
        s = seen["state"][-1][1]
        answer["state"] = {
            "mode": s.mode,
            "frame": s.header.frame_id,
            "beliefs": [[b.id, b.last_seen] for b in s.beliefs],
        }
    if "markers" in seen:
        answer["markers"] = sorted({m.ns for m in seen["markers"][-1][1].markers})
    return answer


def trigger(q):
    r = call(Trigger, "telos/" + q["name"], Trigger.Request())
    return {"success": r.success, "message": r.message}


actions = {
    "lifecycle": lifecycle,
    "events": events,
    "change": lambda q: change(q["transition"]),
    "state": lambda q: {"state": state()},
    "goal": goal,
    "trigger": trigger,
    "set": set_parameter,
    "describe": describe,
    "get": get,
    "publish": publish,
    "garbage": garbage,
    "watch": watch,
    "clock": clock,
}
print("client ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = actions[question["do"]](question)
    except Exception as error:  # told, so that the test fails with its reason instead of by silence
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
