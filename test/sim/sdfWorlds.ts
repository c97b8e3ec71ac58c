import { readFileSync } from "node:fs";
import { XMLParser } from "fast-xml-parser";
import load from "@mujoco/mujoco";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { configNames, drawScene, loadRobotConfig, loadSceneConfig } from "../../src/config/index.js";
import { mulTransform } from "../../src/core/geometry/mulTransform.js";
import { Rng } from "../../src/core/math/Rng.js";
import { transformFromQuat } from "../../src/core/geometry/transformFromQuat.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { buildMjcf } from "../../src/sim/physics/buildMjcf.js";
import { buildSdf } from "../../src/sim/export/buildSdf.js";
import { listed } from "./listed.js";

/** Every scene with its own arm, and the shipped arms on the table: as SDF, and what it is made from. */
export const worlds = [
  ...configNames("scenes").map((scene) => ({ scene, robot: loadSceneConfig(scene).robot })),
  ...["ur5", "so101"].map((robot) => ({ scene: "table", robot })),
];

export function makeWorld(sceneName: string, robotName: string) {
  const robot = loadRobotConfig(robotName);
  const drawn = drawScene(loadSceneConfig(sceneName), new Rng(3));
  const urdf = parseUrdf(readFileSync(robot.urdf!, "utf8"));
  const arm = armFromUrdf(urdf, armOptions(robot));
  const start = drawn.start?.length === arm.nq ? drawn.start : Array.from(arm.home);
  const scene = { ...drawn, start, random: {} };
  return { urdf, arm, scene, sdf: buildSdf(urdf, arm, scene, { kind: "gazebo" }), mjcf: buildMjcf(urdf, arm, scene) };
}

/** MuJoCo's compiled model, with kinematics at `q` (by joint name) or 0. */
export async function compile(mjcf: string, q: Readonly<Record<string, number>> = {}) {
  const mj = await load();
  const model = mj.MjModel.from_xml_string(mjcf)!;
  const data = new mj.MjData(model)!;
  for (const [name, value] of Object.entries(q))
    data.qpos[model.jnt_qposadr[mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, name)]] = value;
  mj.mj_kinematics(model, data);
  const body = (name: string): number => mj.mj_name2id(model, mj.mjtObj.mjOBJ_BODY.value, name);
  const joint = (name: string): number => mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, name);
  return { model, data, body, joint };
}

export interface SdfLink {
  readonly model: string;
  readonly name: string;
  readonly pose: Float64Array; // [12] in the world, every joint at 0
  readonly mass: number;
  readonly moments: readonly number[]; // principal, ascending
}

export interface SdfJoint {
  readonly name: string;
  readonly type: string;
  readonly axis: readonly number[];
  readonly range: readonly number[] | undefined;
  readonly effort: number;
  readonly velocity: number;
  readonly damping: number;
}

const numbers = (text: unknown): number[] => String(text).trim().split(/\s+/).map(Number);

/** An SDF text as another reader would take it: frames by `relative_to` alone. */
export function readSdf(sdf: string): { links: SdfLink[]; joints: SdfJoint[] } {
  const tree = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseTagValue: false }).parse(sdf).sdf
    .world;
  const links: SdfLink[] = [],
    joints: SdfJoint[] = [];
  const transform = (pose: any): Float64Array => {
    const T = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    const p = numbers(pose === undefined ? "0 0 0 0 0 0 1" : (pose["#text"] ?? pose));
    return transformFromQuat(T, 0, p.slice(3), p.slice(0, 3));
  };
  for (const model of listed<any>(tree.model)) {
    const frames = new Map<string, Float64Array>();
    const root = transform(model.pose);
    for (const link of listed<any>(model.link)) {
      const above = frames.get(link.pose?.["@relative_to"] ?? "") ?? root;
      const pose = mulTransform(new Float64Array(12), 0, above, 0, transform(link.pose), 0);
      frames.set(link["@name"], pose);
      const I = link.inertial?.inertia;
      links.push({
        model: model["@name"],
        name: link["@name"],
        pose,
        mass: Number(link.inertial?.mass ?? 0),
        moments: I ? principal(I) : [],
      });
    }
    for (const j of listed<any>(model.joint)) {
      if (j["@type"] === "fixed") continue;
      const { limit } = j.axis;
      joints.push({
        name: j["@name"],
        type: j["@type"],
        axis: numbers(j.axis.xyz),
        range: limit.lower === undefined ? undefined : [Number(limit.lower), Number(limit.upper)],
        effort: Number(limit.effort),
        velocity: Number(limit.velocity),
        damping: Number(j.axis.dynamics.damping),
      });
    }
  }
  return { links, joints };
}

/** Eigenvalues of a symmetric 3×3 matrix, ascending, by Jacobi's rotations. */
function principal(I: Record<string, string>): number[] {
  const a = [
    [+I.ixx, +I.ixy, +I.ixz],
    [+I.ixy, +I.iyy, +I.iyz],
    [+I.ixz, +I.iyz, +I.izz],
  ];
  for (let sweep = 0; sweep < 30; sweep++)
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      if (a[p][q] === 0) continue;
      const angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]),
        c = Math.cos(angle),
        s = Math.sin(angle);
      for (let k = 0; k < 3; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
      for (let k = 0; k < 3; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
    }
  return [a[0][0], a[1][1], a[2][2]].sort((x, y) => x - y);
}
