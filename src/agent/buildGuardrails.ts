import { regionSpeed } from "../guardrails/contactSpeed.js";
import { createGuardrail, movingMass, type GuardrailContext, type GuardrailSpec } from "../guardrails/index.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import { KeepOut } from "../guardrails/KeepOut.js";
import { PowerAndForce } from "../guardrails/PowerAndForce.js";
import { SelfCollision } from "../guardrails/SelfCollision.js";
import { Separation } from "../guardrails/Separation.js";
import { levers } from "../kinematics/levers.js";
import type { AgentSetup } from "./AgentSetup.js";

/**
 * The robot's own guardrails and, behind them, those a task adds. Every thread builds the same list from the same data.
 * Where a task says what the arm carries, that is what it carries: it takes the place of the robot's own payload, which is the most it may be.
 */
export function buildGuardrails({ arm, robot, agent, fixed, fixedIds = [] }: AgentSetup, task: readonly GuardrailSpec[] = []): Guardrail[] {
  const { clearance, self_clearance } = agent.guardrails;
  const radii = Float64Array.from(arm.capsules, (c) => c.radius);
  const watched = Int32Array.from(arm.capsules.keys()).filter((c) => arm.capsules[c].link > 0);
  const { contact, payload, tool_tilt, spill } = robot.guardrails;
  const context: GuardrailContext = { arm, watched, clearance, fixed: new Map(fixedIds.map((id, i) => [id, fixed[i]])), stiffness: contact?.stiffness ?? Infinity };
  const load = task.reduce((most, spec) => (spec.kind === "payload" ? Math.max(most, spec.config.mass) : most), payload?.mass ?? 0);
  const list: Guardrail[] = [new SelfCollision(arm.selfPairs, Int32Array.from(arm.capsules, (c) => c.link), radii, levers(arm), self_clearance), people({ arm, robot, agent }, watched, radii, load)];
  const touchable = new Set(task.flatMap((spec) => (spec.kind === "contact" ? spec.config.bodies : [])));
  const solid = fixed.filter((_, i) => !touchable.has(fixedIds[i]));
  if (solid.length > 0) list.push(new KeepOut("fixed_geometry", solid, watched, clearance));
  const own: Exclude<GuardrailSpec, { kind: "limits" }>[] = [];
  if (robot.workspace) own.push({ kind: "workspace", config: robot.workspace });
  if (tool_tilt) own.push({ kind: "tool_tilt", config: tool_tilt });
  if (spill) own.push({ kind: "spill", config: spill });
  if (payload && !task.some((spec) => spec.kind === "payload")) own.push({ kind: "payload", config: payload });
  return list.concat([...own, ...task.filter((spec) => spec.kind !== "limits")].map((spec) => createGuardrail(spec, context)));
}

function people({ arm, robot, agent }: Pick<AgentSetup, "arm" | "robot" | "agent">, watched: Int32Array, radii: Float64Array, load: number): Guardrail {
  const { mode, noise, regions } = agent.guardrails.person;
  if (mode === "separation") return new Separation(watched, noise, robot.controller.delay);
  const mass = movingMass(arm) + load;
  return new PowerAndForce(watched, radii, noise, new Map(Object.entries(regions).map(([id, region]) => [id, regionSpeed(region, mass)])), robot.controller.delay);
}
