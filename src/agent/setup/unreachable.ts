import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import { Rng } from "../../core/math/Rng.js";
import { Rollouts } from "../../core/Rollouts.js";
import type { State } from "../../core/State.js";
import { createGoal, ToolPose, UnknownObjectError, type GoalSpec, type TaskSpec } from "../../cost/index.js";
import type { ToolPoseConfig } from "../../cost/goals/ToolPose.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Arm } from "../../kinematics/Arm.js";
import { tellSelfPair } from "../../kinematics/pairs/nearestSelfPair.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { Descent } from "../../planner/search/Descent.js";
import type { AgentSetup } from "./AgentSetup.js";
import { buildGuardrails } from "./buildGuardrails.js";
import { setupUnderTask } from "./setupUnderTask.js";

const POSTURES = 1000; // descents, from here, from home and from random postures
const ENOUGH = 30; // postures that satisfy the goals, all forbidden, before the same is assumed of the rest

/**
 * Why no posture of the arm satisfies a task's goals: out of reach, or where guardrails forbid. People do not count,
 * because they go away. Sampled, so a reason is no proof: of thousands of reachable goals none was refused (test).
 * undefined if a posture is found, or if too little is known, for example of objects that were never
 * seen.
 *
 * @param from where the arm stands, and beliefs about objects
 */
export function unreachable(setup: AgentSetup, task: TaskSpec, from: State): string | undefined {
  try {
    return reason(setupUnderTask(setup, task.guardrails as GuardrailSpec[]), task, {
      ...from,
      bodies: [],
      v: new Float64Array(from.q.length),
    });
  } catch (error) {
    if (error instanceof UnknownObjectError) return undefined;
    throw error;
  }
}

function reason(setup: AgentSetup, task: TaskSpec, from: State): string | undefined {
  const { arm } = setup;
  const descent = new Descent(
    arm,
    task.goal.map((g) => createGoal(g, { nq: arm.nq, limits: arm.limits })),
  );
  const evaluate = worstMargin(setup, task, from);
  let least = Infinity,
    satisfying = 0,
    best: (Margin & { readonly q: Float64Array }) | undefined;
  for (const q of postures(arm, from)) {
    const error = descent.solve(q, from);
    if (!(error >= least)) least = error;
    if (!(error <= 1)) continue;
    const margin = evaluate(q);
    if (!(margin.value < 0)) return undefined;
    if (best === undefined || margin.value > best.value) best = { ...margin, q: q.slice() };
    satisfying++;
  }
  if (satisfying === 0)
    return (
      outOfReach(arm, task.goal, from) ??
      `no posture within the joint limits satisfies the goals: the best is ${least.toFixed(1)} tolerances off`
    );
  if (satisfying < ENOUGH) return undefined;
  return (
    `every posture that satisfies the goals breaks a guardrail: the best of ${satisfying} breaks ${best!.name} ` +
    `by ${(-best!.value).toFixed(3)} ` +
    `${best!.unit}` +
    `${
      best!.name === "self_collision" ? tellSelfPair(arm, best!.q, setup.agent.guardrails.self_clearance, true) : ""
    }` +
    `${inside(setup, task.goal)}`
  );
}

interface Margin {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The worst margin of an arm that rests in a posture [nq]. */
function worstMargin(setup: AgentSetup, task: TaskSpec, from: State): (q: Float64Array) => Margin {
  const { arm } = setup;
  const guardrails = buildGuardrails(setup, task.guardrails as GuardrailSpec[]);
  const sweep = new Sweep(arm);
  const still = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq: arm.nq, nc: sweep.nc, quasistatic: true });
  still.from = from;
  const out = new Float64Array(1);
  return (q) => {
    still.q.set(q);
    sweep.fill(still);
    let worst: Margin = { name: "", value: Infinity, unit: "" };
    for (const guardrail of guardrails) {
      guardrail.margin(still, out, 1);
      if (!(out[0] >= worst.value)) worst = { name: guardrail.name, value: out[0], unit: guardrail.unit };
    }
    return worst;
  };
}

/** Postures to descend from; the caller may change each. */
function* postures({ nq, home, limits: { lo, hi } }: Arm, from: State): Generator<Float64Array> {
  const rng = new Rng(1);
  yield from.q.slice();
  yield home.slice();
  for (let i = 2; i < POSTURES; i++) yield Float64Array.from({ length: nq }, (_, j) => rng.range(lo[j], hi[j]));
}

/** For a goal of the tool's position: the least distance to it, if the rest of the pose is free. */
function outOfReach(arm: Arm, goals: readonly GoalSpec[], from: State): string | undefined {
  for (const { position, tolerance, angle_tolerance } of poses(goals)) {
    const descent = new Descent(arm, [new ToolPose({ position, tolerance, angle_tolerance })]);
    let least = Infinity;
    for (const q of postures(arm, from)) {
      least = Math.min(least, descent.solve(q, from));
      if (least <= 1) break;
    }
    if (least > 1)
      return (
        `out of reach: the tool comes no nearer to [${position!.map((x) => x.toFixed(3)).join(", ")}] m than ` +
        `${(least * tolerance).toFixed(3)} m`
      );
  }
  return undefined;
}

/** The fixed shapes inside which the tool would have to be. */
function inside({ fixed, fixedIds = [] }: AgentSetup, goals: readonly GoalSpec[]): string {
  const told: string[] = [];
  for (const { position } of poses(goals)) {
    fixed.forEach((shape, i) => {
      const depth = -new PreparedShape(shape).distance(Float64Array.of(...position!, ...position!), 0, 0);
      if (depth > 0) told.push(`; its position is ${depth.toFixed(3)} m inside '${fixedIds[i] ?? shape.kind}'`);
    });
  }
  return told.join("");
}

const poses = (goals: readonly GoalSpec[]): ToolPoseConfig[] =>
  goals.flatMap(({ kind, spec }) =>
    kind === "tool_pose" && (spec as ToolPoseConfig).position ? [spec as ToolPoseConfig] : [],
  );
