import type { Gripper } from "../Gripper.js";

/** The table's row at or before an aperture, and the share of the way to the next one, within its ends: row + share. */
export function placeOf({ apertures }: Pick<Gripper, "apertures">, aperture: number): number {
  const last = apertures.length - 1;
  if (!(aperture > apertures[0])) return 0;
  if (aperture >= apertures[last]) return last;
  let row = 0;
  while (apertures[row + 1] <= aperture) row++;
  return row + (aperture - apertures[row]) / (apertures[row + 1] - apertures[row]);
}
