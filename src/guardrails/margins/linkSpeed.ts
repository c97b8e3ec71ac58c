import type { Rollouts } from "../../core/Rollouts.js";

/**
 * A bound on the speed of capsule c's axis over the interval that begins at knot i, m/s; 0 at the last knot. The
 * sweep's radii hold all that is needed: ‖Δp‖ = 2(radius − thickness), αΔt²/8 = thickness − growth − r, and ‖ṗ(t) −
 * Δp/Δt‖ ≤ αΔt/2. Rotation about the axis makes no contact harder: on a round surface it moves along the surface.
 *
 * @param o (knot)·nc + c @param r the capsule's own radius, m
 */
export function linkSpeed({ radius, thickness, growth, nc, dt, substeps }: Rollouts, o: number, r: number): number {
  return ((2 * (radius[o] - thickness[o]) + 4 * (thickness[o] - growth[o % nc] - r)) * substeps) / dt;
}
