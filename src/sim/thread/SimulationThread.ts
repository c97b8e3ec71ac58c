import { Worker } from "node:worker_threads";
import { ReplaySubject, Subject } from "rxjs";
import type { Seconds } from "../../core/Seconds.js";
import type { SceneConfig } from "../../config/SceneConfig.js";
import type { TrajectoryMessage } from "../physics/TrajectoryMessage.js";
import type { SensorOptions } from "../sensors/Sensors.js";
import type { ObjectPose } from "../physics/Simulation.js";
import type { SimulationSetup } from "../physics/SimulationSetup.js";
import type { Disturbance, SimulationReport, SimulationRequest, ThreadSetup } from "./SimulationProtocol.js";

type Tick = Extract<SimulationReport, { type: "tick" }>;

/**
 * A simulation in its own thread and at its own pace. It starts at `begin`, and times count from there. Each tick (10
 * ms of simulated time) reports the sensor readings and the ground truth. If the reader falls far behind, the
 * simulation waits.
 */
export class SimulationThread {
  readonly ticks = new Subject<Tick>();
  readonly clock = new Subject<Seconds>(); // 200 Hz of simulated time: at every tick and halfway between ticks
  readonly refusals = new Subject<string>(); // why a trajectory was refused
  readonly handRefusals = new Subject<string>();
  readonly leaps = new Subject<number>(); // rad, jumps of the desired state to a late trajectory
  readonly slowness = new Subject<{ lag: number; realTimeFactor: number }>();
  readonly begun = new ReplaySubject<number>(1); // ms of the system's clock at time 0
  readonly ended: Promise<Error | undefined>; // undefined after `stop`
  private readonly worker: Worker;
  private readonly bell: Int32Array;
  private readonly waiting = new Map<number, (fault: string | undefined) => void>();
  private lastId = 0;

  constructor(setup: SimulationSetup, options: { readonly sensors?: SensorOptions; readonly speed?: number } = {}) {
    const shared = new SharedArrayBuffer(8);
    this.bell = new Int32Array(shared);
    const workerData: ThreadSetup = { setup, sensors: options.sensors ?? {}, speed: options.speed ?? 1, shared };
    // the thread must not get the arguments of this process
    this.worker = new Worker(new URL("./simulationWorker.js", import.meta.url), { workerData, execArgv: [] });
    this.worker.on("message", (r: SimulationReport) => this.take(r));
    this.ended = new Promise((resolve) => {
      let error: Error | undefined;
      this.worker.once("error", (e) => (error = e));
      this.worker.once("exit", () => {
        for (const reply of this.waiting.values()) reply("the simulation has ended");
        this.waiting.clear();
        resolve(error);
      });
    });
  }

  /** Starts time. Until then the thread loads and waits. */
  begin(): void {
    this.post({ type: "begin" });
  }

  /** Sends a trajectory to the controller; `refusals` reports a refusal. */
  send(message: TrajectoryMessage): void {
    this.post({ type: "trajectory", to: "arm", message });
  }

  /** Sends a trajectory to the hand's controller; `handRefusals` reports a refusal. */
  sendHand(message: TrajectoryMessage): void {
    this.post({ type: "trajectory", to: "hand", message });
  }

  /** Resolves to the error message, or undefined. */
  reset(to: {
    readonly scene?: SceneConfig;
    readonly seed: number;
    readonly poses: readonly ObjectPose[];
  }): Promise<string | undefined> {
    return this.ask((id) => ({ type: "reset", id, ...to }));
  }

  /** Resolves to the error message, or undefined. */
  disturb(disturbance: Disturbance): Promise<string | undefined> {
    return this.ask((id) => ({ type: "perturb", id, disturbance }));
  }

  /** Ends the thread. */
  stop(): void {
    this.post({ type: "stop" });
  }

  private ask(request: (id: number) => SimulationRequest): Promise<string | undefined> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.post(request(id));
    });
  }

  private post(r: SimulationRequest): void {
    this.worker.postMessage(r);
    Atomics.store(this.bell, 0, 1);
    Atomics.notify(this.bell, 0);
  }

  private take(r: SimulationReport): void {
    switch (r.type) {
      case "begun":
        this.begun.next(r.at);
        break;
      case "tick":
        try {
          this.clock.next(r.time);
          this.ticks.next(r);
        } finally {
          Atomics.add(this.bell, 1, 1);
        }
        break;
      case "clock":
        this.clock.next(r.time);
        break;
      case "reply":
        this.waiting.get(r.id)?.(r.fault);
        this.waiting.delete(r.id);
        break;
      case "refused":
        (r.by === "arm" ? this.refusals : this.handRefusals).next(r.reason);
        break;
      case "leapt":
        this.leaps.next(r.by);
        break;
      case "slow":
        this.slowness.next(r);
        break;
      default:
        r satisfies never;
    }
  }
}
