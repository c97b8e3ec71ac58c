import type { MessagePort } from "node:worker_threads";
import type { Belief } from "../core/Belief.js";
import type { Body } from "../core/Body.js";
import type { Command } from "../core/Command.js";
import type { InHand } from "../core/InHand.js";
import type { Image } from "../core/Observation.js";
import type { Plan } from "../core/Plan.js";
import type { Seconds } from "../core/Seconds.js";
import type { Percept } from "../core/Percept.js";
import type { TaskSpec } from "../cost/index.js";
import type { GuardrailSpec } from "../guardrails/index.js";
import type { ModeEvent } from "../guardrails/mode.js";
import type { Arm } from "../kinematics/Arm.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";

/** Memory that all threads of one agent see. */
export interface SharedMemory {
  readonly clock: SharedArrayBuffer; // SharedClock
  readonly measured: SharedArrayBuffer; // SharedVector [1 + 2nq]: stamp, q, v; written by the main thread
  // SharedVector [2 + 2nq]: stamp, 1 if a plan is followed, q, v; written by the reflex
  readonly commanded: SharedArrayBuffer;
  readonly claim: SharedArrayBuffer; // Int32 [1]: number of the command that waits to leave, negative once it has
}

export interface ReflexData {
  readonly setup: AgentSetup;
  readonly shared: SharedMemory;
  readonly port: MessagePort; // from and to the main thread
}

export interface PlanningData {
  readonly setup: AgentSetup;
  readonly shared: SharedMemory;
  // SharedVector [nq]: rad, measured joints less commanded ones; written by the main thread
  readonly deviation: SharedArrayBuffer;
  readonly index: number; // of the level
  readonly record?: boolean; // whether to report the inputs of each plan
}

/** Beliefs about everything but the arm. */
export interface Beliefs {
  readonly bodies: readonly Body[];
  readonly objects: readonly Belief[];
  readonly inHand: InHand;
}

export type ToReflex =
  | { readonly kind: "event"; readonly event: ModeEvent; readonly by: string }
  // the task's own; as text, for a separate guard, which reads them itself; whether somebody is in charge of the
  // arm from now on
  | {
      readonly kind: "task";
      readonly generation: number;
      readonly guardrails: readonly GuardrailSpec[];
      readonly written?: string;
      readonly begun: boolean;
    }
  | { readonly kind: "plan"; readonly generation: number; readonly plan: Plan } // of the lowest planning level
  // while the goals hold: no plan is to be followed until the next
  | { readonly kind: "rest"; readonly generation: number; readonly atOnce: boolean }
  // stamp: of the last message about any
  | { readonly kind: "bodies"; readonly stamp: Seconds; readonly bodies: readonly Body[] }
  | { readonly kind: "wrench"; readonly stamp: Seconds; readonly force: readonly number[] } // [3] N
  | { readonly kind: "end" };

export type FromReflex =
  // until: later it must not leave, because it could arrive after its beginning
  | { readonly kind: "command"; readonly number: number; readonly command: Command; readonly until: Seconds }
  | ReflexReport;

export type ToPlanner =
  | { readonly kind: "task"; readonly generation: number; readonly task: TaskSpec | undefined; readonly seed: number }
  | { readonly kind: "above"; readonly generation: number; readonly plan: Plan } // of the level above
  // of the lowest level, to one whose plans begin where the arm will be and that has levels below
  | { readonly kind: "followed"; readonly generation: number; readonly plan: Plan }
  | { readonly kind: "beliefs"; readonly beliefs: Beliefs }
  // the newest image's latent, and the joints when it was taken
  | { readonly kind: "percept"; readonly stamp: Seconds; readonly z: Float32Array; readonly q: Float64Array }
  | { readonly kind: "end" };

/** A level's plan, or why it could make none; of an older generation it is void. */
export type FromPlanner =
  | { readonly kind: "ready"; readonly thread: number }
  | { readonly kind: "plan"; readonly generation: number; readonly plan: Plan }
  | { readonly kind: "decision"; readonly bytes: Uint8Array } // a serialised Decision
  // instead of the first plan, for goals that cannot be reached
  | { readonly kind: "failure"; readonly generation: number; readonly failure: string; readonly code?: "NO_PLAN" };

/** What perception starts with. */
export interface PerceptionData {
  readonly folder: string; // of the learned model
  readonly arm: Arm;
}

/** An image to encode: one of the camera (number 0) or a picture that a task brings. */
export type ToPerception =
  // φ(q) with the camera's own images
  | { readonly kind: "image"; readonly number: number; readonly image: Image; readonly posture?: Float32Array }
  | { readonly kind: "end" };

export type FromPerception =
  | { readonly kind: "ready" }
  | { readonly kind: "percept"; readonly number: number; readonly percept: Percept }
  | { readonly kind: "failure"; readonly number: number; readonly failure: string };
