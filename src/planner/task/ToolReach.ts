import type { Rng } from "../../core/math/Rng.js";
import { rotationError } from "../../core/geometry/rotationError.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { DampedLeastSquares } from "../../kinematics/DampedLeastSquares.js";
import type { PostureCheck, TaskContext } from "./TaskContext.js";

const ITERATIONS = 50;
const STALLED = 12; // steps in which it must come nearer by a tenth
const RANDOM = 4; // further starts
const NEAR = 1e-3,
  TURNED = 5e-3; // m, rad: a posture is found
const BETWEEN = 4; // poses of a straight way
const LEAP = 1; // rad, of a joint between two of them
const LONGEST = 0.4; // rad, of a step
const HOMEWARD = 0.02; // share of the way home of a step, in the null space

/** Where the tool can be, and if it cannot, how nearly. */
export interface Reached {
  readonly q: Float64Array | undefined; // [nq] rad, a posture that keeps all guardrails
  readonly off: number; // m, of the tool from the wanted place in the best posture; 0 if it gets there
  readonly by: string; // the guardrail that the best posture there breaks; "" if none does
  readonly margin: number; // its
}

/**
 * Inverse kinematics under the guardrails, with memory: the same question has the same answer. From several postures it
 * descends by damped least squares, q ← clamp(q + Δq), and takes the first that is there and keeps every guardrail.
 */
export class ToolReach {
  private readonly solver: DampedLeastSquares;
  private readonly answers = new Map<string, Reached>();
  private readonly checks = new Map<string, PostureCheck>();
  private readonly found: Float64Array[] = []; // postures, newest last

  constructor(
    private readonly context: TaskContext,
    private readonly start: Float64Array, // [nq] rad, of the arm
    private readonly rng: Rng,
  ) {
    this.solver = new DampedLeastSquares(context.arm);
  }

  /**
   * @param tool [12] wanted pose in the base frame, m
   * @param rules further guardrails, which `name` stands for in memory
   */
  of(tool: Float64Array, rules: readonly GuardrailSpec[] = [], name = ""): Reached {
    const key = `${name} ${Array.from(tool, (x) => x.toFixed(4)).join(" ")}`;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.search(tool, this.checkOf(rules, name));
    this.answers.set(key, answer);
    if (answer.q !== undefined) this.found.push(answer.q);
    return answer;
  }

  /**
   * Whether the tool can go straight on from a posture, and where the arm then is: the same descent, from each posture
   * to the next of a few poses in between, which must keep the guardrails too.
   * @param from [12] the tool's pose at q
   */
  straight(
    q: Float64Array,
    from: Float64Array,
    to: Float64Array,
    rules: readonly GuardrailSpec[],
    name: string,
  ): Reached {
    const check = this.checkOf(rules, name),
      at = to.slice();
    let now: Reached = { q, off: 0, by: "", margin: Infinity };
    for (let i = 1; i <= BETWEEN && now.q !== undefined; i++) {
      for (const c of [3, 7, 11]) at[c] = from[c] + (i / BETWEEN) * (to[c] - from[c]);
      const { q: next, off } = this.descend(now.q, at);
      if (off > 0 || Math.max(...next.map((x, j) => Math.abs(x - now.q![j]))) > LEAP)
        return { q: undefined, off: Math.max(off, NEAR), by: "", margin: 0 };
      const { name: by, value } = check(next);
      now = { q: value >= 0 ? next : undefined, off: 0, by, margin: value };
    }
    return now;
  }

  private checkOf(rules: readonly GuardrailSpec[], name: string): PostureCheck {
    const check = this.checks.get(name) ?? this.context.posture(rules);
    this.checks.set(name, check);
    return check;
  }

  private search(tool: Float64Array, check: PostureCheck): Reached {
    const { context, start, rng, found } = this,
      { lo, hi } = context.arm.limits;
    const starts = [
      ...found.slice(-2).reverse(),
      start,
      context.arm.home,
      ...Array.from({ length: RANDOM }, () => lo.map((x, j) => rng.range(Math.max(x, -3), Math.min(hi[j], 3)))),
    ];
    let best: Reached = { q: undefined, off: Infinity, by: "", margin: -Infinity };
    for (const from of starts) {
      const { q, off } = this.descend(from, tool);
      if (off > 0) {
        if (off < best.off && best.off > 0) best = { q: undefined, off, by: "", margin: 0 };
        continue;
      }
      const { name, value } = check(q);
      if (value >= 0) return { q, off: 0, by: "", margin: value };
      if (best.off > 0 || value > best.margin) best = { q: undefined, off: 0, by: name, margin: value };
    }
    return best;
  }

  /** @returns the posture, and how far its tool is from the wanted place, 0 if it is there */
  private descend(from: Float64Array, tool: Float64Array): { readonly q: Float64Array; readonly off: number } {
    const { solver, context } = this,
      { arm } = context,
      { lo, hi } = arm.limits,
      q = from.map((x, j) => Math.min(Math.max(x, lo[j]), hi[j])),
      step = new Float64Array(arm.nq),
      home = new Float64Array(arm.nq),
      error = new Float64Array(6);
    let mark = Infinity;
    for (let i = 0; ; i++) {
      solver.linearise(q, 0);
      const now = solver.kinematics.tool;
      for (let c = 0; c < 3; c++) error[c] = tool[4 * c + 3] - now[4 * c + 3];
      rotationError(error, 3, now, 0, tool, 0);
      const off = Math.hypot(error[0], error[1], error[2]),
        turn = Math.hypot(error[3], error[4], error[5]);
      if (off < NEAR && turn < TURNED) return { q, off: 0 };
      const stalled = i % STALLED === 0 && off + turn > 0.9 * mark;
      if (i % STALLED === 0) mark = off + turn;
      if (i === ITERATIONS || stalled) return { q, off: Math.max(off, NEAR) };
      for (let j = 0; j < arm.nq; j++) home[j] = HOMEWARD * (arm.home[j] - q[j]);
      solver.solve(step, error, home);
      const scale = Math.min(1, LONGEST / Math.max(...step.map(Math.abs)));
      for (let j = 0; j < arm.nq; j++) q[j] = Math.min(Math.max(q[j] + scale * step[j], lo[j]), hi[j]);
    }
  }
}
