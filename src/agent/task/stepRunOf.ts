import type { GuardrailSpec } from "../../guardrails/index.js";
import type { Mode } from "../../guardrails/mode.js";
import type { TaskSpec } from "../../cost/index.js";
import { Kinematics } from "../../kinematics/index.js";
import { gripForceCap } from "../gripForceCap.js";
import { mayMoveHand } from "../mayMoveHand.js";
import type { AgentSetup } from "../setup/AgentSetup.js";
import { releaseHeight } from "../setup/releaseHeight.js";
import type { Arrival } from "./Arrival.js";
import { arrivalOf } from "./arrivalOf.js";
import { StepRun, type StepPort } from "./StepRun.js";
import { supportsOf } from "./supportsOf.js";
import { withoutNear } from "./withoutNear.js";

/** What a run needs besides its port. */
export interface StepRunParts {
  readonly setup: AgentSetup;
  readonly task: TaskSpec;
  readonly goals: Arrival; // whether the task is done
  readonly mode: () => Mode; // of the guardrails, now
  readonly port: StepPort;
}

/** The run of a task's steps, for an agent whose top level plans what to do; the hand moves only where it may. */
export function stepRunOf({ setup, task, goals, mode, port }: StepRunParts): StepRun {
  const { arm, fixed } = setup,
    kinematics = new Kinematics(arm);
  let inForce: Parameters<StepPort["hand"]>[0] | undefined;
  return new StepRun(task, goals, (below) => arrivalOf(setup, below), arm.gripper?.speed ?? 1, {
    ...port,
    step: (below, state) => port.step(below && withoutNear(setup, below, state.q), state),
    hand: (command, step, state, resting) => {
      if (mode() !== "active") return undefined;
      const { q, held, hand, bodies, stamp } = state;
      kinematics.forward(q, 0);
      const { tool } = kinematics;
      const refusal = mayMoveHand(command, {
        mode: mode(),
        resting,
        tool,
        hand,
        held,
        inForce,
        supports: held === undefined ? [] : supportsOf(fixed, state),
        releaseHeight: releaseHeight(setup, [...task.guardrails, ...step.guardrails] as GuardrailSpec[]),
        mostForce: gripForceCap(setup, tool, bodies, stamp),
      });
      if (refusal !== "") return refusal;
      inForce = command;
      return port.hand(command, step, state, resting);
    },
  });
}
