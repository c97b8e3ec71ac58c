import type { NamedShape } from "../../config/index.js";
import { PreparedShape } from "../../core/geometry/PreparedShape.js";
import type { TaskSpec } from "../../cost/index.js";
import type { JointPositionsSpec } from "../../cost/goals/JointPositions.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { Kinematics } from "../../kinematics/index.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import { setupUnderTask } from "../setup/setupUnderTask.js";

const ROOM = 0.01; // m, beyond the clearance

/**
 * A step's task without the obstacles that the arm is too near to where the step begins, or must come too near to where
 * it ends (if its goal is a posture): the arm could never set out, or arrive. The task level has looked
 * there with the true shape of the hand; the arm's own enclosures are wider.
 *
 * @param q [nq] rad, where the step begins
 */
export function withoutNear(setup: AgentSetup, task: TaskSpec, q: Float64Array): TaskSpec {
  const rules = task.guardrails as GuardrailSpec[];
  if (!rules.some(({ kind }) => kind === "avoid")) return task;
  const { arm } = setupUnderTask(setup, rules),
    kinematics = new Kinematics(arm),
    at = new Float64Array(6 * arm.capsules.length),
    room = setup.agent.guardrails.clearance + ROOM;
  const isNear = (posture: Float64Array): ((named: NamedShape) => boolean) => {
    kinematics.forward(posture, 0);
    kinematics.writeCapsules(at, 0);
    const capsules = at.slice();
    return ({ shape }) => {
      const solid = new PreparedShape(shape);
      return arm.capsules.some(({ link, radius }, c) => link > 0 && !(solid.distance(capsules, 6 * c, radius) >= room));
    };
  };
  const near = [q, ...ends(task)].map(isNear);
  const guardrails = rules.flatMap((rule): GuardrailSpec[] => {
    if (rule.kind !== "avoid") return [rule];
    const { config } = rule,
      close = new Set(config.shapes.filter((s) => near.some((is) => is(s))).map(({ id }) => id)),
      shapes = config.shapes.filter(({ id }) => !close.has(id));
    return shapes.length === 0 ? [] : [{ ...rule, config: { ...config, shapes } }];
  });
  return { ...task, guardrails: guardrails as TaskSpec["guardrails"] };
}

const ends = ({ goal }: TaskSpec): Float64Array[] =>
  goal.flatMap(({ kind, spec }) =>
    kind === "joint_positions" ? [Float64Array.from((spec as JointPositionsSpec).angles)] : [],
  );
