import type { JointLimits } from "../core/JointLimits.js";
import type { Shape, Vec3 } from "../core/geometry/Shape.js";
import type { Held } from "../core/Held.js";
import type { Gripper } from "./Gripper.js";

/** How a joint moves along q: rad for revolute and continuous, m for prismatic. */
export type JointKind = "revolute" | "continuous" | "prismatic";

/**
 * A capsule that moves with one link. `link` is 0 for the base link and i for the frame after the arm's joint i−1
 * (`Kinematics.frames`).
 */
export interface LinkCapsule {
  readonly name: string; // URDF link it comes from, numbered where a link has several
  readonly link: number;
  readonly p0: Vec3; // m, in the link's frame
  readonly p1: Vec3;
  readonly radius: number; // m
  readonly held?: true; // it encloses the thing in the hand
}

/**
 * Two capsules, by name, that are not kept apart, and why. `unproven` if there is no proof that their links never meet.
 */
export interface ExcludedPair {
  readonly a: string;
  readonly b: string;
  readonly unproven: boolean;
  readonly why:
    | "links that share a joint"
    | "excluded by the robot file"
    | "overlap nearly always"
    | "close to each other by design, no contact found"
    | "proven never to meet"
    | "made closer than 2 cm";
}

/**
 * A part of a link's shape that was not taken from the URDF. The start of the arm reports it.
 */
export interface ShapeGuess {
  readonly link: string; // URDF link
  readonly file?: string; // mesh, as the URDF names it
  readonly text: string; // the problem, and what is used instead
}

/** Ratio of the volume of a frame's capsules to that of the hulls of its links' parts. */
export interface Excess {
  readonly link: string; // that the frame is named for
  readonly times: number;
}

/** Part of a link that is fixed to the base (a table, a pedestal): solid space in the base's frame. */
export interface WorldShape {
  readonly id: string; // its link, numbered where a link has several
  readonly link: string;
  readonly shape: Shape;
  readonly spared: readonly number[]; // capsules behind the first joint that are closer by design than the clearance
}

/**
 * Sampled postures without self-collision, and those to which a path without self-collision was found from home
 * (`passage`).
 */
export interface Passage {
  readonly sampled: number;
  readonly joined: number;
  readonly parting?: readonly [string, string]; // the capsules that block most of the missing paths, if any
}

/** Mass properties of one moving link with everything fixed to it, gripper included, in the frame after its joint. */
export interface LinkInertia {
  readonly mass: number; // kg
  readonly com: Vec3; // m
  readonly inertia: readonly [number, number, number, number, number, number]; // xx xy xz yy yz zz about the com, kg·m²
}

/**
 * The geometry of a serial arm, without URDF. Plain data, so that it can be sent to threads.
 * Frame 0 is the base link, frame i+1 the one after joint i: frame(i+1) = frame(i) · origins(i) · motion(axis(i),
 * q(i)).
 */
export interface Arm {
  readonly name: string;
  readonly nq: number;
  readonly base: string; // link names of frame 0 and of the tool
  readonly tool: string;
  readonly jointNames: readonly string[]; // [nq]
  readonly linkNames: readonly string[]; // [nq+1] URDF link of each frame
  readonly kinds: readonly JointKind[]; // [nq]
  readonly origins: Float64Array; // [nq,12] rows of 3×4, the joint's pose in the frame before it, m
  readonly axes: Float64Array; // [nq,3] unit, in the joint's frame
  readonly toolOffset: Float64Array; // [12] the tool in frame nq
  readonly limits: JointLimits;
  readonly home: Float64Array; // [nq] rad, within the limits
  readonly capsules: readonly LinkCapsule[]; // [nc]
  readonly selfPairs: Int32Array; // [np,2] indices of capsules that must stay apart
  readonly excludedPairs?: readonly ExcludedPair[]; // all others of different links
  readonly world?: readonly WorldShape[]; // links fixed to the base that are not its foot
  readonly guesses?: readonly ShapeGuess[];
  readonly excess?: readonly Excess[]; // of frames whose capsules were fitted
  readonly passage?: Passage; // absent: not checked
  // rad (m if prismatic), largest deviation of all joints, or each [nq], from their commands that is not reported;
  // absent: 0
  readonly trackingError?: number | ArrayLike<number>;
  readonly inertias: readonly LinkInertia[]; // [nq] link after joint i
  readonly gripper?: Gripper;
  readonly held?: Held; // in its hand: the last capsules enclose it (`armHolding`)
}
