import type { Held } from "../../core/Held.js";
import type { Grasp } from "./Grasp.js";
import type { PlacePose } from "./placesOf.js";

/** A thing taken from where it is, or that is in the hand, and put somewhere; without a place it stays in the hand. */
export interface Move {
  readonly id: string;
  readonly grasp?: Grasp; // absent: it is in the hand already
  readonly held: Held; // how it then lies in the hand
  // and the tool's pose there [12], and a posture [nq] above it from which the arm can go straight down
  readonly to?: PlacePose & { readonly tool: Float64Array; readonly above: Float64Array; readonly lift: number };
  readonly cost: number; // s
}
