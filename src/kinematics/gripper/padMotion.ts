import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformPoint } from "../../core/geometry/transformPoint.js";
import type { FingerChains } from "./FingerChains.js";

/** The distance between the pads, m, and their frame [12] in the frame of the arm's last link, at joint values. */
export type PadMotion = (q: readonly number[]) => { readonly aperture: number; readonly pose: Float64Array };

/**
 * How the pads move: each is fixed to its link, where both are `closed` apart about `middle` with the joints at `from`.
 *   p± = T±(q) T±(from)⁻¹ (o ± ½·closed·y),  aperture = (p₊ − p₋)·y,  origin ½(p₊ + p₋),  y' ∝ p₊ − p₋,  z' ∝ z ⊥ y'
 * With the signed aperture, pads on exchanged sides come out negative. Near closed y' is y.
 * @param links of the pad at +y, and of the one at −y @param middle [12] the pads' frame when closed
 */
export function padMotion(
  chains: FingerChains,
  links: readonly [plus: string, minus: string],
  middle: Float64Array,
  closed: number,
  from: readonly number[],
): PadMotion {
  const own = links.map((link, side) => {
    const at = invertTransform(new Float64Array(12), 0, chains.pose(link, from), 0),
      half = (side === 0 ? 0.5 : -0.5) * closed;
    const point = Float64Array.from([0, 1, 2], (r) => middle[4 * r + 3] + half * middle[4 * r + 1]);
    // in their links: the pad's point, and the axes there
    return {
      point: transformPoint(new Float64Array(3), 0, at, 0, point, 0),
      axes: mulTransform(new Float64Array(12), 0, at, 0, middle, 0),
    };
  });
  return (q) => {
    const [plus, minus] = own.map(({ point, axes }, side) => {
      const at = chains.pose(links[side], q);
      return {
        point: transformPoint(new Float64Array(3), 0, at, 0, point, 0),
        axes: mulTransform(new Float64Array(12), 0, at, 0, axes, 0),
      };
    });
    const apart = [0, 1, 2].map((r) => plus.point[r] - minus.point[r]),
      distance = Math.hypot(...apart);
    // the axes halfway between those of the two fingers
    const mean = (column: number): number[] =>
      unit([0, 1, 2].map((r) => plus.axes[4 * r + column] + minus.axes[4 * r + column]));
    const side = mean(1),
      out = mean(2);
    const sign = dot(apart, side) < 0 ? -1 : 1;
    const y = distance > 1e-6 ? apart.map((a) => (sign * a) / distance) : side;
    const z = unit(out.map((a, r) => a - dot(out, y) * y[r]));
    const x = [y[1] * z[2] - y[2] * z[1], y[2] * z[0] - y[0] * z[2], y[0] * z[1] - y[1] * z[0]];
    const pose = Float64Array.from({ length: 12 }, (_, i) => {
      const r = i >> 2;
      return [x[r], y[r], z[r], (plus.point[r] + minus.point[r]) / 2][i & 3];
    });
    return { aperture: sign * distance, pose };
  };
}

const dot = (a: readonly number[], b: readonly number[]): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function unit(a: readonly number[]): number[] {
  const norm = Math.hypot(...a);
  return a.map((x) => x / norm);
}
