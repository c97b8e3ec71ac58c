import type { Arm } from "../Arm.js";

/**
 * Largest distance of each capsule from each joint before it: ℓ [nc,nq], m/rad, so that turning joint j by Δq moves no
 * point of capsule c's axis by more than ℓ_{cj} |Δq|. The sum of the link vectors from the joint to the capsule's
 * farther end, whatever the posture; 1 for a sliding joint.
 */
export function levers(arm: Arm): Float64Array {
  const { nq, origins, kinds, limits } = arm;
  const link = Float64Array.from({ length: nq }, (_, j) => {
    const slide = kinds[j] === "prismatic" ? Math.max(Math.abs(limits.lo[j]), Math.abs(limits.hi[j])) : 0;
    return Math.hypot(origins[12 * j + 3], origins[12 * j + 7], origins[12 * j + 11]) + slide;
  });
  const out = new Float64Array(arm.capsules.length * nq);
  arm.capsules.forEach((c, i) => {
    let reach = Math.max(Math.hypot(...c.p0), Math.hypot(...c.p1));
    for (let j = c.link - 1; j >= 0; j--) {
      out[i * nq + j] = kinds[j] === "prismatic" ? 1 : reach;
      reach += link[j];
    }
  });
  return out;
}
