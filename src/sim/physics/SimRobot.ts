import { Subject } from "rxjs";
import type { Body } from "../../core/Body.js";
import type { Clock } from "../../core/time/Clock.js";
import type { Command } from "../../core/Command.js";
import { JoinedCommands, type JoinedCommand } from "../../core/commands/JoinedCommands.js";
import type { HandCommand } from "../../core/Hand.js";
import { apertureOf } from "../../kinematics/gripper/apertureOf.js";
import { handPoint } from "../../kinematics/gripper/handPoint.js";
import type { Image, Observation } from "../../core/Observation.js";
import type { Robot } from "../../core/Robot.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Thing } from "../../core/Thing.js";
import { TIME_STEP } from "./buildMjcf.js";
import type { OtherJoints } from "../../core/OtherJoints.js";
import type { ObjectReading, Reading } from "../../core/Reading.js";
import { Sensors, type SensorOptions } from "../sensors/Sensors.js";
import type { Simulation } from "./Simulation.js";

const LEAD: Seconds = 0.1; // no command begins farther ahead than that

/**
 * The Robot port in one process: no ROS, no wall clock. Time passes only in `advance`, so a whole agent can run
 * deterministically.
 */
export class SimRobot implements Robot {
  readonly observations = new Subject<Observation>(); // one with every reading of the joints
  readonly bodies = new Subject<readonly Body[]>();
  readonly objects = new Subject<readonly ObjectReading[]>();
  readonly things = new Subject<readonly Thing[]>(); // their shapes, now and then
  // N, of the world on the arm
  readonly forces = new Subject<{ readonly stamp: Seconds; readonly force: Float64Array }>();
  readonly clock: Clock;
  readonly sensors: Sensors;
  readonly joined = new JoinedCommands(LEAD);
  private images: ReadonlyMap<string, Image> = new Map(); // the last of each camera

  constructor(
    readonly simulation: Simulation,
    options: SensorOptions = {},
  ) {
    this.clock = { now: () => simulation.time };
    this.sensors = new Sensors(simulation, options);
  }

  /** @throws RangeError if the controller refuses the command */
  send(c: Command): Command {
    this.deliver(this.joined.of(c));
    return c;
  }

  /** A command to the hand arrives at its controller. @throws RangeError if that refuses it */
  sendHand(command: HandCommand): void {
    const { simulation } = this,
      { gripper } = simulation.arm;
    if (gripper === undefined)
      throw new RangeError(`got a command to the hand of ${simulation.arm.name}, which has none`);
    const { names, positions } = simulation.otherJoints();
    const at = gripper.jointNames.map((name) => positions[names.indexOf(name)]);
    const point = handPoint(gripper, command, apertureOf(gripper, at));
    const refusal = simulation.acceptHand({
      jointNames: gripper.jointNames,
      points: [{ ...point, velocities: [], accelerations: [] }],
    });
    if (refusal !== undefined) throw new RangeError(`trajectory of the hand refused: ${refusal}`);
  }

  /** The message of a sent command arrives. @throws RangeError if the controller refuses it */
  deliver({ origin, since, knots }: JoinedCommand): void {
    const points = knots.map(({ t, q, v }) => ({ positions: q, velocities: v, accelerations: [], timeFromStart: t }));
    const refusal = this.simulation.accept({
      stamp: origin + since,
      jointNames: this.simulation.arm.jointNames,
      points,
    });
    if (refusal !== undefined) throw new RangeError(`trajectory refused: ${refusal}`);
  }

  /**
   * Advances by dt and publishes the sensor readings in order. Commands sent by subscribers take effect at once.
   */
  advance(dt: Seconds): void {
    for (let n = Math.round(dt / TIME_STEP); n > 0; n--) {
      this.simulation.step(TIME_STEP);
      this.tell();
    }
  }

  /** Publishes the present sensor readings; call it once at the start for the state before any time has passed. */
  tell(): void {
    const nq = this.simulation.arm.nq;
    for (const r of this.sensors.read())
      switch (r.kind) {
        case "joints":
          this.observations.next({
            stamp: r.stamp,
            q: r.q.slice(0, nq),
            v: r.v.slice(0, nq),
            ...(r.names.length > nq && { others: othersOf(r, nq) }),
            images: this.images,
          });
          break;
        case "image":
          this.images = new Map(this.images).set(r.camera, {
            stamp: r.stamp,
            width: r.width,
            height: r.height,
            data: r.data,
          });
          break;
        case "wrench":
          this.forces.next(r);
          break;
        case "bodies":
          this.bodies.next(r.bodies);
          break;
        case "objects":
          this.objects.next(r.objects);
          if (r.shapes.length > 0) this.things.next(r.shapes);
          break;
        default:
          r satisfies never;
      }
  }
}

/** The measurements of the joints after the arm's. */
const othersOf = ({ names, q, v, effort }: Extract<Reading, { kind: "joints" }>, nq: number): OtherJoints => ({
  names: names.slice(nq),
  positions: q.slice(nq),
  velocities: v.slice(nq),
  efforts: effort.slice(nq),
});
