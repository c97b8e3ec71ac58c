import type { Seconds } from "./Seconds.js";

/** A tracked person or moving obstacle: a capsule in the base frame. One person may be several bodies. */
export interface Body {
  readonly id: string;
  readonly kind: "person" | "object";
  readonly p0: readonly [number, number, number]; // m
  readonly p1: readonly [number, number, number]; // m
  readonly radius: number; // m
  readonly speedBound: number; // m/s; largest speed while it is not observed
  readonly stamp: Seconds; // when it was last seen
}
