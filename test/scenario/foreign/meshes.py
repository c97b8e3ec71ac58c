"""Triangles of what a URDF's <geometry> names: STL, OBJ and COLLADA files, and primitives."""

import math
import re
import xml.etree.ElementTree as xml

import numpy as np


def numbers(text, default):
    return np.array([float(x) for x in (text or default).split()])


def pose(origin):
    """4×4 of a URDF's origin."""
    T = np.eye(4)
    if origin is not None:
        T[:3, 3] = numbers(origin.get("xyz"), "0 0 0")
        r, p, y = numbers(origin.get("rpy"), "0 0 0")
        T[:3, :3] = turn([0, 0, 1], y) @ turn([0, 1, 0], p) @ turn([1, 0, 0], r)
    return T


def turn(axis, angle):
    x, y, z = axis
    K = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(angle) * K + (1 - math.cos(angle)) * K @ K


def triangles(file):
    """[n,3,3] m of a mesh's own units."""
    kind = file.lower().rsplit(".", 1)[1]
    if kind == "obj":
        corners, faces = [], []
        for line in open(file, encoding="latin1"):
            if line.startswith("v "):
                corners.append([float(x) for x in line.split()[1:4]])
            elif line.startswith("f "):
                f = [int(w.split("/")[0]) for w in line.split()[1:]]
                f = [i - 1 if i > 0 else len(corners) + i for i in f]
                faces += [(f[0], f[k], f[k + 1]) for k in range(1, len(f) - 1)]
        return np.array(corners)[np.array(faces)]
    if kind == "dae":
        return collada(file)
    data = open(file, "rb").read()
    count = int(np.frombuffer(data, "<u4", 1, 80)[0]) if len(data) >= 84 else -1
    if len(data) != 84 + 50 * count:
        return np.array([[float(x) for x in m] for m in re.findall(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)", data)]).reshape(
            -1, 3, 3
        )
    return np.frombuffer(data, np.dtype([("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")]), count, 84)["v"].astype(
        float
    )


def collada(file):
    """[n,3,3] m of the first frame of a COLLADA file, its units and its up axis taken to URDF's."""
    tree = xml.fromstring(re.sub(rb'xmlns="[^"]*"', b"", open(file, "rb").read(), count=1))
    unit = float(next((u.get("meter", "1") for u in tree.iter("unit")), "1"))
    up = next((u.text.strip() for u in tree.iter("up_axis")), "Y_UP")
    shapes = {}
    for g in tree.iter("geometry"):
        sources = {
            s.get("id"): np.array(s.find("float_array").text.split(), float)
            for s in g.iter("source")
            if s.find("float_array") is not None and s.find("float_array").text
        }
        places = {
            v.get("id"): next(i.get("source")[1:] for i in v.iter("input") if i.get("semantic") == "POSITION")
            for v in g.iter("vertices")
        }
        found = []
        for p in [*g.iter("triangles"), *g.iter("polylist")]:
            vertex = next(i for i in p.findall("input") if i.get("semantic") == "VERTEX")
            step, o = 1 + max(int(i.get("offset")) for i in p.findall("input")), int(vertex.get("offset"))
            index = (
                np.array(p.find("p").text.split(), int)[o::step]
                if p.find("p") is not None and p.find("p").text
                else np.zeros(0, int)
            )
            points = sources[places[vertex.get("source")[1:]]].reshape(-1, 3)
            if p.tag == "polylist":
                at, faces = 0, []
                for n in map(int, p.find("vcount").text.split()):
                    faces += [(index[at], index[at + k], index[at + k + 1]) for k in range(1, n - 1)]
                    at += n
                index = np.array(faces, int).ravel()
            found.append(points[index].reshape(-1, 3, 3))
        shapes[g.get("id")] = np.concatenate(found) if found else np.zeros((0, 3, 3))
    out = []

    def walk(node, T):
        for e in node:
            if e.tag == "matrix":
                T = T @ numbers(e.text, "").reshape(4, 4)
            elif e.tag == "translate":
                M = np.eye(4)
                M[:3, 3] = numbers(e.text, "")
                T = T @ M
            elif e.tag == "scale":
                T = T @ np.diag([*numbers(e.text, ""), 1])
            elif e.tag == "rotate":
                x, y, z, a = numbers(e.text, "")
                M = np.eye(4)
                M[:3, :3] = turn(np.array([x, y, z]) / np.linalg.norm([x, y, z]), math.radians(a))
                T = T @ M
            elif e.tag == "instance_geometry":
                v = shapes[e.get("url")[1:]]
                out.append(v @ T[:3, :3].T + T[:3, 3])
            elif e.tag == "node":
                walk(e, T)

    for scene in tree.iter("visual_scene"):
        for node in scene.findall("node"):
            walk(node, np.eye(4))
    v = np.concatenate(out or list(shapes.values())) * unit
    return v @ turn([1, 0, 0], math.pi / 2).T if up == "Y_UP" else v


def primitive(g):
    """Triangles of a box, cylinder, sphere or capsule, round ones as polyhedra of 32 sides within them."""
    n = 32
    ring = [(math.cos(2 * math.pi * k / n), math.sin(2 * math.pi * k / n)) for k in range(n)]
    if g.tag == "box":
        x, y, z = numbers(g.get("size"), "") / 2
        rows = [[(-x, -y), (x, -y), (x, y), (-x, y)]] * 2
        heights = [-z, z]
    else:
        r, l = float(g.get("radius")), float(g.get("length", 0))
        turns = [] if g.tag == "cylinder" else [math.pi * k / 16 - math.pi / 2 for k in range(17)]
        rings = (
            [(r, -l / 2), (r, l / 2)]
            if g.tag == "cylinder"
            else [(r * math.cos(t), r * math.sin(t) + math.copysign(l / 2, t)) for t in turns]
        )
        rows, heights = [[(s * c, s * d) for c, d in ring] for s, _ in rings], [h for _, h in rings]
    loops = [np.array([[x, y, h] for x, y in row]) for row, h in zip(rows, heights)]
    found = []
    for low, high in zip(loops, loops[1:]):
        for k in range(len(low)):
            m = (k + 1) % len(low)
            found += [(low[k], low[m], high[m]), (low[k], high[m], high[k])]
    for loop in (loops[0], loops[-1]):
        found += [(loop[0], loop[k], loop[k + 1]) for k in range(1, len(loop) - 1)]
    return np.array(found)
