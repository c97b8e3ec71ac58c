import type { Urdf, UrdfJoint } from "./Urdf.js";
import { UrdfError } from "./UrdfError.js";

/**
 * The joints from `base` to `tool`, in order, including fixed ones. Without a tool: to the leaf with the most moving
 * joints (revolute, continuous, prismatic, no mimic) on its path. Prismatic joints count only between others, so that
 * no finger of a gripper is chosen. Of equals, the one with more links after the last moving joint (a tool frame), then
 * the first in the file.
 * @throws UrdfError if a mimic joint with two or more joints behind it ends that chain: only the user knows whether
 * they are the arm's or a hand's
 */
export function findChain(urdf: Urdf, base: string = urdf.root, tool?: string): readonly UrdfJoint[] {
  for (const [what, name] of [
    ["base", base],
    ["tool", tool],
  ] as const)
    if (name !== undefined && !urdf.links.has(name))
      throw new UrdfError(what, JSON.stringify(name), `a link: ${[...urdf.links.keys()].join(", ")}`, [what]);
  const parentOf = new Map([...urdf.joints.values()].map((j) => [j.child, j]));
  const pathTo = (leaf: string): UrdfJoint[] | undefined => {
    const path: UrdfJoint[] = [];
    for (let link = leaf; link !== base;) {
      const joint = parentOf.get(link);
      if (joint === undefined) return undefined;
      path.push(joint);
      link = joint.parent;
    }
    return path.reverse();
  };
  if (tool !== undefined) {
    const path = pathTo(tool);
    if (path === undefined)
      throw new UrdfError("tool", JSON.stringify(tool), `a link below ${JSON.stringify(base)}`, ["tool"]);
    return path;
  }
  let best: UrdfJoint[] = [],
    bestScore = [-1, -1],
    bestPath = best;
  const parents = new Set([...urdf.joints.values()].map((j) => j.parent));
  for (const leaf of urdf.links.keys()) {
    if (parents.has(leaf)) continue;
    const path = pathTo(leaf);
    if (path === undefined) continue;
    const arm = dropFingers(path, urdf);
    const moving = arm.filter(moves);
    const score = [moving.length, arm.length - (arm.findLastIndex(moves) + 1) + (arm.length === path.length ? 1 : 0)];
    if (score[0] > bestScore[0] || (score[0] === bestScore[0] && score[1] > bestScore[1]))
      ((best = arm), (bestScore = score), (bestPath = path));
  }
  const stop = bestPath.findIndex((j) => j.mimic !== undefined),
    behind = stop < 0 ? [] : bestPath.slice(stop).filter(moves);
  if (behind.length > 1)
    throw new UrdfError(
      `joint ${JSON.stringify(bestPath[stop].name)}`,
      `a mimic joint of ${JSON.stringify(bestPath[stop].mimic)} in the middle of a chain, before ` +
        `${behind.map((j) => j.name).join(", ")}`,
      `\`tool:\` in the robot file with the arm's last link, the one before this joint ` +
        `(${best.length > 0 ? best[best.length - 1].child : base}) if the rest is a hand`,
    );
  return best;
}

/** Whether a joint can be commanded: it moves along one axis and follows no other. */
export function moves(joint: UrdfJoint): boolean {
  return (
    (joint.type === "revolute" || joint.type === "continuous" || joint.type === "prismatic") &&
    joint.mimic === undefined
  );
}

/**
 * Cuts a path before the joints of a gripper: mimic joints, and at the end of the rest prismatic joints, parallel
 * joints below one link, and a joint with a gripper's name (a gripper with one jaw looks just like another arm joint).
 */
function dropFingers(path: UrdfJoint[], urdf: Urdf): UrdfJoint[] {
  const mimic = path.findIndex((j) => j.mimic !== undefined);
  let arm = mimic < 0 ? path : path.slice(0, mimic);
  for (;;) {
    const last = arm.findLastIndex(moves);
    if (last < 1) return arm;
    const joint = arm[last];
    const sideBySide = [...urdf.joints.values()].some(
      (j) => j !== joint && j.parent === joint.parent && j.type !== "fixed",
    );
    if (joint.type !== "prismatic" && !sideBySide && !/grip|jaw|finger|claw/i.test(joint.name)) return arm;
    arm = arm.slice(0, last);
  }
}
