import type { Quat, Vec3 } from "../core/geometry/Shape.js";
import type { GripperOptions } from "./gripper/GripperOptions.js";

/**
 * Overrides for one joint. They exist because the limits in a URDF are often wrong or missing.
 */
export interface JointOverride {
  readonly lower?: number; // rad (m if prismatic)
  readonly upper?: number;
  readonly velocity?: number; // rad/s
  readonly acceleration?: number; // rad/s²
  readonly jerk?: number; // rad/s³
  readonly effort?: number; // N·m
}

/** A capsule given by hand in the frame of a URDF link. */
export interface CapsuleSpec {
  readonly link: string;
  readonly p0: Vec3; // m
  readonly p1: Vec3;
  readonly radius: number; // m
}

/** Values for turning joints (rad …) and for sliding joints (m …). */
export interface EachKind {
  readonly turning?: number;
  readonly sliding?: number;
}

/** Settings that a URDF does not contain. All are optional. */
export interface ArmOptions {
  readonly base?: string; // link; default: the URDF's root
  readonly tool?: string; // link; default: the leaf at the end of the longest chain of joints
  readonly toolOffset?: { readonly position: Vec3; readonly orientation: Quat }; // the tool in the tool link's frame
  // the joints that move; others on the chain are fixed at the value nearest 0
  readonly joints?: readonly string[];
  readonly home?: readonly number[]; // [nq]; default: 0 where allowed, else the middle of the range
  readonly limits?: Readonly<Record<string, JointOverride>>; // by joint name
  readonly velocityScale?: number; // on all velocity limits, in (0,1]; default 1
  readonly acceleration?: number | EachKind; // rad/s², for joints that name none; see `defaultAcceleration`
  readonly jerk?: number | EachKind; // rad/s³, for joints that name none; absent: not limited
  readonly capsules?: readonly CapsuleSpec[]; // the whole list; default: fitted to the collision geometry
  readonly capsuleRadius?: number; // m, for links whose geometry cannot be read; default 0.06
  // links that may touch; capsules of a fixed child count as its own link
  readonly ignorePairs?: readonly (readonly [string, string])[];
  readonly gripper?: GripperOptions;
  readonly readMesh?: (uri: string) => Uint8Array | undefined; // the bytes of a mesh file, undefined if there is none
  readonly tell?: (doing: string) => void; // gets progress messages
}
