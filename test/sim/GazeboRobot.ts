import { ArrivalCommands } from "../../src/core/commands/ArrivalCommands.js";
import type { AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { trueLimits } from "../../src/agent/robot/trueLimits.js";
import type { Command } from "../../src/core/Command.js";
import type { Observation } from "../../src/core/Observation.js";
import type { Robot } from "../../src/core/Robot.js";
import type { Rng } from "../../src/core/math/Rng.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { GazeboServo } from "../../src/kinematics/GazeboServo.js";
import { Subject } from "rxjs";
import { servos, type Dart } from "./Dart.js";
import { GazeboController } from "./GazeboController.js";

const STEP = 0.002; // s
const OFF = 0.003; // s, that a message is early or late

/**
 * Gazebo as far as an arm goes: DART's physics, the law of its JointTrajectoryController, messages that take their
 * time. Time passes only in `advance`.
 */
export class GazeboRobot implements Robot {
  readonly observations = new Subject<Observation>();
  readonly errors: number[] = []; // rad, of each joint at each step while something was commanded
  readonly touched = new Set<string>(); // by the arm
  velocity = 0; // greatest, of the robot's limit
  time = 0;
  seen!: Observation;
  private readonly controller: GazeboController;
  private readonly commands: ArrivalCommands;
  private readonly columns: readonly number[];
  private readonly limits: Float64Array;
  private readonly post: { readonly at: number; readonly points: Parameters<GazeboController["accept"]>[0] }[] = [];
  private sent: Command[] = [];

  constructor(
    private readonly setup: AgentSetup,
    private readonly sdf: string,
    private readonly dart: Dart,
    private readonly rng: Rng,
  ) {
    const { arm, agent, robot } = setup,
      servo = new GazeboServo(arm),
      order = [...arm.jointNames].sort();
    this.controller = new GazeboController(sdf);
    this.commands = new ArrivalCommands(agent.reflex.lead, {
      transport: robot.controller.transport,
      step: STEP,
      feedForward: (q, v, a) => servo.feedForward(q, v, a),
    });
    this.columns = arm.jointNames.map((name) => 2 * order.indexOf(name));
    this.limits = trueLimits(setup).velocity;
  }

  /** Puts the arm where the world begins, and lets it stand for 0.2 s. */
  async begin(start: readonly number[]): Promise<void> {
    await this.dart.tell(
      ...this.setup.arm.jointNames.map((name, j) => `set ${name} ${start[j]}`),
      ...servos(this.sdf),
      ...this.aim(0),
      "step 1",
    );
    await this.advance(0.2);
  }

  send(c: Command): Command {
    const points = this.commands
      .of(c, this.time)
      .knots.map(({ t, q, effort }) => ({ positions: q, effort: effort!, timeFromStart: t }));
    this.post.push({
      at: Math.max(
        this.post.at(-1)?.at ?? 0,
        this.time + this.setup.robot.controller.transport + this.rng.range(-OFF, OFF),
      ),
      points,
    });
    this.sent = [...this.sent.slice(-50), { ...c, q: c.q.slice(), v: c.v.slice() }];
    return c;
  }

  async advance(dt: number): Promise<void> {
    const lines: string[] = [],
      began = this.time;
    for (let k = 1; k <= Math.round(dt / STEP); k++) {
      this.time = began + k * STEP;
      while (this.post.length > 0 && this.post[0].at <= this.time - STEP + 1e-9)
        this.controller.accept(this.post.shift()!.points);
      lines.push(...this.aim(this.time), "step 1");
    }
    const { states, contacts } = await this.dart.tell(...lines),
      {
        columns,
        setup: { arm },
      } = this;
    states.forEach((x, k) => {
      const t = began + (k + 1) * STEP,
        c = this.sent.findLast((s) => s.stamp <= t),
        q = new Float64Array(arm.nq);
      if (c !== undefined) sampleCommand(q, new Float64Array(arm.nq), c, t);
      columns.forEach((i, j) => {
        if (c !== undefined) this.errors.push(Math.abs(x[i] - q[j]));
        this.velocity = Math.max(this.velocity, Math.abs(x[i + 1]) / this.limits[j]);
      });
    });
    for (const pair of contacts) if (pair.split(" ").includes("arm")) this.touched.add(pair);
    const x = states.at(-1)!;
    this.seen = {
      stamp: this.time,
      q: Float64Array.from(columns, (i) => x[i]),
      v: Float64Array.from(columns, (i) => x[i + 1]),
      images: new Map(),
    };
    this.observations.next(this.seen);
  }

  private aim(t: number): string[] {
    return this.controller.update(t).map(({ q, effort }, j) => `aim ${this.controller.joints[j]} ${q} ${effort}`);
  }
}
