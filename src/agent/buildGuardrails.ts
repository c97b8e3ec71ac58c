import { levers } from "../kinematics/levers.js";
import type { AgentSetup } from "./AgentSetup.js";
import { createGuardrail, type GuardrailSpec } from "../guardrails/index.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import { KeepOut } from "../guardrails/KeepOut.js";
import { SelfCollision } from "../guardrails/SelfCollision.js";
import { Separation } from "../guardrails/Separation.js";
import { Workspace } from "../guardrails/Workspace.js";

/** The robot's own guardrails and, behind them, those a task adds. Every thread builds the same list from the same data. */
export function buildGuardrails({ arm, robot, agent, fixed }: AgentSetup, task: readonly GuardrailSpec[] = []): Guardrail[] {
  const { clearance, self_clearance, person } = agent.guardrails;
  const moving = Int32Array.from(arm.capsules.keys()).filter((c) => arm.capsules[c].link > 0);
  const context = { watched: moving, clearance };
  const list: Guardrail[] = [new SelfCollision(arm.selfPairs, Int32Array.from(arm.capsules, (c) => c.link), Float64Array.from(arm.capsules, (c) => c.radius), levers(arm), self_clearance), new Separation(moving, person.noise)];
  if (fixed.length > 0) list.push(new KeepOut("fixed_geometry", fixed, moving, clearance));
  if (robot.workspace) {
    const { center: c, size: s } = robot.workspace.box;
    list.push(new Workspace([c[0] - s[0] / 2, c[1] - s[1] / 2, c[2] - s[2] / 2], [c[0] + s[0] / 2, c[1] + s[1] / 2, c[2] + s[2] / 2], moving));
  }
  return list.concat(task.map((spec) => createGuardrail(spec, context)));
}
