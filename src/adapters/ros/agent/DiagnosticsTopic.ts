import type rclnodejs from "rclnodejs";
import { coverNotices } from "../../../agent/robot/coverNotices.js";
import { monotonic, type SharedClock } from "../../../core/time/SharedClock.js";
import { encodeDiagnosticArray } from "../cdr/DiagnosticArray.js";
import { fromSeconds } from "../cdr/Stamp.js";
import type { ManagedNode } from "../ManagedNode.js";
import { qualities } from "../qualities.js";
import { agentDiagnostics } from "./agentDiagnostics.js";
import type { AgentTime } from "./AgentTime.js";
import type { ConfiguredAgent } from "./ConfiguredAgent.js";
import { Lately } from "./Lately.js";
import { LoopDelay } from "./LoopDelay.js";
import { Rates } from "./Rates.js";
import { Silences } from "./Silences.js";

const STARTING = 10; // s that a node may take to start up
const LATELY = 10; // s for which diagnostics report a message that could not be read
const NONE = new Silences();

/** Publishes what is wrong with the node, its inputs and the machine, on /diagnostics. */
export class DiagnosticsTopic {
  private readonly publisher: rclnodejs.Publisher<"diagnostic_msgs/msg/DiagnosticArray">;
  private readonly delay = new LoopDelay();
  private readonly rates = new Rates();
  private readonly lately = new Lately(LATELY);
  private readonly begun = monotonic();

  constructor(
    private readonly node: ManagedNode,
    private readonly clock: SharedClock,
  ) {
    const qos = qualities.reliable(10);
    this.publisher = node.createPublisher("diagnostic_msgs/msg/DiagnosticArray", "/diagnostics", { qos });
  }

  /**
   * To be called once a second.
   * @param rising whether the node is starting up by itself
   * @returns what is wrong with the clock, in words; "" if nothing
   */
  publish(agent: ConfiguredAgent | undefined, time: AgentTime, rising: boolean): string {
    const { node, clock, lately } = this,
      now = monotonic(),
      { setup, inputs, outputs, status } = agent ?? {},
      counts = Object.fromEntries(inputs?.counts ?? []);
    const rates = this.rates.read(
      {
        commands: outputs?.commands ?? 0,
        missed: status?.missed ?? 0,
        ...Object.fromEntries(Object.entries(counts).map(([topic, c]) => [topic, c.messages])),
      },
      now,
    );
    const diagnostics = agentDiagnostics({
      node: node.getFullyQualifiedName(),
      robot: setup?.robot.name ?? "",
      lifecycle: node.state,
      starting: rising || now - this.begun < STARTING,
      staleAfter: setup?.agent.perception.stale_after ?? 0,
      period: setup?.agent.reflex.period ?? 0,
      status,
      inputs: Object.fromEntries(
        Object.entries(counts).map(([topic, { malformed, fault, others }]) => [
          topic,
          { rate: rates[topic], malformed, lately: lately.grown(topic, malformed, now), fault, others },
        ]),
      ),
      refused: lately.grown("refused", status?.rejected ?? 0, now),
      skew: inputs?.skew ?? 0,
      controller: outputs?.controller,
      shape: setup === undefined ? [] : coverNotices(setup).flatMap(({ good, text }) => (good ? [] : [text])),
      silences: inputs?.silences ?? NONE,
      commands: rates.commands,
      missed: rates.missed,
      clock: time.status,
      ...this.delay.read(),
    });
    // faults of /clock must be reported as well
    const header = { stamp: fromSeconds(clock.now() || Date.now() / 1e3), frameId: "" },
      bytes = encodeDiagnosticArray(header, diagnostics);
    this.publisher.publish(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
    return diagnostics.find((s) => s.name.endsWith(": clock") && s.level > 1)?.message ?? "";
  }

  destroy(): void {
    this.delay.stop();
  }
}
