import type { AgentPort, TaskResult } from "../../../agent/AgentPort.js";
import type { AgentSetup, SetupChoice } from "../../../agent/setup/AgentSetup.js";
import type { SharedClock } from "../../../core/time/SharedClock.js";
import type { LatchFile } from "../../../runtime/LatchFile.js";
import type { Recorder } from "../client/Recorder.js";
import type { ManagedNode } from "../ManagedNode.js";
import type { RosArguments } from "../rosArguments.js";
import type { AgentParameters, GuardPlace, NodeName } from "./agentParameters.js";

/** Events of the node, for its owner. */
export type AgentEvent =
  | { readonly event: "state"; readonly state: string }
  | { readonly event: "task"; readonly task: string; readonly result: TaskResult };

export interface AgentNodeOptions {
  readonly name?: NodeName; // default: telos
  readonly ros: RosArguments;
  readonly defaults: Partial<AgentParameters>; // of parameters that --ros-args do not name
  readonly load: (choice: SetupChoice) => AgentSetup;
  readonly start: (
    setup: AgentSetup,
    o: { clock: SharedClock; node: ManagedNode; guard: GuardPlace; latch: LatchFile },
  ) => Promise<AgentPort>;
  // topics in addition to those of every agent
  readonly open?: (node: ManagedNode, port: AgentPort, clock: SharedClock) => { destroy(): void };
  readonly onEvent?: (event: AgentEvent) => void;
  // it should start by itself and cannot, and waiting does not help
  readonly onFailure?: (why: string) => void;
  readonly recorder?: Recorder; // gets every message in and out
}
