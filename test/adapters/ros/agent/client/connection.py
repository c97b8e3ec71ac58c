"""The client's own node, spinning, what it has heard of the agent, and how it calls services."""

import sys
import threading
import time

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import LifecycleNode
from telos_interfaces.msg import AgentState, Plan
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
