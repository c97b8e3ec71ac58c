import type { Gripper } from "../Gripper.js";
import type { HandSweep } from "../urdf/placeLinks.js";
import type { Urdf, UrdfJoint } from "../urdf/Urdf.js";
import { FingerChains } from "./FingerChains.js";

const POSTURES = 9; // from closed to open

/** A hand's joints at rest, and from closed to open. @param moving the arm's joints */
export function handSweep(urdf: Urdf, moving: readonly UrdfJoint[], { jointNames, joints }: Gripper): HandSweep {
  const chains = new FingerChains(urdf, moving[moving.length - 1].child, jointNames),
    n = jointNames.length,
    [from, to] = [joints.subarray(0, n), joints.subarray(joints.length - n)];
  return { valuesOf: (joint) => chains.sweep(joint, from, to, POSTURES) };
}
