import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import type { Clock } from "../../core/time/Clock.js";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import type { FromReflex, ReflexData, SharedMemory, ToReflex } from "../messages.js";
import type { ReflexListener, ReflexPort } from "../ReflexPort.js";

/** The thread of the reflex and the safety filter, seen from the thread that publishes. */
export class ReflexThread implements ReflexPort {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly claim: Int32Array;
  private ready!: () => void;
  private readonly running: Promise<void>;

  constructor(
    setup: AgentSetup,
    shared: SharedMemory,
    private readonly clock: Clock,
    private readonly listener: ReflexListener,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.claim = new Int32Array(shared.claim);
    this.worker = new Worker(new URL("./reflexWorker.js", import.meta.url), {
      workerData: { setup, shared, port: port2 } satisfies ReflexData,
      transferList: [port2],
    });
    this.running = new Promise((resolve, reject) => {
      this.ready = resolve;
      this.worker.once("error", reject);
    });
    this.running.catch(() => undefined);
    this.worker.on("error", (error) => listener.died(error.message));
    this.port.on("message", (message: FromReflex) => this.hear(message));
  }

  /** Resolves with the first report. @throws Error if the thread cannot start */
  started(): Promise<void> {
    return this.running;
  }

  post(message: ToReflex): void {
    this.port.postMessage(message);
  }

  async end(): Promise<void> {
    this.post({ kind: "end" });
    await this.worker.terminate();
    this.port.close();
  }

  /** A command leaves if and only if it is claimed before the reflex withdraws it, and is not late. */
  private hear(message: FromReflex): void {
    if (message.kind === "report") {
      this.ready();
      return this.listener.report(message);
    }
    const { number, command, until } = message;
    // it could arrive after its beginning, and the controller would jump to where the arm should be by then
    if (this.clock.now() > until) return;
    if (Atomics.compareExchange(this.claim, 0, number, -number) === number) this.listener.command(command);
  }
}
