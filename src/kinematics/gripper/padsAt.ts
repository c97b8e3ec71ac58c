import type { Gripper } from "../Gripper.js";
import { placeOf } from "./placeOf.js";

/**
 * The pose of the pads' frame in the tool's frame at an aperture, m: out [12], rows of 3×4. Linear between the table's
 * rows, the rotation made orthonormal again (y kept, then z).
 */
export function padsAt(gripper: Gripper, aperture: number, out: Float64Array): Float64Array {
  const { pads, apertures } = gripper,
    place = placeOf(gripper, aperture);
  const row = Math.min(Math.floor(place), apertures.length - 2),
    share = place - row;
  for (let i = 0; i < 12; i++) out[i] = pads[12 * row + i] + share * (pads[12 * (row + 1) + i] - pads[12 * row + i]);
  let [yx, yy, yz] = [out[1], out[5], out[9]],
    [zx, zy, zz] = [out[2], out[6], out[10]];
  const yn = Math.sqrt(yx * yx + yy * yy + yz * yz);
  ((yx /= yn), (yy /= yn), (yz /= yn));
  const along = zx * yx + zy * yy + zz * yz;
  ((zx -= along * yx), (zy -= along * yy), (zz -= along * yz));
  const zn = Math.sqrt(zx * zx + zy * zy + zz * zz);
  ((zx /= zn), (zy /= zn), (zz /= zn));
  ((out[1] = yx), (out[5] = yy), (out[9] = yz));
  ((out[2] = zx), (out[6] = zy), (out[10] = zz));
  ((out[0] = yy * zz - yz * zy), (out[4] = yz * zx - yx * zz), (out[8] = yx * zy - yy * zx));
  return out;
}
