"""The agent's tasks and services: goals of its action, cancelled and preempted, and its emergency stop and reset."""

import time

from rclpy.action import ActionClient
from std_srvs.srv import Trigger
from telos_interfaces.action import Accomplish

from connection import call, node, wait

action = ActionClient(node, Accomplish, "telos/accomplish")


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


def trigger(q):
    r = call(Trigger, "telos/" + q["name"], Trigger.Request())
    return {"success": r.success, "message": r.message}


actions = {"goal": goal, "trigger": trigger}
