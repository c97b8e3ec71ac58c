"""An arm by others behind the topics of ros2_control, and what gives it goals and checks them: native MuJoCo, a
controller of its own, its own eyes. It knows of telos the outside contract alone. argv: the arm, the robot's YAML, how
many goals there are, their seed. Driven by lines of JSON on stdin, {"do": "ready" | "goal"}; answers with one line of
JSON each. In real time, stamps by the machine's clock; or, where a fifth argument tells a pace below 1, so many seconds
on /clock in a second: for a machine that has other things to do.
"""

import json
import math
import os
import queue
import re
import sys
import threading
from collections import deque

import numpy as np
import rclpy
import yaml
from rclpy.action import ActionClient
from rclpy.qos import DurabilityPolicy, QoSProfile
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from std_srvs.srv import Trigger
from telos_interfaces.action import Accomplish
from trajectory_msgs.msg import JointTrajectory

import descriptions
from controller import Controller
from goals import draw, task
from observer import Observer
from plant import STEP, Plant
from trajectory import Trajectory

STATES = 0.01  # s between joint states
REST = 1.0  # s after the result until the arm must be where it was told to be
PATIENCE = 60.0  # s for an answer
STALL = 0.02  # s behind real time that are told
BEHIND = 0.2  # s that are given up where the machine stood still for longer


def number(text):
    """ "150 deg/s" → rad/s; numbers without deg as they are."""
    value, unit = re.fullmatch(r"\s*([-+.\deE]+)\s*(.*)", str(text)).groups()
    return math.radians(float(value)) if unit.startswith("deg") else float(value)


def limits_of(robot):
    of = lambda key, default=None: np.array(
        [number(robot["limits"]["joints"][j].get(key, default)) for j in robot["joints"]]
    )
    return {
        "lower": of("lower"),
        "upper": of("upper"),
        "velocity": of("velocity"),
        "acceleration": of("acceleration", robot["limits"]["acceleration"]),
    }


arm, file, count, seed, pace = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
with open(file, encoding="utf-8") as f:
    robot = yaml.safe_load(f)
limits, tool, urdf = limits_of(robot), robot["tool"], descriptions.urdf(arm)
plant = Plant(urdf, robot["joints"], [number(q) for q in robot["home"]])
controller = Controller(plant.joints, plant.q)
wanted = draw(plant, tool, limits["lower"], limits["upper"], count, seed)

try:
    os.setpriority(
        os.PRIO_PROCESS, 0, -15
    )  # as controllers run before all else: DDS has threads of its own, which inherit it
except PermissionError:
    pass
rclpy.init()
node = rclpy.create_node("foreign_arm")
states = node.create_publisher(JointState, "joint_states", 10)
description = node.create_publisher(
    String, "robot_description", QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
)
description.publish(String(data=urdf))
commands = node.create_subscription(
    JointTrajectory,
    robot.get("controller", {}).get("topic", "joint_trajectory_controller/joint_trajectory"),
    lambda m, info: command(m, info),
    100,
    raw=True,
)
reset = node.create_client(Trigger, "telos/reset")
action = ActionClient(node, Accomplish, "telos/accomplish")
executor = rclpy.executors.SingleThreadedExecutor()
executor.add_node(node)
wall = lambda: node.get_clock().now().nanoseconds * 1e-9
began = wall()
clock = lambda: began + (wall() - began) * pace
ticks = node.create_publisher(Clock, "/clock", 10) if pace < 1 else None
lines = queue.SimpleQueue()
came = deque()  # trajectories that the controller has not taken yet, and when they came


def command(m, info):
    """A controller takes what comes at once, on a computer of its own. Here it may be behind, and takes it by the time
    at which DDS had it, so that it is late only if its sender is.
    """
    came.append((began + (info["received_timestamp"] * 1e-9 - began) * pace, m))


def take():
    """The newest that had come by now."""
    while (got := commands.handle.take_message(JointTrajectory, True)) is not None:
        command(*got)
    newest = None
    while came and came[0][0] <= now:
        newest = came.popleft()[1]
    if newest is not None:
        controller.receive(Trajectory(newest), now)


def tick():
    m = Clock()
    m.clock.sec, m.clock.nanosec = int(now), int(now % 1 * 1e9)
    ticks.publish(m)


def publish():
    m = JointState(name=plant.joints, position=plant.q.tolist(), velocity=plant.v.tolist())
    m.header.stamp.sec, m.header.stamp.nanosec = int(now), int(now % 1 * 1e9)
    states.publish(m)


def until(condition, timeout=PATIENCE):
    end = now + timeout
    while not condition():
        if now > end:
            raise TimeoutError("no answer over DDS")
        yield


def ready(_):
    yield from until(lambda: action.server_is_ready())
    return {"goals": count}


def goal(q):
    """One goal: sent, awaited, and what holds a second later. {"n": which, "tolerance": m, "angle": deg, "hold": s}"""
    global watch
    _, position, rotation = wanted[q["n"]]
    within = (q["tolerance"], q["angle"])
    text = task(position, rotation, *within, q["hold"])
    asked = action.send_goal_async(Accomplish.Goal(task=text))
    yield from until(asked.done)
    handle = asked.result()
    if not handle.accepted:
        return {"n": q["n"], "success": False, "message": "not accepted", "holds": False}
    controller.silence, behind = 0.0, len(stalls)
    watch = Observer(plant, controller, tool, limits, (position, rotation), within, now)
    result = handle.get_result_async()
    yield from until(result.done)
    r = result.result().result
    told, still = watch.told(), now + REST
    yield from until(lambda: now >= still)
    end = watch.told()
    watch = None
    if "latched" in r.error_message or "stopped by" in r.error_message:  # what failed shall not fail the goals after it
        freed = reset.call_async(Trigger.Request())
        yield from until(freed.done)
    holds = end["error"][0] <= within[0] and end["error"][1] <= within[1]
    return {
        **end,
        "n": q["n"],
        "success": r.success,
        "code": r.error_code,
        "message": r.error_message,
        "duration": r.duration,
        "holds": holds,
        "told": {"error": told["error"], "speed": told["speed"]},
        "silence": controller.silence,
        "rejected": controller.rejected[-3:],
        "stalls": stalls[behind:],
        "task": text,
    }


def read():
    for line in sys.stdin:
        lines.put(line)
    os._exit(0)


def answer(question):
    try:
        found = yield from {"ready": ready, "goal": goal}[question["do"]](question)
    except Exception as wrong:  # told, so that a test fails with its reason instead of by silence
        found = {"error": repr(wrong)}
    print(json.dumps(found), flush=True)


watch, work, stalls = None, None, []
threading.Thread(target=read, daemon=True).start()
now = sent = clock()
print("foreign arm ready", flush=True)
while True:
    late = clock() - now
    if late > STALL:
        stalls.append(round(late, 3))
    if late > BEHIND:
        now += late
    while True:
        if clock() < now + STEP:
            break
        now += STEP
        take()
        controller.update(now)
        plant.step(controller.q, controller.v)
        if ticks is not None:
            tick()
        if watch is not None:
            watch.look(now)
        if now >= sent + STATES:
            sent += STATES
            publish()
    sent = max(sent, now - STATES)
    executor.spin_once(timeout_sec=max(0.0, min(now + STEP - clock(), STEP) / pace))
    if work is None and not lines.empty():
        work = answer(json.loads(lines.get()))
    if work is not None:
        try:
            next(work)
        except StopIteration:
            work = None
