import type { z } from "zod";
import type { RobotConfig } from "../config/index.js";
import type { Shape } from "../core/geometry/Shape.js";
import type { Arm } from "../kinematics/Arm.js";
import type { Guardrail } from "./Guardrail.js";

/** What a guardrail may know of the arm it is made for. */
export interface GuardrailContext {
  readonly arm: Arm;
  readonly watched: Int32Array; // indices of capsules that move
  readonly clearance: number; // m, to solid things
  readonly fixed: ReadonlyMap<string, Shape>; // known geometry by its name
  readonly stiffness: number; // N/m, of a touch
  readonly load: number; // kg, the most that the arm may carry
}

/** What a task's guardrail is compared with. */
export interface Declared {
  readonly robot: RobotConfig;
  readonly arm: Pick<Arm, "jointNames" | "kinds" | "limits">;
  readonly fixed: readonly string[]; // names of the fixed geometry that may be touched
  readonly written: unknown; // the guardrail as it stands in the file
  /** @param path of the value, below the guardrail's own key @throws ConfigError at it */
  refuse(path: readonly PropertyKey[], message: string): never;
}

/** A kind of guardrail that a task file may add by its name: all that is told of it, in one place. */
export interface GuardrailKind<Config> {
  /** How it is written, and what it means (`describe`). */
  readonly schema: z.ZodType<Config>;
  /** The robot's own in the same words, which always holds. Absent: robots declare none. */
  own?(robot: RobotConfig): Config | undefined;
  /**
   * Refuses a task's that is looser than the robot's. It would hold beside the robot's own anyway, so this is no hole
   * that is shut but a request that is told not to come true: both values stand in the error.
   * @throws ConfigError by `declared.refuse`
   */
  tighten?(config: Config, declared: Declared): void;
  /** The guardrail itself, made in every thread that evaluates it. Absent: it changes another's bounds. */
  make?(config: Config, context: GuardrailContext): Guardrail;
}
