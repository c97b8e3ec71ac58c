"""Forward kinematics of the chain from base to tool, by the URDF that each recording contains."""

import xml.etree.ElementTree as ElementTree

import numpy as np


def _need(joint: ElementTree.Element, tag: str) -> ElementTree.Element:
    found = joint.find(tag)
    if found is None:
        raise ValueError(f"URDF: joint {joint.get('name')} has no {tag}")
    return found


class Arm:
    """The chain T = Π_i O_i M_i(q_i): O_i the origin of joint i in the URDF, M_i its motion, [4,4] each.

    @raises ValueError where the URDF has no such chain
    """

    def __init__(self, urdf: str, base: str, tool: str):
        child_of = {}
        for j in ElementTree.fromstring(urdf).findall("joint"):
            child_of[_need(j, "child").get("link")] = j
        chain = []
        link: str | None = tool
        while link != base:
            if link not in child_of:
                raise ValueError(f"URDF: no chain of joints from {base} to {tool}: {link} has no parent")
            chain.insert(0, child_of[link])
            link = _need(chain[0], "parent").get("link")
        self.chain = [(j.get("type"), _origin(j), _axis(j)) for j in chain]
        self.joints = [j.get("name") for j in chain if j.get("type") != "fixed"]

    def tool(self, q: np.ndarray) -> np.ndarray:
        """[N,nq] rad → tool position [N,3] m in the base frame."""
        pose = np.broadcast_to(np.eye(4), (len(q), 4, 4))
        i = 0
        for kind, origin, axis in self.chain:
            pose = pose @ origin
            if kind == "fixed":
                continue
            pose = pose @ (_slide(axis, q[:, i]) if kind == "prismatic" else _turn(axis, q[:, i]))
            i += 1
        return pose[:, :3, 3]


def _numbers(element: ElementTree.Element | None, key: str, default: str) -> np.ndarray:
    return np.array([float(x) for x in ((element.get(key) if element is not None else None) or default).split()])


def _axis(joint: ElementTree.Element) -> np.ndarray:
    k = _numbers(joint.find("axis"), "xyz", "1 0 0")
    return k / np.linalg.norm(k)


def _origin(joint: ElementTree.Element) -> np.ndarray:
    """Of a joint in its parent link, [4,4]: roll, pitch, yaw about fixed axes, R = Rz(yaw) Ry(pitch) Rx(roll)."""
    o = joint.find("origin")
    roll, pitch, yaw = _numbers(o, "rpy", "0 0 0")
    turn = (
        _turn(np.array([0, 0, 1.0]), np.array([yaw]))
        @ _turn(np.array([0, 1.0, 0]), np.array([pitch]))
        @ _turn(np.array([1.0, 0, 0]), np.array([roll]))
    )
    pose = turn[0]
    pose[:3, 3] = _numbers(o, "xyz", "0 0 0")
    return pose


def _turn(axis: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Rodrigues: R = I + sin θ [k]× + (1 − cos θ) [k]×². Unit axis k [3], θ [N] rad → [N,4,4]"""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    pose = np.zeros((len(angle), 4, 4))
    pose[:, :3, :3] = (
        np.eye(3) + np.sin(angle)[:, None, None] * cross + (1 - np.cos(angle))[:, None, None] * (cross @ cross)
    )
    pose[:, 3, 3] = 1
    return pose


def _slide(axis: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Unit axis [3], distance [N] m → [N,4,4]"""
    pose = np.broadcast_to(np.eye(4), (len(distance), 4, 4)).copy()
    pose[:, :3, 3] = distance[:, None] * axis
    return pose
