import type { AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { trueLimits } from "../../src/agent/robot/trueLimits.js";
import type { JointLimits } from "../../src/core/JointLimits.js";
import type { Simulation } from "../../src/sim/physics/Simulation.js";
import { touchesArm } from "../sim/touchesArm.js";

const MOVING = 0.05; // rad/s
const STILL = 0.02; // rad/s

/** What is let pass. */
export interface Leniency {
  readonly swing?: number; // of a velocity limit
  // things that lie about may be touched: no guardrail keeps the arm from what a task may push
  readonly pushes?: boolean;
}
const RESTING = 10; // looks in a row

/**
 * Judges an arm by the simulator alone: limits of its URDF, contacts, people, when it came to rest. One look every 10
 * ms.
 */
export class GroundTruth {
  readonly violations: string[] = [];
  onset: number | undefined; // rad/s, speed when the fault began
  needed = 0; // s that the fastest joint then needed to stop
  restedAt = Infinity; // s
  private quiet = 0;
  private readonly limits: JointLimits;

  constructor(
    private readonly simulation: Simulation,
    setup: AgentSetup,
    private readonly lets: Leniency = {},
  ) {
    this.limits = trueLimits(setup);
  }

  get still(): boolean {
    return this.quiet >= RESTING;
  }

  /** @param faulty whether the fault is at work */
  look(faulty: boolean): void {
    const { simulation: s, limits, lets } = this;
    const speed = Math.max(...s.v.map(Math.abs));
    s.v.forEach((v, j) => {
      const most = limits.velocity[j];
      if (!(Math.abs(v) <= most * (1 + (lets.swing ?? 0))))
        this.break(`joint ${j + 1} at ${v.toFixed(2)} rad/s of ${most.toFixed(2)}`);
      if (!(s.q[j] >= limits.lo[j] && s.q[j] <= limits.hi[j])) this.break(`joint ${j + 1} at ${s.q[j].toFixed(3)} rad`);
    });
    for (const c of s.takeContacts())
      if (
        touchesArm(c, s.scene) &&
        speed > MOVING &&
        !(lets.pushes && s.scene.objects.some(({ id }) => id === c.body1 || id === c.body2))
      )
        this.break(`${c.body1} touches ${c.body2}`);
    for (const [id, d] of s.personDistances())
      if (d <= 0 && speed > MOVING) this.break(`touches ${id} at ${speed.toFixed(2)} rad/s`);
    if (faulty && this.onset === undefined && speed > MOVING) {
      this.onset = speed;
      s.v.forEach((v, j) => (this.needed = Math.max(this.needed, Math.abs(v) / limits.acceleration[j])));
    }
    this.quiet = speed < STILL ? this.quiet + 1 : 0;
    if (this.still && this.onset !== undefined && this.restedAt === Infinity) this.restedAt = s.time - RESTING * 0.01;
  }

  private break(how: string): void {
    if (this.violations.length < 5) this.violations.push(`${how} at ${this.simulation.time.toFixed(2)} s`);
  }
}
