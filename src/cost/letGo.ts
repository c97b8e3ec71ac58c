import type { KnotView } from "./KnotView.js";

/** A residual that is either met or not: 0 or this. */
export const UNMET = 2;

/** 0 if the hand does not hold the object, else UNMET: a block of goals about where things are left. */
export const letGo = (x: KnotView, object: string): number => (x.from.held?.id === object ? UNMET : 0);
