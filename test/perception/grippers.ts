import type { Gripper } from "../../src/kinematics/Gripper.js";

const upright = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** Two sliding fingers, each driven; pads at the tool; 0 to 8 cm. */
export const twoFingers: Gripper = {
  jointNames: ["left", "right"],
  apertures: Float64Array.of(0, 0.08),
  joints: Float64Array.of(0, 0, 0.04, 0.04),
  pads: Float64Array.of(...upright, ...upright),
  padSize: [0.02, 0.02],
  finger: 0.015,
  depth: 0.04,
  force: 40,
  speed: 0.2,
};
