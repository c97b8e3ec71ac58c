"""A stranger who meddles with the arm's controller by its action, and knows nothing of telos. Driven by lines of JSON
on stdin, {"do": …}; answers with one line of JSON each. Wants control_msgs.
"""

import json
import os
import sys
import threading

import rclpy
from action_msgs.srv import CancelGoal
from builtin_interfaces.msg import Duration
from control_msgs.action import FollowJointTrajectory
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectoryPoint

CONTROLLER = "joint_trajectory_controller"
STOP = 0.5  # s that its goals take to come to rest

rclpy.init()
node = rclpy.create_node("commander")
joints = {}
node.create_subscription(JointState, "joint_states", lambda m: joints.update(now=m), 1)
action = ActionClient(node, FollowJointTrajectory, f"{CONTROLLER}/follow_joint_trajectory")
cancel_goal = node.create_client(CancelGoal, f"{CONTROLLER}/follow_joint_trajectory/_action/cancel_goal")
executor = SingleThreadedExecutor()
executor.add_node(node)
threading.Thread(target=executor.spin, daemon=True).start()


def wait(future):
    done = threading.Event()
    future.add_done_callback(lambda _: done.set())
    if not done.wait(10.0):
        raise TimeoutError("no answer over DDS")
    return future.result()


def ready(_):
    return {
        "action": action.wait_for_server(timeout_sec=20.0),
        "cancel": cancel_goal.wait_for_service(timeout_sec=20.0),
    }


def stop(q):
    """A goal of its own: from where the arm is evenly to rest."""
    now = joints["now"]
    goal = FollowJointTrajectory.Goal()
    goal.trajectory.joint_names = q["joints"]
    at = {n: (x, v) for n, x, v in zip(now.name, now.position, now.velocity)}
    state = [at.get(n, (0.0, 0.0)) for n in q["joints"]]
    point = JointTrajectoryPoint(time_from_start=Duration(sec=0, nanosec=int(STOP * 1e9)))
    point.positions = [x + 0.5 * STOP * v for x, v in state]
    point.velocities = [0.0] * len(state)
    goal.trajectory.points = [point]
    handle = wait(action.send_goal_async(goal))
    if not handle.accepted:
        return {"accepted": False}
    answer = wait(handle.get_result_async())
    return {"accepted": True, "status": answer.status, "code": answer.result.error_code}


answers = {
    "ready": ready,
    "stop": stop,
    "cancel": lambda q: {
        "canceling": len(wait(cancel_goal.call_async(CancelGoal.Request())).goals_canceling)
    },  # every goal, whosever it is
    "publishers": lambda q: {"publishers": node.count_publishers(f"{CONTROLLER}/joint_trajectory")},
}
print("commander ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = answers[question["do"]](question)
    except Exception as error:  # told, so that a test fails with its reason instead of by silence
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
os._exit(0)
