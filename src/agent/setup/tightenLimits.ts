import type { SaidPerKind } from "../../config/index.js";
import type { JointLimits } from "../../core/JointLimits.js";
import { armAtHeld } from "../../kinematics/armAtHeld.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { calmLimits } from "../../guardrails/filter/calmLimits.js";
import type { AgentSetup } from "./AgentSetup.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

const RAMP = 0.25; // s, in which the greatest acceleration is reached, and
// s, in which the greatest speed is braked from it: what is made gentle is made slow as well, so that fail-safe
// trajectories stay short
const STOP = 1;

/**
 * The setup with the joint limits under a task: the robot's, tightened by its `limits` and, if a liquid is carried, to
 * accelerations that leave it in its cup (`calmLimits`). The same setup if nothing tightens them.
 */
export function tightenLimits(setup: AgentSetup, task: readonly GuardrailSpec[] = []): AgentSetup {
  const { arm, robot } = setup;
  let limits = arm.limits;
  const { spill } = robot.guardrails;
  const liquids = [
    ...(spill === undefined ? [] : [spill]),
    ...task.flatMap((spec) => (spec.kind === "spill" && carries(setup, spec.config.of) ? [spec.config] : [])),
  ];
  if (liquids.length > 0) limits = calmLimits(armAtHeld(arm), limits, Math.min(...liquids.map(({ max }) => max)));
  for (const spec of task) if (spec.kind === "limits") limits = capped(limits, spec.config, slidesOf(arm));
  return limits === arm.limits ? setup : { ...setup, arm: { ...arm, limits: slowed(limits) } };
}

/** Whether a bound on a liquid holds now: always, or while the thing of that name is in the hand. */
const carries = ({ arm }: AgentSetup, of: string | undefined): boolean => of === undefined || arm.held?.id === of;

/** An acceleration above √(JV) is never reached between rest and V, but stops would be as long as if it were. */
function slowed(limits: JointLimits): JointLimits {
  const jerk = (j: number): number => limits.jerk?.[j] ?? Infinity;
  const ramped = limits.acceleration.map((A, j) => Math.min(A, RAMP * jerk(j)));
  const velocity = limits.velocity.map((V, j) => Math.min(V, STOP * ramped[j]));
  return { ...limits, velocity, acceleration: ramped.map((A, j) => Math.min(A, Math.sqrt(jerk(j) * velocity[j]))) };
}

function capped(
  limits: JointLimits,
  cap: { readonly velocity?: SaidPerKind; readonly acceleration?: SaidPerKind; readonly jerk?: SaidPerKind },
  slides: readonly boolean[],
): JointLimits {
  const { jerk = new Float64Array(limits.lo.length).fill(Infinity) } = limits;
  const at = (bounds: Float64Array, said: SaidPerKind = {}): Float64Array =>
    bounds.map((x, j) => Math.min(x, said[slides[j] ? "sliding" : "turning"] ?? Infinity));
  return {
    ...limits,
    velocity: at(limits.velocity, cap.velocity),
    acceleration: at(limits.acceleration, cap.acceleration),
    ...(cap.jerk === undefined ? {} : { jerk: at(jerk, cap.jerk) }),
  };
}
