import type { Arm } from "../kinematics/index.js";

/**
 * The arm's capsules in the format of the robot file. Lengths are rounded so that the capsules still enclose the shapes
 * that they were fitted to: rounding moves an end point by at most 0.09 mm.
 */
export function capsulesYaml(arm: Arm): string {
  const m = (x: number): string => `${(Math.round(x * 1e4) / 1e4 || 0).toFixed(4)} m`;
  const lines = arm.capsules.map(
    ({ link, p0, p1, radius }) =>
      `  - { link: ${JSON.stringify(arm.linkNames[link])}, p0: [${p0.map(m).join(", ")}], p1: ` +
      `[${p1.map(m).join(", ")}], radius: ${(Math.ceil((radius + 1e-4) * 1e4) / 1e4).toFixed(4)} m }`,
  );
  return `capsules:\n${lines.join("\n")}\n`;
}
