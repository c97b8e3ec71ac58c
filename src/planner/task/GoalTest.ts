import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import type { Belief } from "../../core/Belief.js";
import type { State } from "../../core/State.js";
import { createGoal, worstBlock, type GoalSpec, type KnotView, type Residual } from "../../cost/index.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { TaskWorld } from "./TaskWorld.js";

const OF_THE_ARM = ["tool_pose", "joint_positions", "tool_line"];

/** A goal, whom it is about, and the residual by which it is judged in an imagined world as in the true one. */
export interface TestedGoal {
  readonly goal: GoalSpec;
  readonly id: string | undefined; // of the thing that must be moved for it; undefined: of the arm
  readonly other: string | undefined; // of the thing that it is relative to
  readonly residual: Residual;
}

export class GoalTest {
  readonly goals: readonly TestedGoal[];
  private readonly x: KnotView;

  constructor(
    arm: Arm,
    goals: readonly GoalSpec[],
    private readonly from: State,
  ) {
    this.goals = goals.map((goal) => {
      const spec = goal.spec as { readonly object?: string; readonly other?: string };
      return {
        goal,
        id: OF_THE_ARM.includes(goal.kind) ? undefined : (spec.object ?? ""),
        other: spec.other,
        residual: createGoal(goal, { nq: arm.nq, limits: arm.limits }),
      };
    });
    const none = new Float64Array(12);
    this.x = { q: from.q, v: from.v, iq: 0, tool: none, it: 0, J: new Float64Array(6 * arm.nq), from };
  }

  /** The goals of a list about things that do not hold in a world. */
  unmet(world: TaskWorld, goals: readonly TestedGoal[] = this.goals): TestedGoal[] {
    this.x.from = { ...this.from, objects: beliefsOf(world), held: heldOf(world) };
    return goals.filter(({ id, residual }) => {
      if (id === undefined) return false;
      const r = new Float64Array(residual.dim);
      residual.evaluate(this.x, r);
      return !(worstBlock(residual.blocks, r) <= 1);
    });
  }
}

const heldOf = ({ held }: TaskWorld): State["held"] =>
  held && { id: held.id, pose: held.pose, parts: [], mass: 0, positionStd: 0 };

function beliefsOf({ poses, held, tool }: TaskWorld): Map<string, Belief> {
  const all = held === undefined ? [...poses] : [...poses, [held.id, tool] as const];
  return new Map(
    all.map(([id, t]) => {
      const [x, y, z, w] = quatFromTransform(new Float64Array(4), 0, t, 0);
      return [id, { id, position: [t[3], t[7], t[11]], orientation: [x, y, z, w], positionStd: 0, stamp: 0 }];
    }),
  );
}
