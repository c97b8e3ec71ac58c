"""An arm on native MuJoCo: its URDF's masses and hulls, drives that follow a desired state within the URDF's efforts
(computed torque).
"""

import xml.etree.ElementTree as xml

import mujoco
import numpy as np

from slabs import slabs

STEP = 0.002  # s
BANDWIDTH = 60.0  # rad/s, of each drive's position loop: behind by a/BANDWIDTH² where a is the acceleration
ARMATURE = 0.1  # kg m², of a motor behind its gear, which URDF does not tell
FINGER = 1.0  # kg, of what drives a finger: lighter, it diverges under the damping that holds it
SLICES = 4  # of a mesh
THIN = 1e-3  # m: a slab thinner than this has no hull
ALWAYS = 0.9  # of random postures: hulls that overlap so often are neighbours whose hollows were filled


class Plant:
    def __init__(self, urdf, joints, home):
        self.model = compiled(urdf)
        model = self.model
        self.data = mujoco.MjData(model)
        self.joints = list(joints)
        ids = [model.joint(j).id for j in self.joints]
        self.qi = np.array([model.jnt_qposadr[j] for j in ids])
        self.vi = np.array([model.jnt_dofadr[j] for j in ids])
        self.lower, self.upper = model.jnt_range[ids].T
        self.effort = efforts(urdf, self.joints)
        self.others = [a for a in range(model.nv) if a not in self.vi]  # fingers: held where they are
        self.data.qpos[self.qi] = home
        mujoco.mj_forward(model, self.data)
        self.ignored = self._neighbours() | self._always_touching()
        self.model = model = compiled(
            urdf, [tuple(model.body(b).name for b in pair) for pair in self.ignored]
        )  # or they would rub
        self.data = mujoco.MjData(model)
        self.data.qpos[self.qi] = home
        mujoco.mj_forward(model, self.data)
        self.mass = np.zeros((model.nv, model.nv))
        self.rest = self.data.qpos.copy()
        self.saturated = np.zeros(len(joints))  # s

    def _neighbours(self):
        """Pairs of bodies with one joint between them, or none."""
        weld, parent = self.model.body_weldid, self.model.body_parentid
        near = lambda a, b: weld[a] == weld[b] or weld[parent[weld[b]]] == weld[a] or weld[parent[weld[a]]] == weld[b]
        return {(a, b) for a in range(self.model.nbody) for b in range(a + 1, self.model.nbody) if near(a, b)}

    def _always_touching(self):
        """Pairs of bodies whose hulls overlap in nearly every posture: that says nothing of the arm."""
        model, probe, rng = self.model, mujoco.MjData(self.model), np.random.default_rng(0)
        met, postures = {}, 200
        for _ in range(postures):
            probe.qpos[self.qi] = rng.uniform(np.maximum(self.lower, -np.pi), np.minimum(self.upper, np.pi))
            mujoco.mj_kinematics(model, probe)
            mujoco.mj_collision(model, probe)
            for pair in {self.bodies(c) for c in probe.contact if c.dist < 0}:
                met[pair] = met.get(pair, 0) + 1
        return {pair for pair, n in met.items() if n >= ALWAYS * postures}

    def bodies(self, contact):
        return tuple(sorted((int(self.model.geom_bodyid[contact.geom1]), int(self.model.geom_bodyid[contact.geom2]))))

    def touching(self, data=None):
        """Names of the pairs of links whose hulls overlap."""
        data = data or self.data
        pairs = {self.bodies(c) for c in data.contact if c.dist < 0}
        return sorted(" and ".join(self.model.body(b).name for b in p) for p in pairs if p not in self.ignored)

    def step(self, q, v):
        """One step toward the desired state (q, v)."""
        model, data = self.model, self.data
        w = BANDWIDTH
        wanted = (
            self._inertia() @ (w * w * (q - data.qpos[self.qi]) + 2 * w * (v - data.qvel[self.vi]))
            + data.qfrc_bias[self.vi]
        )
        torque = np.clip(wanted, -self.effort, self.effort)
        self.saturated += STEP * (torque != wanted)
        data.qfrc_applied[self.vi] = torque
        for a in self.others:
            data.qfrc_applied[a] = data.qfrc_bias[a] + 1000 * (self.rest[a] - data.qpos[a]) - 50 * data.qvel[a]
        mujoco.mj_step(model, data)
        if data.warning[mujoco.mjtWarning.mjWARN_BADQACC].number > 0:  # it was begun anew, with every joint at 0
            raise RuntimeError("the physics diverged")

    def _inertia(self):
        """kg m², [n, n]: of the arm as it stands; drives tuned for one posture ring in another."""
        mujoco.mj_fullM(self.model, self.data, self.mass)
        return self.mass[np.ix_(self.vi, self.vi)]

    @property
    def q(self):
        return self.data.qpos[self.qi]

    @property
    def v(self):
        return self.data.qvel[self.vi]

    def pose(self, link, data=None):
        """(position m, rotation matrix) of a link."""
        b = (data or self.data).body(link)
        return b.xpos.copy(), b.xmat.reshape(3, 3).copy()


def compiled(urdf, apart=()):
    """@param apart pairs of bodies between which there are no forces"""
    tree = xml.fromstring(urdf)
    for link in tree.iter("link"):
        for visual in link.findall("visual"):
            link.remove(visual)
    for mesh in tree.iter("mesh"):
        mesh.set("filename", mesh.get("filename").replace("file://", ""))
    extension = xml.SubElement(tree, "mujoco")
    xml.SubElement(extension, "compiler", strippath="false", fusestatic="false", balanceinertia="true")
    spec = mujoco.MjSpec.from_string(xml.tostring(tree, encoding="unicode"))
    spec.option.timestep = STEP
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    slice_meshes(spec)
    for joint in spec.joints:
        joint.armature = ARMATURE if joint.type == mujoco.mjtJoint.mjJNT_HINGE else FINGER
    for a, b in apart:
        spec.add_exclude(bodyname1=a, bodyname2=b)
    return spec.compile()


def slice_meshes(spec):
    """Physics knows meshes by their hulls, which fill the hollows of a link: each mesh becomes the hulls of SLICES
    slabs across its longest axis.
    """
    model = spec.compile()
    for g, geom in enumerate([g for body in spec.bodies for g in body.geoms]):
        if model.geom_type[g] != mujoco.mjtGeom.mjGEOM_MESH:
            continue
        mesh = model.geom_dataid[g]
        a, n = model.mesh_vertadr[mesh], model.mesh_vertnum[mesh]
        f, k = model.mesh_faceadr[mesh], model.mesh_facenum[mesh]
        points, faces = model.mesh_vert[a : a + n], model.mesh_face[f : f + k]
        ends = np.unique(np.sort(np.vstack((faces[:, :2], faces[:, 1:], faces[:, ::2])), axis=1), axis=0)
        p, q = points[ends[:, 0]].astype(float), points[ends[:, 1]].astype(float)
        for slab in slabs(points, p, q, SLICES):
            if len(slab) < 4 or np.ptp(slab, axis=0).min() < THIN:
                continue
            name = f"slice{len(spec.meshes)}"
            spec.add_mesh(name=name, uservert=slab.flatten())
            geom.parent.add_geom(
                type=mujoco.mjtGeom.mjGEOM_MESH, meshname=name, pos=model.geom_pos[g], quat=model.geom_quat[g], group=3
            )
        spec.delete(geom)


def efforts(urdf, joints):
    tree = xml.fromstring(urdf)
    found = {
        j.get("name"): float(j.find("limit").get("effort"))
        for j in tree.findall("joint")
        if j.find("limit") is not None
    }
    return np.array([found[j] for j in joints])
