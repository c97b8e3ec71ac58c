import type { GuardrailSpec } from "../../guardrails/index.js";
import type { AgentSetup } from "./AgentSetup.js";

const DEFAULT = 0.01; // m

/** m, from which the hand may let a thing go: the robot's, or what the task says of the support if that is more. */
export const releaseHeight = ({ robot }: Pick<AgentSetup, "robot">, task: readonly GuardrailSpec[] = []): number =>
  task.reduce(
    (most, spec) => (spec.kind === "support" ? Math.max(most, spec.config.release_height ?? 0) : most),
    robot.guardrails.release_height ?? DEFAULT,
  );
