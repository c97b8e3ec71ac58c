import { z } from "zod";
import {
  adopt,
  describeIssue,
  didYouMean,
  dimensionOf,
  everyPosition,
  isMap,
  jointDimension,
  jointPosition,
  misfitOfAll,
  printable,
  sameDimension,
  setForm,
  unitText,
  withPreset,
  type Dimension,
  type PerKind,
} from "../../config/index.js";
import type { JointLimits } from "../../core/JointLimits.js";
import { perJoint } from "../../core/math/perJoint.js";
import { nearestTurn } from "../../core/math/nearestTurn.js";
import { BindError } from "../BindError.js";
import type { KnotView } from "../KnotView.js";
import type { Plugin } from "../Plugin.js";
import type { Residual } from "../Residual.js";

const tolerance = withPreset(everyPosition({ above: 0 }), { turning: 0.02, sliding: 0.02 }).describe(
  "tolerance of each joint",
);
const list = z.strictObject({ positions: z.array(jointPosition()).min(1).max(12), tolerance });
const named = z.strictObject({
  positions: z.record(z.string(), jointPosition()).describe("positions by joint name; other joints are free"),
  tolerance,
});

/**
 * Values written with a unit, by joint name or index in the list: angle or length, to be compared with the kind of
 * joint.
 */
export interface Told {
  readonly told: Readonly<Record<string, { readonly text: string; readonly dimension: Dimension }>>;
  readonly allowed: unknown; // the tolerance as it was written
}

/**
 * Three ways to write it: a list for all joints, { joint: angle, …, tolerance? }, or { positions: either of them,
 * tolerance }.
 */
const written = z.unknown().transform((input, context): (z.output<typeof list> | z.output<typeof named>) & Told => {
  const map = isMap(input) ? input : undefined;
  const spelled = map !== undefined && Object.hasOwn(map, "positions");
  const { tolerance: given, ...angles } = map ?? {};
  const whole = spelled
    ? map
    : { positions: map ? angles : input, ...(given === undefined ? {} : { tolerance: given }) };
  const result = (Array.isArray(whole.positions) ? list : named).safeParse(whole, { error: describeIssue });
  const texts = Object.entries(Object(whole.positions) as Record<string, unknown>).flatMap(([key, text]) =>
    dimensionOf(text) ? [[key, { text: String(text), dimension: dimensionOf(text)! }]] : [],
  );
  if (result.success) return { ...result.data, told: Object.fromEntries(texts), allowed: whole.tolerance };
  adopt(
    context,
    result.error.issues.map((issue) =>
      spelled || issue.path[0] !== "positions" ? issue : { ...issue, path: issue.path.slice(1) },
    ),
  );
  return z.NEVER;
});
setForm(written, {
  type: "angles of all joints, { joint: angle, …, tolerance }, or the map below",
  unit: "rad, sliding: m",
  keys: named,
});
const schema = written as unknown as z.ZodType<(z.output<typeof list> | z.output<typeof named>) & Told>;

export type JointPositionsConfig = z.output<typeof schema>;

export interface JointPositionsSpec {
  readonly joints: readonly number[];
  readonly angles: readonly number[]; // rad; m of joints that slide
  readonly endless?: readonly boolean[]; // of these joints
  readonly tolerance: number | readonly number[]; // rad, of joints that slide m; of all or of each of these joints
}

/**
 * Some joints at given positions: r_i = (q_j − q*_j)/ε, ∂r_i/∂q_j = 1/ε. For an endless joint, q*_j is the turn within
 * its limits that is nearest to q_j. Each joint is a separate block.
 */
export class JointPositions implements Residual {
  readonly name = "joint_positions";
  readonly dim: number;
  readonly blocks: readonly number[];
  private readonly tolerance: Float64Array; // [dim]

  constructor(
    private readonly spec: JointPositionsSpec,
    private readonly nq: number,
    private readonly limits: JointLimits,
  ) {
    this.dim = spec.joints.length;
    this.tolerance = perJoint(spec.tolerance, this.dim);
    this.blocks = spec.joints.map(() => 1);
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { joints, angles, endless } = this.spec,
      { tolerance } = this;
    const {
      nq,
      limits: { lo, hi },
    } = this;
    if (J) J.fill(0, 0, this.dim * nq);
    for (let i = 0; i < joints.length; i++) {
      const j = joints[i],
        q = x.q[x.iq + j];
      r[i] = (q - (endless?.[i] ? nearestTurn(angles[i], q, lo[j], hi[j]) : angles[i])) / tolerance[i];
      if (J) J[i * nq + j] = 1 / tolerance[i];
    }
  }
}

/**
 * The tolerance of each joint of a goal.
 * @throws BindError if one tolerance was given for turning and sliding joints together, or its unit does not fit
 */
function tolerances(
  tolerance: PerKind,
  written: unknown,
  names: readonly string[],
  slides: readonly boolean[],
): number[] {
  const text = misfitOfAll(written, names, slides);
  if (text !== "") throw new BindError("UNKNOWN_JOINT", `tolerance: ${text}`);
  return slides.map((s) => (s ? tolerance.sliding : tolerance.turning));
}

/** `joint_positions: [0, -45 deg, …]` or `joint_positions: { joint2: -45 deg, tolerance: 1 deg }` */
export const jointPositions: Plugin<JointPositionsConfig, JointPositionsSpec, Residual> = {
  schema,
  bind({ positions, tolerance, told, allowed }, { jointNames, endless, slides }) {
    const each = (joints: readonly number[]): number[] =>
      tolerances(
        tolerance,
        allowed,
        joints.map((j) => jointNames[j]),
        joints.map((j) => slides?.[j] === true),
      );
    for (const [key, { text, dimension }] of Object.entries(told)) {
      const j = Array.isArray(positions) ? Number(key) : jointNames.indexOf(key),
        want = jointDimension(slides?.[j] === true);
      if (j >= 0 && j < jointNames.length && slides && !sameDimension(dimension, want))
        throw new BindError(
          "UNKNOWN_JOINT",
          `got '${printable(text, 40)}', want a number in ${unitText(want)} or with such a unit: ${jointNames[j]} ` +
            (slides[j] ? "slides" : "turns"),
          [Array.isArray(positions) ? j : key],
        );
    }
    if (Array.isArray(positions)) {
      if (positions.length !== jointNames.length)
        throw new BindError(
          "UNKNOWN_JOINT",
          `got ${positions.length} angles, want ${jointNames.length}, one for each joint`,
        );
      const joints = jointNames.map((_, j) => j);
      return { joints, angles: positions, tolerance: each(joints), endless };
    }
    const angles = positions;
    const joints = Object.keys(angles).map((name) => {
      const j = jointNames.indexOf(name);
      if (j < 0)
        throw new BindError(
          "UNKNOWN_JOINT",
          `got '${printable(name, 40)}'${didYouMean(name, jointNames)}, want a joint: ${jointNames.join(", ")}`,
          [name],
        );
      return j;
    });
    return {
      joints,
      angles: Object.values(angles),
      tolerance: each(joints),
      endless: endless && joints.map((j) => endless[j]),
    };
  },
  create: (spec, { nq, limits }) => new JointPositions(spec, nq, limits),
};
