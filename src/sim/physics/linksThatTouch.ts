import type { MainModule } from "@mujoco/mujoco";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { heldValues } from "./armBodies.js";
import { LINK, pairOf } from "./armMjcf.js";
import { armModel } from "./buildMjcf.js";

/**
 * Pairs of links, as `pairOf` names them, whose own shapes overlap at home according to MuJoCo: they may, because the
 * URDF has them so.
 */
export function linksThatTouch(mj: MainModule, urdf: Urdf, arm: Arm): ReadonlySet<string> {
  const model = mj.MjModel.from_xml_string(armModel(urdf, arm)),
    data = new mj.MjData(model),
    found = new Set<string>();
  const set = (joint: string, value: number): void =>
    void (data.qpos[model.jnt_qposadr[mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, joint)]] = value);
  arm.jointNames.forEach((name, j) => set(name, arm.home[j]));
  for (const { name, value } of heldValues(urdf, arm)) set(name, value);
  mj.mj_forward(model, data);
  const all = data.contact,
    bodies: Int32Array = Int32Array.from(model.geom_bodyid);
  const link = (geom: number): string =>
    mj.mj_id2name(model, mj.mjtObj.mjOBJ_BODY.value, bodies[geom]).slice(LINK.length);
  for (let i = 0; i < all.size(); i++) {
    const c = all.get(i)!;
    if (c.dist < 0) found.add(pairOf(link(c.geom1), link(c.geom2)));
    c.delete();
  }
  all.delete();
  data.delete();
  model.delete();
  return found;
}
