import { readFileSync } from "node:fs";
import type { AgentPort } from "../../src/agent/AgentPort.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { trueLimits } from "../../src/agent/robot/trueLimits.js";
import { loadSceneConfig } from "../../src/config/index.js";
import { JoinedCommands } from "../../src/core/commands/JoinedCommands.js";
import { monotonic, SharedClock } from "../../src/core/time/SharedClock.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { ClockFilter, type ClockLine } from "../../src/adapters/ros/agent/ClockFilter.js";
import { SimulationThread } from "../../src/sim/thread/SimulationThread.js";
import { touchesArm } from "../sim/touchesArm.js";

const SCENE = loadSceneConfig("table");
// of a velocity limit: on a busy machine a command may come after its beginning, and the controller then leaps
const LATE = 0.35;

/**
 * The true simulator in its thread and in real time, with an agent or a guard on it, all in this process: what DDS
 * would carry is handed over directly.
 */
export class RealTime {
  readonly violations: string[] = [];
  readonly setup: AgentSetup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
  private readonly limits = trueLimits(this.setup);
  readonly clock = new SharedClock();
  deaf = false; // to joint states
  slow: string | undefined; // how this machine broke the bound on delay under which the laws hold
  speed = 0; // rad/s of the fastest joint
  q: Float64Array = new Float64Array(0);
  private readonly filter = new ClockFilter();
  private readonly simulation: SimulationThread;
  private readonly timer: NodeJS.Timeout;
  private port: AgentPort | undefined;

  constructor() {
    const urdf = parseUrdf(readFileSync(this.setup.robot.urdf!, "utf8"));
    const arm = armFromUrdf(urdf, armOptions(this.setup.robot));
    this.simulation = new SimulationThread({ urdf, arm, scene: SCENE, seed: 1 }, { sensors: { cameras: false } });
    this.clock.set(0, monotonic(), 0);
    const set = (line: ClockLine | undefined): void => line && this.clock.set(line.at, line.since, line.rate);
    this.simulation.clock.subscribe((t) => set(this.filter.observe(t, monotonic())));
    this.simulation.leaps.subscribe((by) => (this.slow = `a command came late: the desired state jumped by ${by} rad`));
    this.simulation.slowness.subscribe(({ lag }) => (this.slow = `the simulation gave up ${lag} s`));
    this.timer = setInterval(() => set(this.filter.check(monotonic())), 50);
    this.simulation.ticks.subscribe(({ readings, truth }) => {
      this.evaluate(truth.q, truth.v, truth.contacts);
      for (const r of readings) {
        if (r.kind === "joints" && !this.deaf)
          this.port?.observeJoints({ stamp: r.stamp, names: r.names, positions: r.q, velocities: r.v });
        if (r.kind === "bodies") this.port?.observeBodies(r.stamp, r.bodies);
      }
    });
  }

  /** Puts an agent or a guard on the arm and waits until it is active. */
  async connect<T extends AgentPort>(
    make: (setup: AgentSetup, clock: SharedClock) => Promise<T>,
    begins = "inactive",
  ): Promise<T> {
    this.simulation.begin();
    await this.until(() => this.q.length > 0, 20);
    const port = await make(this.setup, this.clock);
    this.port = port;
    const joined = new JoinedCommands(this.setup.agent.reflex.lead);
    port.commands.subscribe((c) => {
      const { origin, since, knots } = joined.of(c),
        points = knots.map(({ t, q, v }) => ({ positions: q, velocities: v, accelerations: [], timeFromStart: t }));
      this.simulation.send({ stamp: origin + since, jointNames: port.jointNames, points });
    });
    let mode = "";
    port.status.subscribe((s) => (mode = s.mode));
    await this.until(() => mode === begins, 10);
    await port.ready();
    port.activate();
    await this.until(() => mode === (begins === "inactive" ? "active" : begins), 5);
    return port;
  }

  /** @returns whether it came true in time, s */
  async until(condition: () => boolean, within: number): Promise<boolean> {
    for (const limit = performance.now() + 1000 * within; !condition();) {
      if (performance.now() > limit) return false;
      await new Promise((r) => setTimeout(r, 5));
    }
    return true;
  }

  /** @returns s until the arm rests and stays so for 0.15 s */
  async rest(within: number): Promise<number> {
    const begun = performance.now();
    let since = begun;
    await this.until(() => {
      if (this.speed > 0.02) since = performance.now();
      return performance.now() - since > 150;
    }, within);
    return this.speed > 0.02 ? Infinity : (since - begun) / 1000;
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.port?.dispose();
    this.simulation.stop();
    await this.simulation.ended;
  }

  private evaluate(q: Float64Array, v: Float64Array, contacts: readonly { body1: string; body2: string }[]): void {
    const { lo, hi, velocity } = this.limits;
    this.q = q;
    this.speed = Math.max(...v.map(Math.abs));
    const tell = (what: string): void => void (this.violations.length < 5 && this.violations.push(what));
    v.forEach((x, j) => {
      const most = velocity[j];
      if (!(Math.abs(x) <= most * (1 + LATE))) tell(`joint ${j + 1} at ${x.toFixed(2)} rad/s of ${most.toFixed(2)}`);
      if (!(q[j] >= lo[j] && q[j] <= hi[j])) tell(`joint ${j + 1} at ${q[j].toFixed(3)} rad`);
    });
    for (const c of contacts) if (this.speed > 0.05 && touchesArm(c, SCENE)) tell(`${c.body1} touches ${c.body2}`);
  }
}
