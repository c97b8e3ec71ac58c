import { readFileSync } from "node:fs";
import type { Rng } from "../../src/core/math/Rng.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";
import type { Urdf } from "../../src/kinematics/urdf/Urdf.js";

export const armNames = ["arm7", "ur5", "so101"] as const;
export type ArmName = (typeof armNames)[number];

const ends = {
  arm7: ["base_link", "tool"],
  ur5: ["base_link", "tool0"],
  so101: ["base_link", "gripper_frame_link"],
} as const;

export function urdfText(name: ArmName): string {
  return readFileSync(`config/robots/${name}.urdf`, "utf8");
}

/** An arm of config/robots by its URDF alone: what its YAML adds is the config room's matter. */
export function fitArm(name: ArmName): { arm: Arm; urdf: Urdf } {
  const urdf = parseUrdf(urdfText(name));
  const [base, tool] = ends[name];
  return { arm: armFromUrdf(urdf, { base, tool }), urdf };
}

const fitted = new Map<ArmName, ReturnType<typeof fitArm>>();

/** The same, fitted once in a process: to fit takes about a second. */
export function loadArm(name: ArmName): ReturnType<typeof fitArm> {
  const known = fitted.get(name) ?? fitArm(name);
  fitted.set(name, known);
  return known;
}

export function randomConfiguration(arm: Arm, rng: Rng, q = new Float64Array(arm.nq)): Float64Array {
  for (let j = 0; j < arm.nq; j++) q[j] = rng.range(arm.limits.lo[j], arm.limits.hi[j]);
  return q;
}
