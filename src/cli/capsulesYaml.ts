import type { Arm } from "../kinematics/index.js";

/**
 * The arm's capsules as a robot's file has them. Lengths are rounded so that they hold what they were fitted to: the
 * end points' rounding is at most 0.09 mm.
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
