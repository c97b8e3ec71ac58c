import type { Gripper } from "../Gripper.js";

/**
 * The aperture, m, at which the driven joints [joints] are where they are measured: the mean of what each tells, in its
 * column of the table; beyond the table's ends as its first or last piece goes on.
 */
export function apertureOf(gripper: Gripper, joints: ArrayLike<number>): number {
  const n = gripper.jointNames.length;
  let sum = 0;
  for (let j = 0; j < n; j++) sum += apertureOfJoint(gripper, j, joints[j]);
  return sum / n;
}

function apertureOfJoint({ apertures, joints, jointNames }: Gripper, j: number, q: number): number {
  const n = jointNames.length,
    last = apertures.length - 1;
  const opens = joints[last * n + j] > joints[j] ? 1 : -1;
  let row = 0;
  while (row < last - 1 && opens * (q - joints[(row + 1) * n + j]) >= 0) row++;
  const from = joints[row * n + j],
    to = joints[(row + 1) * n + j];
  return apertures[row] + ((q - from) / (to - from)) * (apertures[row + 1] - apertures[row]);
}
