import { regionSpeed } from "../../guardrails/margins/contactSpeed.js";
import { capsulesNamed } from "../../guardrails/margins/capsulesNamed.js";
import { createGuardrail, ownGuardrails, type GuardrailContext, type GuardrailSpec } from "../../guardrails/index.js";
import type { Guardrail } from "../../guardrails/Guardrail.js";
import { KeepOut } from "../../guardrails/margins/KeepOut.js";
import { movingMass } from "../../guardrails/margins/movingMass.js";
import { PowerAndForce } from "../../guardrails/margins/PowerAndForce.js";
import { SelfCollision } from "../../guardrails/margins/SelfCollision.js";
import { Separation } from "../../guardrails/margins/Separation.js";
import { heldLoad } from "../../guardrails/margins/heldLoad.js";
import { TorqueLimit, unloaded } from "../../guardrails/margins/TorqueLimit.js";
import { levers } from "../../kinematics/urdf/levers.js";
import type { AgentSetup } from "./AgentSetup.js";
import { canBoundTorque } from "../robot/canBoundTorque.js";

/**
 * The robot's own guardrails, then those that a task adds. Every thread builds the same list from the same data.
 * They hold for every load up to the declared one, and with nothing carried: carrying less than declared allows no
 * more.
 */
export function buildGuardrails(
  { arm, robot, agent, fixed, fixedIds = [] }: AgentSetup,
  task: readonly GuardrailSpec[] = [],
): Guardrail[] {
  const { clearance, self_clearance } = agent.guardrails;
  const radii = Float64Array.from(arm.capsules, (c) => c.radius);
  const watched = Int32Array.from(arm.capsules.keys()).filter((c) => arm.capsules[c].link > 0);
  const { contact, payload, hand_clearance = clearance } = robot.guardrails;
  const loads = [
    payload ?? unloaded,
    ...task.flatMap((spec) => (spec.kind === "payload" ? [spec.config] : [])),
    ...(arm.held === undefined ? [] : [heldLoad(arm.held, payload?.reserve)]),
  ];
  const load = Math.max(...loads.map(({ mass }) => mass));
  const supports = new Set(task.flatMap((spec) => (spec.kind === "support" ? spec.config.ids : []))),
    hand =
      hand_clearance < clearance ? watched.filter((c) => !arm.capsules[c].held && arm.capsules[c].link === arm.nq) : [],
    sparedNear = [...capsulesNamed(arm, "held"), ...hand];
  const context: GuardrailContext = {
    arm,
    watched,
    clearance,
    fixed: new Map(fixedIds.map((id, i) => [id, fixed[i]])),
    solids: [
      ...fixedIds.map((id, i) => ({ id, shape: fixed[i] })),
      ...task.flatMap((spec) => (spec.kind === "avoid" ? spec.config.shapes : [])),
    ],
    supports,
    sparedNear,
    stiffness: contact?.stiffness ?? Infinity,
    load,
  };
  const list: Guardrail[] = [
    new SelfCollision(
      arm.selfPairs,
      Int32Array.from(arm.capsules, (c) => c.link),
      radii,
      levers(arm),
      self_clearance,
    ),
    people({ arm, robot, agent }, watched, radii, load),
  ];
  const touchable = new Set(task.flatMap((spec) => (spec.kind === "contact" ? spec.config.bodies : [])));
  const solid = [...fixed.keys()].filter((i) => !touchable.has(fixedIds[i])),
    spared = new Map(arm.world?.map((w) => [w.id, w.spared]));
  if (solid.length > 0)
    list.push(
      new KeepOut(
        "fixed_geometry",
        solid.map((i) => fixed[i]),
        watched,
        clearance,
        solid.map((i) => [...(spared.get(fixedIds[i]) ?? []), ...(supports.has(fixedIds[i]) ? sparedNear : [])]),
      ),
    );
  const near = context.solids.filter(({ id }) => supports.has(id) && !touchable.has(id));
  if (near.length > 0 && hand.length > 0)
    list.push(
      new KeepOut(
        "hand_clearance",
        near.map(({ shape }) => shape),
        Int32Array.from(hand),
        hand_clearance,
        near.map(({ id }) => spared.get(id) ?? []),
      ),
    );
  const make = (specs: readonly GuardrailSpec[], of: GuardrailContext): void => {
    for (const spec of specs) {
      const guardrail = createGuardrail(spec, of);
      if (guardrail !== undefined) list.push(guardrail);
    }
  };
  const { held: _, ...bare } = arm;
  make(ownGuardrails(robot), { ...context, arm: bare }); // the robot's own are about its tool, whatever it holds
  make(task, context);
  if (canBoundTorque(arm, load).some(Boolean)) list.push(new TorqueLimit(arm, loads));
  return list;
}

function people(
  { arm, robot, agent }: Pick<AgentSetup, "arm" | "robot" | "agent">,
  watched: Int32Array,
  radii: Float64Array,
  load: number,
): Guardrail {
  const { mode, noise, regions } = agent.guardrails.person;
  if (mode === "separation") return new Separation(watched, noise, robot.controller.delay);
  const mass = movingMass(arm) + load;
  return new PowerAndForce(
    watched,
    radii,
    noise,
    new Map(Object.entries(regions).map(([id, region]) => [id, regionSpeed(region, mass)])),
    robot.controller.delay,
  );
}
