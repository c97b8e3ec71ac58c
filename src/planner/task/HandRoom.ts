import { mulTransform } from "../../core/geometry/mulTransform.js";
import type { PreparedShape } from "../../core/geometry/PreparedShape.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import { padsAt } from "../../kinematics/gripper/padsAt.js";
import type { Gripper } from "../../kinematics/Gripper.js";

const PALM = 0.03; // m, radius of the palm
const FEWEST = 0.004; // m, between the hand and what it does not take

/**
 * The room that a hand takes up between other things: two fingers and the palm, as capsules in the frame of the pads.
 */
export class HandRoom {
  private readonly ends = new Float64Array(6);

  constructor(private readonly gripper: Gripper) {}

  /** Ids of the things that an open hand runs into at a tool pose [12]. */
  meets(
    tool: Float64Array,
    aperture: number,
    obstacles: readonly { readonly id: string; readonly solid: PreparedShape }[],
  ): string[] {
    const { gripper, ends } = this,
      pads = padsAt(gripper, aperture, new Float64Array(12));
    mulTransform(pads, 0, tool, 0, pads, 0);
    const met = new Set<string>();
    for (const { from, to, radius } of this.capsules(aperture)) {
      transformPoint(ends, 0, pads, 0, Float64Array.from(from), 0);
      transformPoint(ends, 3, pads, 0, Float64Array.from(to), 0);
      for (const { id, solid } of obstacles) if (solid.distance(ends, 0, radius) < FEWEST) met.add(id);
    }
    return [...met];
  }

  private capsules(aperture: number): { from: number[]; to: number[]; radius: number }[] {
    const { padSize, finger, depth } = this.gripper,
      [width, length] = padSize;
    const radius = Math.max(width, finger) / 2,
      y = aperture / 2 + finger / 2,
      tip = length / 2 - radius,
      out = aperture / 2 + finger;
    return [
      ...[-y, y].map((side) => ({ from: [0, side, -depth], to: [0, side, Math.max(tip, -depth)], radius })),
      { from: [0, -out, -depth - PALM], to: [0, out, -depth - PALM], radius: PALM },
    ];
  }
}
