import type { Shape, Vec3 } from "../../../src/core/geometry/Shape.js";
import type { Thing } from "../../../src/core/Thing.js";
import type { Belief } from "../../../src/core/Belief.js";
import type { Held } from "../../../src/core/Held.js";
import { createGoal, worstBlock, type BindContext, type GoalSpec } from "../../../src/cost/index.js";
import { agent, context, nq } from "../goalContext.js";
import { OracleArm, stateWith } from "../oracleArm.js";

// An agent with a hand, and what is on its table: a block, a long block, a cup, a ball, a bin that stands still.

const upright = [0, 0, 0, 1] as const;
export const box = (size: Vec3, center: Vec3 = [0, 0, 0]): Extract<Shape, { kind: "box" }> => ({
  kind: "box",
  center,
  size,
  orientation: upright,
});
const thing = (id: string, kind: string, parts: readonly Shape[], more: Partial<Thing> = {}): Thing => ({
  id,
  kind,
  parts,
  mass: 0.1,
  friction: 0.6,
  ...more,
});

export const BLOCK: Vec3 = [0.04, 0.05, 0.06];
export const LONG: Vec3 = [0.03, 0.14, 0.05];
export const ROOM: Vec3 = [0.2, 0.3, 0.08]; // of the bin: centre (0.5, 0.3), floor at 0.01 m
export const things: readonly Thing[] = [
  thing("block", "box", [box(BLOCK)]),
  thing("long", "box", [box(LONG)]),
  thing("cup", "cup", [box([0.07, 0.07, 0.08])], { round: true, inside: box([0.06, 0.06, 0.07], [0, 0, 0.005]) }),
  thing("ball", "sphere", [{ kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 0], radius: 0.03 }], { round: true }),
];
export const fixedThings: readonly Thing[] = [
  thing("table", "box", [box([1.2, 1.2, 0.04], [0.3, 0, -0.02])]),
  thing("bin", "bin", [box([0.22, 0.32, 0.01], [0.5, 0.3, 0.005])], { inside: box(ROOM, [0.5, 0.3, 0.05]) }),
];
export const hand: BindContext = {
  ...agent,
  hand: true,
  objects: things.map(({ id }) => id),
  predicted: [],
  things,
  fixedThings,
};

export const at = (id: string, position: readonly number[], orientation: readonly number[] = upright): Belief => ({
  id,
  position: position as [number, number, number],
  orientation: orientation as [number, number, number, number],
  positionStd: 0.001,
  stamp: 0,
});
export const about = ([x, y, z]: readonly number[], angle: number): [number, number, number, number] => {
  const s = Math.sin(angle / 2) / Math.hypot(x, y, z);
  return [s * x, s * y, s * z, Math.cos(angle / 2)];
};

/** The largest block norm of a bound goal, with things where they are believed to be, and one perhaps in the hand. */
export function errorOf(goal: GoalSpec, beliefs: readonly Belief[], inHand?: string): number {
  const residual = createGoal(structuredClone(goal), context);
  const r = new Float64Array(residual.dim).fill(NaN);
  const J = new Float64Array(residual.dim * nq).fill(NaN);
  const held = inHand === undefined ? undefined : ({ id: inHand } as Held);
  residual.evaluate(new OracleArm(nq, 1).instant(new Float64Array(nq), { ...stateWith(...beliefs), held }), r, J);
  if (residual.name !== "tool_line" && J.some((x) => x !== 0)) throw new Error("∂r/∂q is not 0");
  if (residual.blocks.reduce((a, b) => a + b) !== residual.dim) throw new Error("blocks do not sum to dim");
  return worstBlock(residual.blocks, r);
}
