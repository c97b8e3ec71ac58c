import type { AgentPort, AgentStatus } from "../../../agent/AgentPort.js";
import type { AgentSetup } from "../../../agent/setup/AgentSetup.js";
import type { SharedClock } from "../../../core/time/SharedClock.js";
import type { ManagedNode } from "../ManagedNode.js";
import { AgentInputs } from "./AgentInputs.js";
import type { AgentNodeOptions } from "./AgentNodeOptions.js";
import { AgentOutputs } from "./AgentOutputs.js";
import type { AgentParameters } from "./agentParameters.js";
import type { AgentTime } from "./AgentTime.js";
import { Frames } from "./Frames.js";
import { sourceJoints } from "./sourceJoints.js";

/** A started agent, whose topics are still to be opened. */
export interface StartedAgent {
  readonly setup: AgentSetup;
  readonly port: AgentPort;
}

/** A configured agent and its topics; it ends when the node is cleaned up. */
export class ConfiguredAgent {
  readonly setup: AgentSetup;
  readonly port: AgentPort;
  readonly inputs: AgentInputs;
  readonly outputs: AgentOutputs;
  private readonly others: { destroy(): void } | undefined;

  constructor(
    node: ManagedNode,
    { setup, port }: StartedAgent,
    clock: SharedClock,
    time: AgentTime,
    { cameras, guard }: AgentParameters,
    { open, recorder }: Pick<AgentNodeOptions, "open" | "recorder">,
  ) {
    this.setup = setup;
    this.port = port;
    this.others = open?.(node, port, clock);
    recorder?.follow(clock);
    this.inputs = new AgentInputs(node, port, clock, {
      cameras,
      frames: new Frames(setup.arm.base, setup.frames),
      links: setup.links,
      forces: setup.robot.guardrails.contact_force !== undefined,
      recorder,
      witness: (stamp) => time.witness(stamp),
      joints: sourceJoints(setup.arm),
    });
    this.outputs = new AgentOutputs(node, port, setup, guard, clock, recorder);
  }

  /** The agent's last status. */
  get status(): AgentStatus | undefined {
    return this.outputs.status;
  }

  /** Ends the agent, then its topics. */
  async destroy(): Promise<void> {
    await this.port.dispose();
    this.others?.destroy();
    this.inputs.destroy();
    this.outputs.destroy();
  }
}
