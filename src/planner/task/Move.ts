import type { Held } from "../../core/Held.js";
import type { Grasp } from "./Grasp.js";
import type { PlacePose } from "./placesOf.js";

/** A thing taken from where it is, or out of the hand as it is, and put somewhere; without a place it stays in the hand. */
export interface Move {
  readonly id: string;
  readonly grasp?: Grasp; // absent: it is in the hand already
  readonly held: Held; // how it then lies in the hand
  readonly to?: PlacePose & { readonly tool: Float64Array }; // and the tool's pose there [12]
  readonly cost: number; // s
}
