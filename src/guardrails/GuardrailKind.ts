import type { z } from "zod";
import type { NamedShape, RobotConfig } from "../config/index.js";
import type { Shape } from "../core/geometry/Shape.js";
import type { Arm } from "../kinematics/Arm.js";
import type { Guardrail } from "./Guardrail.js";

/** What a guardrail is made from. */
export interface GuardrailContext {
  readonly arm: Arm;
  readonly watched: Int32Array; // indices of capsules that move
  readonly clearance: number; // m, to solid things
  readonly fixed: ReadonlyMap<string, Shape>; // known geometry by its name
  readonly solids: readonly NamedShape[]; // the same, and what the task avoids; names may repeat
  readonly supports: ReadonlySet<string>; // names of what the held thing may touch, and the hand come near
  readonly sparedNear: readonly number[]; // capsules that these are no keep-out for; other guardrails bound them
  readonly stiffness: number; // N/m, of a touch
  readonly load: number; // kg, the most that the arm may carry
}

/** The robot's declarations, with which a task's guardrail is compared. */
export interface Declared {
  readonly robot: RobotConfig;
  readonly arm: Pick<Arm, "jointNames" | "kinds" | "limits" | "capsules" | "linkNames">;
  readonly fixed: readonly string[]; // names of the fixed geometry that may be touched
  readonly written: unknown; // the guardrail as written in the file
  readonly others: readonly { readonly kind: string; readonly config: unknown }[]; // all of the task before it
  readonly avoided: readonly string[]; // names of what the task avoids
  /** @param path of the value, below the guardrail's own key @throws ConfigError at it */
  refuse(path: readonly PropertyKey[], message: string): never;
}

/** A kind of guardrail that a task file may add by its name, declared in one place. */
export interface GuardrailKind<Config> {
  /** Its schema, and its meaning (`describe`). */
  readonly schema: z.ZodType<Config>;
  /** The robot's own in the same form, which always holds. Absent: robots declare none. */
  own?(robot: RobotConfig): Config | undefined;
  /**
   * Refuses a task's guardrail that is looser than the robot's. The robot's own would hold anyway, so this closes no
   * hole: it tells the user that the request would have no effect. The error names both values.
   * @throws ConfigError by `declared.refuse`
   */
  tighten?(config: Config, declared: Declared): void;
  /**
   * Makes the guardrail, in every thread that evaluates it. Absent, or undefined: it changes another guardrail's
   * bounds, or there is nothing to bound.
   */
  make?(config: Config, context: GuardrailContext): Guardrail | undefined;
}
