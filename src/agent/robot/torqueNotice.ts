import { unloaded } from "../../guardrails/margins/TorqueLimit.js";
import { InverseDynamics } from "../../kinematics/InverseDynamics.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import { canBoundTorque } from "./canBoundTorque.js";

/**
 * Notice about the arm's torque, in a line for the user: whether it is bounded, for what load, where it is not and why;
 * and whether the arm could hold still at home.
 */
export function torqueNotice({ arm, robot }: Pick<AgentSetup, "arm" | "robot">): {
  readonly good: boolean;
  readonly text: string;
} {
  const { payload } = robot.guardrails,
    { effort } = arm.limits;
  const bounded = canBoundTorque(arm, payload?.mass),
    free = arm.jointNames.filter((_, j) => !bounded[j]);
  const weightless = arm.linkNames.slice(1).filter((_, j) => arm.inertias[j].mass === 0);
  const why = [
    ...(effort.some((t) => t === Infinity)
      ? [`no effort of ${arm.jointNames.filter((_, j) => effort[j] === Infinity).join(", ")}`]
      : []),
    ...(weightless.length > 0 ? [`no mass of ${weightless.join(", ")}`] : []),
  ].join(" and ");
  if (free.length === arm.nq) return { good: false, text: `torque is not bounded: the description gives ${why}` };
  const still = new Float64Array(arm.nq),
    need = new InverseDynamics(arm).compute(arm.home, still, still, 0);
  const weak = arm.jointNames
    .filter((_, j) => Math.abs(need[j]) > effort[j])
    .map(
      (name) => `${name} ${told(need[arm.jointNames.indexOf(name)])} of ${told(effort[arm.jointNames.indexOf(name)])}`,
    );
  const load = payload === undefined ? "nothing carried, as no payload is declared" : `0 to ${payload.mass} kg carried`;
  const text =
    `torque is bounded at ${Math.round(100 * (1 - (payload?.reserve ?? unloaded.reserve)))} % of the ` +
    `effort${free.length > 0 ? ` of all joints but ${free.join(", ")}` : ""}, with ${load}`;
  const but = [
    ...(why === "" ? [] : [`the description gives ${why}`]),
    ...(weak.length > 0
      ? [
          `holding still at home needs more torque than the effort (${weak.join(", ")} N·m): set effort in ` +
            "limits.joints, or fix the masses",
        ]
      : []),
  ];
  return { good: but.length === 0, text: [text, ...but].join("; ") };
}

const told = (torque: number): string => Number(Math.abs(torque).toPrecision(3)).toString();
