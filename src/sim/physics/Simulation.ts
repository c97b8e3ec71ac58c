import type { MainModule } from "@mujoco/mujoco";
import { drawScene } from "../../config/random.js";
import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Body } from "../../core/Body.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { ArmServo } from "./ArmServo.js";
import { buildMjcf, TIME_STEP } from "./buildMjcf.js";
import type { Contact } from "./Contact.js";
import type { Pose } from "./Disturbances.js";
import type { Geometry } from "./Geometry.js";
import type { ControllerState, JointTrajectoryController } from "./JointTrajectoryController.js";
import { linksThatTouch } from "./linksThatTouch.js";
import type { Mover } from "./Mover.js";
import { mujoco } from "./mujoco.js";
import type { Perturbation } from "./Perturbation.js";
import { Plant, type GripState } from "./Plant.js";
import type { SimulationSetup } from "./SimulationSetup.js";
import type { TrajectoryMessage } from "./TrajectoryMessage.js";

/** A saved state of one scene, for `restore`. */
export interface Moment {
  readonly steps: number;
  readonly physics: Float64Array; // MuJoCo's integration state
  readonly controller: ControllerState;
  readonly servo: ReturnType<ArmServo["save"]>;
  readonly grip: GripState | undefined; // of a robot with a gripper
  readonly movers: readonly Seconds[];
}

export interface ObjectPose extends Pose {
  readonly id: string;
}

/**
 * The plant: arm, controller, objects, people, in MuJoCo at 2 ms. Deterministic: same set-up, same calls, same bits.
 * Time starts at 0 with every reset. It does not depend on ROS. Sensors with noise and delay are outside (SimRobot, the
 * simulator node).
 */
export class Simulation {
  readonly q: Float64Array; // [nq] rad, true
  readonly v: Float64Array; // [nq] rad/s, true
  touching = 0; // steps of 2 ms since the reset in which the arm touched anything
  private steps = 0;
  private plant!: Plant; // of the last reset
  private settled = false; // whether kinematic quantities belong to the present qpos
  private readonly touchingLinks: ReadonlySet<string>; // as made

  private constructor(
    private readonly mj: MainModule,
    private setup: SimulationSetup,
  ) {
    this.q = new Float64Array(setup.arm.nq);
    this.v = new Float64Array(setup.arm.nq);
    this.touchingLinks = linksThatTouch(mj, setup.urdf, setup.arm);
  }

  /** @throws RangeError if the start does not fit the arm; Error with MuJoCo's message if it cannot build the scene */
  static async create(setup: SimulationSetup): Promise<Simulation> {
    const s = new Simulation(await mujoco(), setup);
    s.build();
    return s;
  }

  get arm(): Arm {
    return this.setup.arm;
  }

  get seed(): number {
    return this.setup.seed;
  }

  /** As drawn. */
  get scene(): SceneConfig {
    return this.plant.scene;
  }

  get controller(): JointTrajectoryController {
    return this.plant.controller;
  }

  get movers(): readonly Mover[] {
    return this.plant.movers;
  }

  /** [nq] N·m, as last applied. */
  get effort(): Float64Array {
    return this.plant.servo.effort;
  }

  get time(): Seconds {
    return this.steps * TIME_STEP;
  }

  /**
   * Puts everything into the scene's initial state, drawn from the seed. Options that are not given stay as they are;
   * `poses` are set after the draw.
   */
  reset(to: { scene?: SceneConfig; seed?: number; poses?: readonly ObjectPose[] } = {}): void {
    const before = this.setup;
    this.setup = { ...before, scene: to.scene ?? before.scene, seed: to.seed ?? before.seed };
    try {
      this.build();
      for (const { id, position, orientation } of to.poses ?? []) this.plant.object(id).move(position, orientation);
      this.settled = false;
    } catch (error) {
      this.setup = before;
      this.build();
      throw error;
    }
  }

  /** Sends a trajectory to the controller. Returns why it is refused, or undefined. */
  accept(message: TrajectoryMessage): string | undefined {
    return this.controller.accept(message, this.time);
  }

  /** Sends a trajectory to the hand's controller. Returns why it is refused, or undefined. */
  acceptHand(message: TrajectoryMessage): string | undefined {
    const { hand } = this.plant;
    return hand === undefined ? `${this.arm.name} has no gripper` : hand.accept(message, this.time);
  }

  /** The id of the object that both sides of the hand press, undefined if there is none. */
  held(): string | undefined {
    return this.plant.grasp?.id;
  }

  /** Advances by dt, rounded to whole steps of 2 ms. */
  step(dt: Seconds): void {
    const { mj, plant } = this,
      { model, data, servo, controller, tool } = plant;
    for (let n = Math.round(dt / TIME_STEP); n > 0; n--) {
      plant.disturbances.expire(this.time);
      for (const mover of plant.movers) mover.advance(TIME_STEP);
      plant.placeMovers();
      for (const f of plant.free) f.hold();
      plant.readArm(this.q, this.v);
      controller.sample(this.time, this.q, this.v);
      mj.mj_step1(model, data);
      servo.drive(data);
      plant.hand?.drive(data, this.time);
      plant.keepHeld();
      tool.hang();
      mj.mj_step2(model, data);
      const touches = data.sensordata[0];
      if (touches > 0) this.touching++;
      plant.lookAtHand(this.steps, this.time);
      if (this.setup.contacts !== false) plant.contacts.note(data, touches);
      this.steps++;
    }
    plant.readArm(this.q, this.v);
    this.settled = false;
  }

  /**
   * The present state of everything that moves, without running disturbances. For planning with the true dynamics, and
   * for tests.
   */
  save(): Moment {
    const { mj, plant } = this,
      { model, data } = plant;
    const all = mj.mjtState.mjSTATE_INTEGRATION.value;
    const buffer = new mj.DoubleBuffer(mj.mj_stateSize(model, all));
    mj.mj_getState(model, data, buffer, all);
    const physics = Float64Array.from(buffer.GetView() as Float64Array);
    buffer.delete();
    return {
      steps: this.steps,
      physics,
      controller: plant.controller.save(),
      servo: plant.servo.save(),
      grip: plant.saveGrip(),
      movers: plant.movers.map((m) => m.progress),
    };
  }

  /** Returns to a saved state of this scene since its last reset; what follows has the same bits as it had then. */
  restore(m: Moment): void {
    const { mj, plant } = this;
    mj.mj_setState(plant.model, plant.data, m.physics as never, mj.mjtState.mjSTATE_INTEGRATION.value);
    this.steps = m.steps;
    plant.controller.restore(m.controller);
    plant.servo.restore(m.servo);
    if (m.grip !== undefined) plant.restoreGrip(m.grip);
    plant.movers.forEach((mover, i) => (mover.progress = m.movers[i]));
    plant.readArm(this.q, this.v);
    this.settled = false;
  }

  objects(): ObjectPose[] {
    return this.plant.free.map((f) => ({ id: f.id, ...f.pose() }));
  }

  /** An object's velocity, m/s. @throws RangeError where there is none of that id */
  velocity(id: string): Vec3 {
    return this.plant.object(id).velocity();
  }

  /** Changes an object's velocity at once by dv, m/s. @throws RangeError where there is none of that id */
  hit(id: string, dv: Vec3): void {
    this.plant.object(id).hit(dv);
  }

  /** Joints beside the arm's that a driver would report: a gripper's, without those that mimic another. */
  otherJoints(): ReturnType<Plant["otherJoints"]> {
    return this.plant.otherJoints();
  }

  /** People and movers, the hidden ones too. */
  bodies(): Body[] {
    return this.movers.flatMap((m) => m.capsules(this.time));
  }

  /** Whether an object or body is hidden from the sensors. */
  hidden(id: string): boolean {
    return this.plant.hidden(id);
  }

  /** The arm's contacts since the last call and those of the objects now, the strongest of each pair. */
  takeContacts(): Contact[] {
    const { contacts, data, free } = this.plant;
    return contacts.take(data, Math.max(0, ...free.map((f) => f.speed())));
  }

  /** Smallest distance from the arm's collision geometry to each person, m, negative inside; at most 10 m. */
  personDistances(): Map<string, number> {
    this.settle();
    return this.plant.persons.measure(this.plant.data);
  }

  /** The tool frame. */
  tool(): Pose {
    this.settle();
    return this.plant.tool.pose();
  }

  /**
   * The largest external force on the arm since the last call, N, in the base's frame: the reading of an ideal force
   * sensor.
   */
  takeForce(): Float64Array {
    return this.plant.contacts.takeForce();
  }

  /** The geometry that a camera would see now, without hidden objects. Valid until the next step. */
  geometry(): Geometry {
    this.settle();
    return this.plant.picture.update(this.plant.data, (id) => this.plant.hidden(id));
  }

  /** Names of the segmentation labels; 0 is the background, 1 the robot. */
  labels(): readonly string[] {
    return this.plant.picture.labels;
  }

  /** Disturbs the world. Returns why it cannot, or undefined. */
  perturb(p: Perturbation): string | undefined {
    const fault = this.plant.disturbances.apply(p, this.time);
    this.plant.placeMovers();
    this.settled = false;
    return fault;
  }

  /** Frees the model's memory. The simulation must not be used after it. */
  dispose(): void {
    this.plant?.dispose();
  }

  private build(): void {
    const { mj, setup } = this;
    const { arm, urdf } = setup;
    const scene = drawScene(setup.scene, new Rng(setup.seed));
    const start = scene.start ?? Array.from(arm.home);
    if (start.length !== arm.nq)
      throw new RangeError(`scene ${scene.name}: start has ${start.length} angles, ${arm.name} has ${arm.nq} joints`);
    const model = mj.MjModel.from_xml_string(buildMjcf(urdf, arm, scene, this.touchingLinks));
    if (!model) throw new Error(`scene ${scene.name}: MuJoCo cannot build its model`);
    this.dispose();
    this.plant = new Plant(mj, model, setup, scene, start);
    this.steps = 0;
    this.touching = 0;
    this.plant.readArm(this.q, this.v);
    this.settled = true;
  }

  /** Computes where bodies are, if they have moved since. */
  private settle(): void {
    if (!this.settled) this.mj.mj_kinematics(this.plant.model, this.plant.data);
    this.settled = true;
  }
}
