"""Where the links of an arm come near each other, by their own meshes: an oracle that shares no code with src. Reads
URDF, STL, OBJ and COLLADA by itself, cuts every mesh into the hulls of SLICES slabs across its longest side, and lets
native MuJoCo tell how near they are; where they meet, by triangle against triangle whether the surfaces do.

Lines of JSON on stdin, one of JSON each on stdout. The first names the arm: {"urdf": text, "base": link, "joints": [the
arm's]}; answer {"links", "frames", "volumes"}. Then {"q": [[rad or m] ...], "near": m, "exact": whether triangles are
asked, "between": [frame, frame] or absent}: answer {"near": [[row of q, frame, frame, m, link, link, exact]]}, the
nearest of each two frames that do not share a joint. Joints that are not the arm's stand anywhere within their limits,
by chance.
"""

import json
import math
import re
import sys
import xml.etree.ElementTree as xml

import mujoco
import numpy as np

from slabs import slabs

SLICES = 16
LINK = "link:"  # before the names of bodies: a URDF may call a link "world"
THIN = 1e-3  # m: a slab thinner than this is thickened by as much
MOST = 200  # corners of a hull that are kept; the farthest along as many directions


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


WAYS = np.array(
    [
        [math.sqrt(1 - z * z) * math.cos(k * 2.399963), math.sqrt(1 - z * z) * math.sin(k * 2.399963), z]
        for k in range(MOST)
        for z in [1 - (2 * k + 1) / MOST]
    ]
)


def corners(slab):
    """Those that a hull needs, of many the outermost; with a body, where there is none."""
    if len(slab) > MOST:
        slab = slab[np.unique([*(slab @ WAYS.T).argmax(axis=0)])]
    if len(slab) < 4 or np.linalg.svd(slab - slab.mean(axis=0), compute_uv=False)[-1] < THIN:
        slab = np.concatenate([slab + (np.array(d) - 0.5) * THIN for d in np.ndindex(2, 2, 2)])
    return slab


class Arm:
    def __init__(self, text, base, joints):
        tree = xml.fromstring(text)
        self.joints = joints
        all_joints = {j.get("name"): j for j in tree.findall("joint")}
        ends = lambda j: (j.find("parent").get("link"), j.find("child").get("link"))
        links = {l.get("name"): l for l in tree.findall("link")}
        self.frame = {}
        self.meshes = {}  # link: triangles in its frame
        spec = mujoco.MjSpec()
        spec.compiler.degree = False
        order = [(next(iter(set(links) - {ends(j)[1] for j in all_joints.values()})), None)]
        above = {}
        while order:
            name, joint = order.pop(0)
            parent = spec.worldbody if joint is None else above[ends(joint)[0]]
            T = pose(None if joint is None else joint.find("origin"))
            body = parent.add_body(name=LINK + name, pos=T[:3, 3], quat=quat(T[:3, :3]))
            body.mass, body.inertia, body.explicitinertial = 1, [1, 1, 1], True
            above[name] = body
            if joint is not None and joint.get("type") in ("revolute", "continuous", "prismatic"):
                axis = joint.find("axis")
                body.add_joint(
                    name=joint.get("name"),
                    type=mujoco.mjtJoint.mjJNT_SLIDE
                    if joint.get("type") == "prismatic"
                    else mujoco.mjtJoint.mjJNT_HINGE,
                    axis=numbers(None if axis is None else axis.get("xyz"), "1 0 0"),
                )
            self._shapes(spec, body, links[name], name)
            order += [(ends(j)[1], j) for j in all_joints.values() if ends(j)[0] == name]
        rank = {j: i + 1 for i, j in enumerate(joints)}
        up = {ends(j)[1]: j for j in all_joints.values()}
        for name in links:
            at, self.frame[name] = name, 0
            while at in up:
                if up[at].get("name") in rank:
                    self.frame[name] = rank[up[at].get("name")]
                    break
                at = ends(up[at])[0]
        below = lambda name: name == base or (name in up and below(ends(up[name])[0]))
        self.own = [name for name in links if below(name) and name in self.meshes]
        names = list(links)
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                if abs(self.frame[a] - self.frame[b]) < 2 or a not in self.own or b not in self.own:
                    spec.add_exclude(bodyname1=LINK + a, bodyname2=LINK + b)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        at = lambda j: self.model.jnt_qposadr[self.model.joint(j).id]
        self.q = [at(j) for j in joints]
        self.others = []
        for n, j in all_joints.items():
            if n in joints or j.get("type") not in ("revolute", "continuous", "prismatic"):
                continue
            limit = j.find("limit")
            self.others.append(
                (
                    at(n),
                    *(
                        (-math.pi, math.pi)
                        if limit is None or j.get("type") == "continuous"
                        else (float(limit.get("lower", 0)), float(limit.get("upper", 0)))
                    ),
                )
            )
        self.rng = np.random.default_rng(1)

    def _shapes(self, spec, body, link, of):
        found = []
        for part in link.findall("collision") or link.findall("visual"):
            g, T = part.find("geometry")[0], pose(part.find("origin"))
            v = (
                triangles(g.get("filename").replace("file://", "")) * numbers(g.get("scale"), "1 1 1")
                if g.tag == "mesh"
                else primitive(g)
            )
            v = v @ T[:3, :3].T + T[:3, 3]
            found.append(v)
            for slab in (
                slabs(v.reshape(-1, 3), v[:, [0, 1, 2]].reshape(-1, 3), v[:, [1, 2, 0]].reshape(-1, 3), SLICES)
                if g.tag == "mesh"
                else [v.reshape(-1, 3)]
            ):
                name = f"{of}:{len(spec.meshes)}"
                spec.add_mesh(
                    name=name, uservert=corners(slab).flatten(), inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_CONVEX
                )
                body.add_geom(type=mujoco.mjtGeom.mjGEOM_MESH, meshname=name)
        if found:
            self.meshes[of] = np.concatenate(found)

    def near(self, q, distance, exact, between):
        model, data = self.model, self.data
        model.geom_margin[:] = distance
        frame_of = [
            self.frame.get(model.body(model.geom_bodyid[g]).name[len(LINK) :])
            if model.body(model.geom_bodyid[g]).name[len(LINK) :] in self.own
            else None
            for g in range(model.ngeom)
        ]
        two = between and [[g for g in range(model.ngeom) if frame_of[g] == f] for f in between]
        found = []
        for k, row in enumerate(q):
            for at, low, high in self.others:
                data.qpos[at] = self.rng.uniform(low, high)
            data.qpos[self.q] = row
            mujoco.mj_kinematics(model, data)
            if two:
                d = self.distance(*two, distance)
                if d < distance:
                    found.append([k, *between, d, "", "", None])
                continue
            mujoco.mj_collision(model, data)
            least = {}
            for c in data.contact:
                a, b = sorted(
                    (model.body(model.geom_bodyid[g]).name[len(LINK) :] for g in (c.geom1, c.geom2)),
                    key=lambda n: self.frame[n],
                )
                pair = (self.frame[a], self.frame[b])
                if c.dist < distance and (pair not in least or c.dist < least[pair][0]):
                    least[pair] = (float(c.dist), a, b)
            for (i, j), (d, a, b) in least.items():
                found.append([k, i, j, d, a, b, self.meet(i, j) if exact and d < 0 else None])
        return found

    def distance(self, first, second, most):
        """Of the hulls of two lists of geoms, m; `most` where they are farther."""
        model, data = self.model, self.data
        p, r = data.geom_xpos, model.geom_rbound
        apart = np.linalg.norm(p[first][:, None] - p[second][None], axis=2) - r[first][:, None] - r[second][None]
        for i, j in sorted(np.argwhere(apart < most).tolist(), key=lambda ij: apart[tuple(ij)]):
            if apart[i, j] < most:
                most = min(most, mujoco.mj_geomDistance(model, data, first[i], second[j], most, None))
        return most

    def meet(self, i, j):
        """Whether any triangle of frame i's links cuts one of frame j's."""
        world = lambda f: np.concatenate(
            [
                self.meshes[n] @ self.data.body(LINK + n).xmat.reshape(3, 3).T + self.data.body(LINK + n).xpos
                for n in self.own
                if self.frame[n] == f
            ]
        )
        return cut(world(i), world(j))


def cut(a, b):
    low = np.maximum(a.reshape(-1, 3).min(axis=0), b.reshape(-1, 3).min(axis=0))
    high = np.minimum(a.reshape(-1, 3).max(axis=0), b.reshape(-1, 3).max(axis=0))
    a, b = (v[(v.max(axis=1) >= low).all(axis=1) & (v.min(axis=1) <= high).all(axis=1)] for v in (a, b))
    return pierced(a, b) or pierced(b, a)


def pierced(a, b):
    """Whether an edge of a triangle of a goes through one of b (Möller and Trumbore)."""
    if len(a) == 0 or len(b) == 0:
        return False
    low, high = b.min(axis=1), b.max(axis=1)
    for o, e in ((a[:, k], a[:, (k + 1) % 3]) for k in range(3)):
        for s in range(0, len(o), 64):
            p, d = o[s : s + 64, None], (e - o)[s : s + 64, None]
            near = ((np.minimum(p, p + d) <= high) & (np.maximum(p, p + d) >= low)).all(axis=2)
            i, t = np.nonzero(near)
            if len(i) == 0:
                continue
            p, d, e1, e2, v = p[i, 0], d[i, 0], b[t, 1] - b[t, 0], b[t, 2] - b[t, 0], b[t, 0]
            h = np.cross(d, e2)
            det = (e1 * h).sum(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                u = ((p - v) * h).sum(axis=1) / det
                w = np.cross(p - v, e1)
                x, y = (d * w).sum(axis=1) / det, (e2 * w).sum(axis=1) / det
            if ((np.abs(det) > 1e-18) & (u >= 0) & (x >= 0) & (u + x <= 1) & (y >= 0) & (y <= 1)).any():
                return True
    return False


def quat(R):
    out = np.zeros(4)
    mujoco.mju_mat2Quat(out, R.ravel())
    return out


def main():
    arm = None
    for line in sys.stdin:
        m = json.loads(line)
        if arm is None:
            arm = Arm(m["urdf"], m["base"], m["joints"])
            answer = {"links": arm.own, "frames": [arm.frame[n] for n in arm.own], "pieces": int(arm.model.nmesh)}
        else:
            answer = {"near": arm.near(m["q"], m["near"], m.get("exact", False), m.get("between"))}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
