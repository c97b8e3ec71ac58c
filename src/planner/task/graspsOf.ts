import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import type { Thing } from "../../core/Thing.js";
import { padsAt } from "../../kinematics/gripper/padsAt.js";
import type { Gripper } from "../../kinematics/Gripper.js";
import { extentOf } from "./extentOf.js";
import type { Grasp } from "./Grasp.js";
import type { OptionsConfig } from "./OptionsConfig.js";

const ROOM = 0.006; // m, by which the hand must open wider than the thing
const UPRIGHT = 0.98; // cosine of an axis that counts as vertical
const TURNS = 12; // of a grasp of a round thing, over half a turn
const TILTS = [0, 0.3, -0.3]; // rad, of the hand about the pads' axis
const HEIGHTS = [0, 0.005, 0.01, 0.02]; // m, over the middle of the thing
const DEEP = 0.6; // share of half a pad's length that must be on the thing

/** The ways to take a thing, the cheapest first, or how wide it is where none is narrow enough for the hand. */
export type Grasps = { readonly ways: readonly Grasp[] } | { readonly narrowest: number };

/**
 * Antipodal grasps from above: the pads close along a horizontal axis of the box about the thing, or along any for a
 * round one, at the height of its middle or a little above, upright or tilted about the pads' axis.
 */
export function graspsOf(
  { parts, round }: Thing,
  pose: Float64Array,
  gripper: Gripper,
  { weights, grasps }: OptionsConfig,
): Grasps {
  const { low, high } = extentOf(parts),
    box = extentOf(parts, pose);
  const middle = [0, 1, 2].map((i) => (low[i] + high[i]) / 2),
    centre = [0, 1, 2].map((i) => pose[4 * i + 3] + middle.reduce((sum, x, k) => sum + pose[4 * i + k] * x, 0)) as [
      number,
      number,
      number,
    ];
  const top = box.high[2],
    open = gripper.apertures[gripper.apertures.length - 1] - ROOM;
  const axes = closings(pose, low, high, round === true);
  const narrow = axes.filter(({ width }) => width <= open);
  if (narrow.length === 0) return { narrowest: Math.min(...axes.map(({ width }) => width)) };
  const [, length] = gripper.padSize,
    highest = top - (DEEP * length) / 2,
    lowest = top - gripper.depth + ROOM; // the palm stays over the thing
  const ways: Grasp[] = [];
  for (const { yaw, width } of narrow)
    for (const tilt of TILTS)
      for (const up of HEIGHTS) {
        const z = Math.max(centre[2], lowest) + up;
        if (up > 0 && z > highest) continue;
        ways.push({
          ...toolFor(gripper, [centre[0], centre[1], Math.min(z, Math.max(highest, centre[2]))], yaw, tilt, width),
          width,
          cost: weights.tilt * Math.abs(tilt) + weights.offset * up,
        });
      }
  return { ways: ways.sort((a, b) => a.cost - b.cost).slice(0, grasps * TILTS.length) };
}

/** The horizontal directions along which pads may close, as yaws, and how wide the thing is there. */
function closings(
  pose: Float64Array,
  low: Float64Array,
  high: Float64Array,
  round: boolean,
): { readonly yaw: number; readonly width: number }[] {
  const size = (i: number): number => high[i] - low[i];
  const up = [0, 1, 2].findIndex((i) => Math.abs(pose[8 + i]) > UPRIGHT);
  const ball = round && Math.abs(size(0) - size(2)) < 1e-3;
  if (ball || (round && up === 2))
    return Array.from({ length: 2 * TURNS }, (_, n) => ({
      yaw: (Math.PI * n) / TURNS,
      width: Math.max(size(0), size(1)),
    }));
  return [0, 1, 2]
    .filter((i) => i !== up && Math.abs(pose[8 + i]) < 1 - UPRIGHT + 0.2)
    .flatMap((i) => {
      const yaw = Math.atan2(pose[4 + i], pose[i]);
      return [
        { yaw, width: size(i) },
        { yaw: yaw + Math.PI, width: size(i) },
      ];
    });
}

/** The tool's pose with the pads at a place, closing along `yaw`; the hand points down but for a tilt about it. */
function toolFor(
  gripper: Gripper,
  [x, y, z]: readonly [number, number, number],
  yaw: number,
  tilt: number,
  width: number,
): Pick<Grasp, "tool" | "approach"> {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  // y: the closing axis; z: down, tilted about y towards x = y × z
  const across: readonly number[] = [-s, c, 0], // horizontal, y × (0, 0, −1) = (−s, c, 0)
    way = [across[0] * Math.sin(tilt), across[1] * Math.sin(tilt), -Math.cos(tilt)] as const;
  const Y = [c, s, 0],
    X = [Y[1] * way[2] - Y[2] * way[1], Y[2] * way[0] - Y[0] * way[2], Y[0] * way[1] - Y[1] * way[0]];
  const pads = Float64Array.of(X[0], Y[0], way[0], x, X[1], Y[1], way[1], y, X[2], Y[2], way[2], z);
  const inTool = padsAt(gripper, width, new Float64Array(12));
  invertTransform(inTool, 0, inTool, 0);
  return { tool: mulTransform(pads, 0, pads, 0, inTool, 0), approach: way };
}
