import type { Arm } from "../Arm.js";

/** Numbers that a joint takes in `jointTerms`: constant, cos and sin parts of R (9 each), p, dp/dq. */
export const JOINT = 33;

/** The parts of each joint's motion that are affine in (cos q, sin q, q), as in `Kinematics`: [nq,33]. */
export function jointTerms({ nq, origins, axes, kinds }: Arm): Float64Array {
  const terms = new Float64Array(nq * JOINT);
  for (let j = 0; j < nq; j++) writeTerms(terms, j * JOINT, origins, j * 12, axes, j * 3, kinds[j] === "prismatic");
  return terms;
}

/** Splits a joint into the parts named in `Kinematics`: out[33] from io; F = origin[12], k = axis[3]. */
function writeTerms(
  out: Float64Array,
  io: number,
  F: Float64Array,
  iF: number,
  k: Float64Array,
  ik: number,
  prismatic: boolean,
): void {
  const n = [k[ik], k[ik + 1], k[ik + 2]];
  const cross = [0, -n[2], n[1], n[2], 0, -n[0], -n[1], n[0], 0]; // [k]×
  for (let r = 0; r < 3; r++) {
    const row = [F[iF + 4 * r], F[iF + 4 * r + 1], F[iF + 4 * r + 2]];
    const along = row[0] * n[0] + row[1] * n[1] + row[2] * n[2]; // (R·k)_r
    for (let c = 0; c < 3; c++) {
      const o = io + 3 * r + c;
      out[o] = prismatic ? row[c] : along * n[c];
      out[o + 9] = prismatic ? 0 : row[c] - along * n[c];
      out[o + 18] = prismatic ? 0 : row[0] * cross[c] + row[1] * cross[3 + c] + row[2] * cross[6 + c];
    }
    out[io + 27 + r] = F[iF + 4 * r + 3];
    out[io + 30 + r] = prismatic ? along : 0;
  }
}
