import type { YamlDocument } from "../../config/index.js";
import type { GuardrailSpec } from "../../guardrails/index.js";
import { longestStop } from "../../guardrails/filter/longestStop.js";
import { requireTighter } from "../../guardrails/requireTighter.js";
import type { AgentSetup } from "./AgentSetup.js";
import { setupUnderTask } from "./setupUnderTask.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

/**
 * Checks a task's guardrails before anything is built from them: they must be tighter than the robot's, and the arm
 * must be able to stop in time.
 * @throws ConfigError at the one that fails
 */
export function admitGuardrails(specs: readonly GuardrailSpec[], setup: AgentSetup, document: YamlDocument): void {
  requireTighter(specs, setup.robot, setup.arm, setup.fixedIds ?? [], document);
  try {
    longestStop(setupUnderTask(setup, specs).arm.limits, setup.agent.reflex.period, slidesOf(setup.arm));
  } catch (error) {
    throw document.error(
      [
        "guardrails",
        Math.max(
          0,
          specs.findLastIndex(({ kind }) => kind === "limits" || kind === "spill"),
        ),
      ],
      (error as Error).message,
    );
  }
}
