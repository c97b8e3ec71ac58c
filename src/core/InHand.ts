import type { State } from "./State.js";

/** What is known of the hand, what it holds, and the things it might hold; empty for a robot without a gripper. */
export type InHand = Pick<State, "hand" | "held" | "things">;
