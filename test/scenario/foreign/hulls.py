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
import sys
import xml.etree.ElementTree as xml

import mujoco
import numpy as np

from meshes import numbers, pose, primitive, triangles
from slabs import slabs
from surfaces import cut

SLICES = 16
LINK = "link:"  # before the names of bodies: a URDF may call a link "world"
THIN = 1e-3  # m: a slab thinner than this is thickened by as much
MOST = 200  # corners of a hull that are kept; the farthest along as many directions


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
