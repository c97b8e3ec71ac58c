import type { JointLimits } from "../core/JointLimits.js";
import type { Seconds } from "../core/Seconds.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import type { PathSweep } from "../guardrails/filter/PathSweep.js";

export interface ReflexOptions {
  readonly limits: JointLimits;
  readonly sweep: PathSweep;
  readonly guardrails: readonly Guardrail[];
  readonly dt: Seconds; // δ, between commands
  readonly staleAfter: Seconds; // of joint states
  // other inputs without which nothing moves, by topic, with their maximum age
  readonly needs?: Readonly<Record<string, Seconds>>;
  readonly maxForce?: number; // N, of contact; without it forces are not checked
  // rad (m if prismatic), of all joints or of each [nq]; a larger distance between commanded and measured joints is a
  // fault
  readonly trackingError: number | ArrayLike<number>;
  readonly delay?: Seconds; // of the servo: a measured state was commanded this long before; default: 0
}
