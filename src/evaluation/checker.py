"""Gives the arm goals, disturbs it and checks it by the simulator's ground truth. It uses only the public interface:
topics, services, actions. Driven by lines of JSON on stdin, {"do": …}; answers with one line of JSON each.
"""

import json
import os
import signal
import sys
import threading
import time

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String
from std_srvs.srv import Trigger
from telos_interfaces.action import Accomplish
from telos_interfaces.msg import GroundTruth, Plan
from telos_interfaces.srv import Perturb, ResetScene

from impostor import Impostor
from recording import TRUTH, Recording, seconds

ASKED, ANSWER = 8, 8.0  # times a service is asked, s it is waited for

try:
    os.setpriority(
        os.PRIO_PROCESS, 0, -5
    )  # beside agents and simulators, which are at -10, two cores would tell it of what happened seconds later
except PermissionError:
    pass

rclpy.init()
node = rclpy.create_node("checker")
recording, impostor = Recording(), Impostor(node, beside="--only-source" not in sys.argv)
diagnostics: dict = {}
plans: list = []
goals: list = []


def look(m):
    recording.look(m)
    impostor.follow(m)


def diagnose(m):
    for s in m.status:
        diagnostics[s.name.split(": ")[-1]] = {
            "level": s.level[0],
            "message": s.message,
            "values": {v.key: v.value for v in s.values},
        }


node.create_subscription(GroundTruth, "telos_sim/ground_truth", look, 1000)
node.create_subscription(DiagnosticArray, "/diagnostics", diagnose, 10)
node.create_subscription(
    String,
    "robot_description",
    lambda m: recording.describe(m.data),
    QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL),
)
if "--plans" in sys.argv:
    node.create_subscription(
        Plan,
        "telos/plan",
        lambda m: plans.append(
            (seconds(m.header.stamp), [(p.level, p.time, p.rollouts, p.iterations) for p in m.levels])
        ),
        100,
    )
action = ActionClient(node, Accomplish, "telos/accomplish")
services = {
    name: node.create_client(kind, name)
    for name, kind in (
        ("telos/emergency_stop", Trigger),
        ("telos/reset", Trigger),
        ("telos_guard/emergency_stop", Trigger),
        ("telos_guard/reset", Trigger),
        ("telos_sim/perturb", Perturb),
        ("telos_sim/reset", ResetScene),
    )
}
executor = SingleThreadedExecutor()
executor.add_node(node)
threading.Thread(target=executor.spin, daemon=True).start()


def until(condition, timeout):
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def wait(future, timeout=60.0):
    if not until(future.done, timeout):
        raise TimeoutError("no answer over DDS")
    return future.result()


def call(name, request):
    if not services[name].wait_for_service(timeout_sec=10.0):
        raise TimeoutError(f"no service {name}")
    for _ in range(ASKED):  # a server that has just come up may not know yet where to answer
        future = services[name].call_async(request)
        if until(future.done, ANSWER):
            return {"success": future.result().success, "message": future.result().message}
    raise TimeoutError("no answer over DDS")


def ready(_):
    """Until ground truth, limits and the agent's action are there."""
    return {
        "truth": until(lambda: recording.last is not None and len(recording.limits) > 0, 20.0),
        "agent": action.wait_for_server(timeout_sec=20.0),
    }


def goal(q):
    text = " " * q["blanks"] + q["task"] if "blanks" in q else q["task"]
    request, end = Accomplish.Goal(task=text, timeout=float(q.get("timeout", 0))), time.monotonic() + 60.0
    recording.ask_now()
    # a new server hears of us with our next announcement, up to 3 s late (decision 30): a request before that is
    # never answered
    while not until((asked := action.send_goal_async(request)).done, 3.0):
        if time.monotonic() > end:
            raise TimeoutError("no answer over DDS")
    handle = asked.result()
    goals.append((handle, handle.get_result_async()))
    return {"goal": len(goals) - 1, "accepted": handle.accepted, "at": recording.t[-1]}


def result(q):
    answer = wait(goals[q["goal"]][1], q.get("within", 60.0))
    r = answer.result
    return {
        "status": answer.status,
        "success": r.success,
        "code": r.error_code,
        "message": r.error_message,
        "duration": r.duration,
        "at": recording.t[-1],
        "speed": recording.speed[-1],
    }


def moving(q):
    """Until the arm moves faster than `above`, rad/s."""
    return {
        "moving": until(lambda: recording.speed and recording.speed[-1] > q["above"], q.get("within", 15.0)),
        "speed": recording.speed[-1],
    }


def act(q):
    """Does something to the arm or its agent, and marks the moment: the way to rest is measured from here."""
    speed = recording.mark_now()
    what = q["what"]
    if what == "cancel":
        goals[q["goal"]][0].cancel_goal_async()
    elif what == "signal":
        os.kill(q["pid"], getattr(signal, q["signal"]))
    elif what in ("emergency_stop", "reset"):
        return {"speed": speed, **call(f"{q.get('of', 'telos')}/{what}", Trigger.Request())}
    elif what == "perturb":
        request = Perturb.Request(
            action=q["action"], target=q["target"], value=float(q.get("value", 0)), duration=float(q.get("duration", 0))
        )
        return {"speed": speed, **call("telos_sim/perturb", request)}
    elif what == "joint_states":
        impostor.fault, impostor.sent = q["fault"], 0
    else:
        raise ValueError(f"no act '{what}'")
    return {"speed": speed, "success": True}


def rest(q):
    """Until the arm rests; how long that took from the mark, and how long its speeds needed."""
    still = until(recording.still, q.get("within", 10.0))
    return {"still": still, **recording.way_to_rest(q["accelerations"])}


def verdict(_):
    """Of all that was so far: what is still on its way to this process is waited for."""
    now = recording.present() - TRUTH
    until(lambda: recording.heard_all_until(now), 10.0)
    return recording.verdict()


def reset_scene(q):
    answer = call("telos_sim/reset", ResetScene.Request(scene=q.get("scene", ""), seed=q.get("seed", 1)))
    time.sleep(0.1)
    return answer


def begin(_):
    recording.begin()
    plans.clear()
    return {"began": until(lambda: len(recording.t) > 0, 5.0)}


def sleep(q):
    time.sleep(q["seconds"])
    return {}


answers = {
    "ready": ready,
    "begin": begin,
    "goal": goal,
    "result": result,
    "moving": moving,
    "act": act,
    "rest": rest,
    "reset_scene": reset_scene,
    "verdict": verdict,
    "sleep": sleep,
    "sent": lambda q: {"sent": impostor.sent},
    "diagnostics": lambda q: diagnostics,
    "plans": lambda q: {"plans": plans},
}
print("checker ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = answers[question["do"]](question)
    except Exception as error:  # told, so that a test fails with its reason instead of by silence
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
os._exit(0)
