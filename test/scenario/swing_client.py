"""A stranger who sends the arm swinging about its first joint and watches the ground truth; for agentNode.test.ts.
Driven by lines of JSON on stdin.
"""

import json
import sys
import threading
import time

import rclpy
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from std_srvs.srv import Trigger
from telos_interfaces.action import Accomplish
from telos_interfaces.msg import GroundTruth
from telos_interfaces.srv import Perturb

rclpy.init()
node = rclpy.create_node("stranger")
truth = {"time": 0.0, "speed": 0.0, "fastest": 0.0, "messages": 0, "joint1": 0.0, "low": [], "high": []}


def watch(m):
    js = m.joint_state
    truth["messages"] += 1
    truth["time"] = m.header.stamp.sec + 1e-9 * m.header.stamp.nanosec
    truth["speed"] = max(abs(v) for v in js.velocity)
    truth["fastest"] = max(truth["fastest"], truth["speed"])
    truth["joint1"] = js.position[0]
    truth["low"] = [min(a, b) for a, b in zip(truth["low"] or js.position, js.position)]
    truth["high"] = [max(a, b) for a, b in zip(truth["high"] or js.position, js.position)]


node.create_subscription(GroundTruth, "telos_sim/ground_truth", watch, 10)
action = ActionClient(node, Accomplish, "telos/accomplish")
clients = {
    name: node.create_client(kind, name)
    for name, kind in (("telos/emergency_stop", Trigger), ("telos/reset", Trigger), ("telos_sim/perturb", Perturb))
}
executor = SingleThreadedExecutor()
executor.add_node(node)
threading.Thread(target=executor.spin, daemon=True).start()


def wait(future, timeout=40.0):
    end = time.time() + timeout
    while not future.done() and time.time() < end:
        time.sleep(0.002)
    return future.result() if future.done() else None


def call(name, request):
    clients[name].wait_for_service(timeout_sec=10.0)
    return wait(clients[name].call_async(request))


def until(condition, timeout):
    began = time.time()
    while not condition():
        if time.time() - began > timeout:
            return None
        time.sleep(0.001)
    return time.time() - began


def at_rest():
    """Simulated seconds until the arm rests and stays so for 0.1 s: how late a busy machine tells us of it is no
    matter.
    """
    end, began, since = time.time() + 10.0, truth["time"], None
    while time.time() < end:
        if truth["speed"] > 0.005:
            since = None
        else:
            since = since or truth["time"]
            if truth["time"] - since > 0.1:
                return since - began
        time.sleep(0.001)
    return None


def swing(q):
    """Sends joint 1 to `to` and, once it moves faster than `at`, does `then`. Answers how long the arm took to rest
    from there.
    """
    action.wait_for_server(timeout_sec=20.0)
    text = f"name: swing\ngoal:\n  - joint_positions: {{ joint1: {q['to']} rad }}\ntimeout: 20 s\n"
    handle = None
    # a new server hears of us with our next announcement, up to 3 s late (decision 30): a request before that is
    # never answered
    while handle is None:
        handle = wait(action.send_goal_async(Accomplish.Goal(task=text)), 3.0)
    result = handle.get_result_async()
    time.sleep(0.05)
    if result.done() and result.result().result.error_code == Accomplish.Result.STALE_INPUT and q.get("tries", 0) < 20:
        # an agent that has just come up has not been found by the simulator yet: on a busy machine that takes seconds
        time.sleep(0.5)
        return swing({**q, "tries": q.get("tries", 0) + 1})
    answer = {}
    if "then" in q:
        if until(lambda: truth["speed"] > q["at"], 15.0) is None:
            return {
                "error": f"it never moved faster than {q['at']} rad/s; "
                f"{wait(result).result.error_message if result.done() else 'still trying'}"
            }
        answer["speed"] = truth["speed"]
        if q["then"] == "leave":
            return answer
        if q["then"] == "cancel":
            handle.cancel_goal_async()
        elif q["then"] == "stop":
            call("telos/emergency_stop", Trigger.Request())
        elif q["then"] == "silence":
            call("telos_sim/perturb", Perturb.Request(action="drop", target="joint_states", value=1.0, duration=0.6))
        answer["rest"] = at_rest()
    r = wait(result)
    answer.update(
        {
            "status": r.status,
            "success": r.result.success,
            "code": r.result.error_code,
            "message": r.result.error_message,
            "speed_at_end": truth["speed"],
            "joint1": truth["joint1"],
        }
    )
    return answer


actions = {
    "swing": swing,
    "rest": lambda q: {"rest": at_rest()},
    "truth": lambda q: truth,
    "reset": lambda q: {"success": call("telos/reset", Trigger.Request()).success},
}
print("client ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = actions[question["do"]](question)
    except Exception as error:  # told, so that the test fails with its reason instead of by silence
        answer = {"error": repr(error)}
    print(json.dumps(answer), flush=True)
