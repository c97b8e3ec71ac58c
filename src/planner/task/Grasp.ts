/** A way to take a thing. */
export interface Grasp {
  readonly tool: Float64Array; // [12] pose of the tool then, base frame, m
  readonly approach: readonly [number, number, number]; // unit, base frame: the way the hand comes
  readonly width: number; // m, of the thing between the pads
  readonly cost: number; // s
}
