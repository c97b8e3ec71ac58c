"""A ROS 2 node that knows only the outside contract of the simulator, driven by lines of JSON on stdin; for
SimNode.test.ts. argv[1]: the namespace. Python, so that nothing of ours is on this side of the wire.
"""

import json
import sys
import threading
import time

import rclpy
from builtin_interfaces.msg import Duration
from rcl_interfaces.msg import Parameter
from rcl_interfaces.srv import DescribeParameters, GetParameters, ListParameters, SetParameters
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile, qos_profile_sensor_data
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image, JointState
from std_msgs.msg import String
from telos_interfaces.msg import BodyArray, GroundTruth, Object, ObjectArray
from telos_interfaces.srv import Perturb, ResetScene
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

rclpy.init()
node = rclpy.create_node("client", namespace=sys.argv[1])
counts, last, clock = {}, {}, {"newest": 0.0, "backwards": 0}


def seconds(stamp):
    return stamp.sec + stamp.nanosec * 1e-9


def listen(kind, topic, key, qos):
    def take(message):
        counts[key] = counts.get(key, 0) + 1
        last[key] = message
        if key == "clock":
            t = seconds(message.clock)
            clock["backwards"] += t < clock["newest"]
            clock["newest"] = t

    node.create_subscription(kind, topic, take, qos)


listen(Clock, "/clock", "clock", 50)
listen(JointState, "joint_states", "joint_states", 50)
listen(Image, "camera/image_raw", "camera/image_raw", qos_profile_sensor_data)
listen(CameraInfo, "camera/camera_info", "camera/camera_info", qos_profile_sensor_data)
listen(
    String, "robot_description", "robot_description", QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
)
listen(BodyArray, "bodies", "bodies", 10)
listen(ObjectArray, "objects", "objects", 10)
listen(GroundTruth, "telos_sim/ground_truth", "ground_truth", 100)
commands = node.create_publisher(JointTrajectory, "joint_trajectory_controller/joint_trajectory", 1)
reset = node.create_client(ResetScene, "telos_sim/reset")
perturb = node.create_client(Perturb, "telos_sim/perturb")
executor = SingleThreadedExecutor()
executor.add_node(node)
threading.Thread(target=executor.spin, daemon=True).start()


def names():
    return list(last["ground_truth"].joint_state.name)


def q():
    return list(last["ground_truth"].joint_state.position)


def v():
    return list(last["ground_truth"].joint_state.velocity)


def publish(points, joints=None):
    m = JointTrajectory(joint_names=joints or names())
    for t, position, velocity in points:
        m.points.append(
            JointTrajectoryPoint(
                positions=position, velocities=velocity, time_from_start=Duration(sec=int(t), nanosec=int(t % 1 * 1e9))
            )
        )
    commands.publish(m)


def call(client, request):
    future = client.call_async(request)
    while not future.done():
        time.sleep(0.01)
    return {"success": future.result().success, "message": future.result().message}


def watch(a):
    counts.clear()
    last.pop("bodies", None)
    time.sleep(a["seconds"])
    image, truth, bodies = last["camera/image_raw"], last["ground_truth"], last.get("bodies")
    return {
        "counts": dict(counts),
        "backwards": clock["backwards"],
        "age": time.time() - seconds(last["joint_states"].header.stamp),
        "names": list(last["joint_states"].name),
        "image": {
            "width": image.width,
            "height": image.height,
            "encoding": image.encoding,
            "step": image.step,
            "bytes": len(image.data),
            "frame": image.header.frame_id,
        },
        "info": list(map(float, last["camera/camera_info"].k)),
        "description": last["robot_description"].data,
        "truth": {
            "scene": truth.scene,
            "seed": truth.seed,
            "persons": list(truth.person_ids),
            "objects": {o.id: [o.pose.position.x, o.pose.position.y] for o in truth.objects},
        },
        "bodies": len(bodies.bodies) if bodies else 0,
        "objects": [o.id for o in last["objects"].objects],
    }


def move(a):
    start, goal = q(), list(last["ground_truth"].desired.position)
    goal[a["joint"]] += a["by"]
    publish([(a["seconds"], goal, [0.0] * len(goal))])
    time.sleep(a["seconds"] + 1)
    return {"moved": q()[a["joint"]] - start[a["joint"]], "error": max(abs(x - y) for x, y in zip(q(), goal))}


def nonsense(_):
    start = q()
    publish([(0.5, [x + 0.3 for x in start], [])], names()[1:] + ["nobody"])
    time.sleep(0.8)
    return {"moved": max(abs(x - y) for x, y in zip(q(), start))}


def stream_and_stop(_):
    """A stream of step + braking tail at 20 Hz, which falls silent in full motion."""
    q0, speed, brake = list(last["ground_truth"].desired.position), 0.4, 4.0
    began, fastest = time.time(), 0.0

    def row(x, s):
        return [q0[0] - x] + q0[1:], [-s] + [0.0] * (len(q0) - 1)

    while time.time() - began < 0.8:
        x = speed * (time.time() - began) + 0.05 * speed
        publish([(0.05, *row(x, speed)), (0.05 + speed / brake, *row(x + speed**2 / 2 / brake, 0.0))])
        time.sleep(0.05)
        fastest = max(fastest, abs(v()[0]))
    time.sleep(0.7)
    return {"speed": fastest, "rest": max(map(abs, v()))}


def disturb(a):
    r = Perturb.Request(
        action=a["action"], target=a["target"], value=float(a.get("value", 0)), duration=float(a.get("duration", 0))
    )
    return call(perturb, r)


def begin(a):
    r = ResetScene.Request(scene=a["scene"], seed=a["seed"])
    if "object" in a:
        o = Object(id=a["object"])
        o.pose.position.x, o.pose.position.y, o.pose.position.z = map(float, a["at"])
        o.pose.orientation.w = 1.0
        r.objects.append(o)
    return call(reset, r)


def parameters(_):
    """All that telos_sim declares, with its answer to an attempt to set each; asks for one that there is not as
    well.
    """

    def ask(kind, name, request):
        client = node.create_client(kind, f"telos_sim/{name}")
        client.wait_for_service(timeout_sec=10.0)
        future = client.call_async(request)
        end = time.time() + 5
        while not future.done() and time.time() < end:
            time.sleep(0.01)
        return future.result()

    def plain(v):
        return {1: v.bool_value, 2: v.integer_value, 3: v.double_value, 4: v.string_value}[v.type]

    ask(DescribeParameters, "describe_parameters", DescribeParameters.Request(names=["no_such_parameter"]))
    listed = [
        n
        for n in ask(ListParameters, "list_parameters", ListParameters.Request()).result.names
        if n != "start_type_description_service"
    ]  # of every rcl node
    values = ask(GetParameters, "get_parameters", GetParameters.Request(names=listed)).values
    described = ask(DescribeParameters, "describe_parameters", DescribeParameters.Request(names=listed)).descriptors
    tried = ask(
        SetParameters,
        "set_parameters",
        SetParameters.Request(parameters=[Parameter(name=n, value=v) for n, v in zip(listed, values)]),
    ).results
    return {
        d.name: {
            "value": plain(v),
            "description": d.description,
            "readOnly": d.read_only,
            "set": "" if s.successful else s.reason,
        }
        for d, v, s in zip(described, values, tried)
    }


actions = {
    "parameters": parameters,
    "watch": watch,
    "move": move,
    "nonsense": nonsense,
    "streamAndStop": stream_and_stop,
    "perturb": disturb,
    "reset": begin,
}
while (
    not {"ground_truth", "joint_states", "camera/image_raw", "camera/camera_info", "robot_description", "objects"}
    <= last.keys()
):
    time.sleep(0.05)
print("client ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(actions[question["do"]](question)), flush=True)
