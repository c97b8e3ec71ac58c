import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import { drawScene } from "../../config/random.js";
import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Body } from "../../core/Body.js";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { heldValues } from "./armBodies.js";
import { LINK } from "./armMjcf.js";
import { linksThatTouch } from "./linksThatTouch.js";
import { ArmServo } from "./ArmServo.js";
import { buildMjcf, FREE, TIME_STEP } from "./buildMjcf.js";
import type { Contact } from "./Contact.js";
import { ContactBook } from "./ContactBook.js";
import type { Geometry } from "./Geometry.js";
import {
  JointTrajectoryController,
  type ControllerState,
  type JointTrajectoryOptions,
  type TrajectoryMessage,
} from "./JointTrajectoryController.js";
import { Disturbances, type Pose } from "./Disturbances.js";
import { FreeBody } from "./FreeBody.js";
import { Mover } from "./Mover.js";
import { mujoco } from "./mujoco.js";
import { PersonDistance } from "./PersonDistance.js";
import type { Perturbation } from "./Perturbation.js";
import { SceneGeometry } from "./SceneGeometry.js";

/** What a simulation is made from. */
export interface SimulationSetup {
  readonly urdf: Urdf;
  readonly arm: Arm;
  readonly scene: SceneConfig; // as configured: drawn anew for every seed
  readonly seed: number;
  readonly controller?: JointTrajectoryOptions;
  // default: no; what lies still is not computed until it is touched: faster where much lies about, and its creep of
  // micrometres is lost
  readonly sleep?: boolean;
  // default: noted for `takeContacts`; without, `touching` still counts, and steps in contact are several times faster
  readonly contacts?: boolean;
}

/** A moment of one scene, to go back to. */
export interface Moment {
  readonly steps: number;
  readonly physics: Float64Array; // MuJoCo's integration state
  readonly controller: ControllerState;
  readonly servo: ReturnType<ArmServo["save"]>;
  readonly movers: readonly Seconds[];
}

export interface ObjectPose extends Pose {
  readonly id: string;
}

/**
 * The plant: arm, controller, objects, people, in MuJoCo at 2 ms. Deterministic: same set-up, same calls, same bits.
 * Time starts at 0 with every reset. Nothing here knows ROS; sensors with noise and delay lie around it (SimRobot, the
 * simulator node).
 */
export class Simulation {
  readonly q: Float64Array; // [nq] rad, true
  readonly v: Float64Array; // [nq] rad/s, true
  effort: Float64Array = new Float64Array(0); // [nq] N·m
  controller!: JointTrajectoryController;
  scene!: SceneConfig; // as drawn
  movers: Mover[] = [];
  touching = 0; // steps of 2 ms since the reset in which the arm touched anything
  private steps = 0;
  private model!: MjModel;
  private data!: MjData;
  private servo!: ArmServo;
  private contacts!: ContactBook;
  private persons!: PersonDistance;
  private picture!: SceneGeometry;
  private free: FreeBody[] = [];
  private disturbances!: Disturbances;
  private others: { name: string; qpos: number; qvel: number }[] = [];
  private settled = false; // whether kinematic quantities belong to the present qpos
  private toolBody = 0;
  private readonly touchingLinks: ReadonlySet<string>; // as made

  private constructor(
    private readonly mj: MainModule,
    private setup: SimulationSetup,
  ) {
    this.q = new Float64Array(setup.arm.nq);
    this.v = new Float64Array(setup.arm.nq);
    this.touchingLinks = linksThatTouch(mj, setup.urdf, setup.arm);
  }

  /** @throws RangeError if the start does not fit the arm; Error with MuJoCo's words if the scene makes no model */
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

  get time(): Seconds {
    return this.steps * TIME_STEP;
  }

  /**
   * Puts everything into the scene's initial state, drawn from the seed. What is not given stays as it is; `poses` are
   * set after the draw.
   */
  reset(to: { scene?: SceneConfig; seed?: number; poses?: readonly ObjectPose[] } = {}): void {
    const before = this.setup;
    this.setup = { ...before, scene: to.scene ?? before.scene, seed: to.seed ?? before.seed };
    try {
      this.build();
      for (const { id, position, orientation } of to.poses ?? []) this.freeOf(id).move(position, orientation);
      this.settled = false;
    } catch (error) {
      this.setup = before;
      this.build();
      throw error;
    }
  }

  /** Hands a trajectory to the controller. Returns why it is refused, or undefined. */
  accept(message: TrajectoryMessage): string | undefined {
    return this.controller.accept(message, this.time);
  }

  /** Advances by dt, rounded to whole steps of 2 ms. */
  step(dt: Seconds): void {
    const { mj, model, data, servo, controller } = this;
    for (let n = Math.round(dt / TIME_STEP); n > 0; n--) {
      this.disturbances.expire(this.time);
      for (const mover of this.movers) mover.advance(TIME_STEP);
      this.placeMovers();
      for (const f of this.free) f.hold();
      this.readArm();
      controller.sample(this.time, this.q, this.v);
      mj.mj_step1(model, data);
      servo.drive(data);
      this.hang();
      mj.mj_step2(model, data);
      const touches = data.sensordata[0];
      if (touches > 0) this.touching++;
      if (this.setup.contacts !== false) this.contacts.note(data, touches);
      this.steps++;
    }
    this.readArm();
    this.settled = false;
  }

  /**
   * Everything that moves, as it is now; disturbances under way are not part of it. For planning with the true
   * dynamics, and for tests.
   */
  save(): Moment {
    const { mj, model, data } = this;
    const all = mj.mjtState.mjSTATE_INTEGRATION.value;
    const buffer = new mj.DoubleBuffer(mj.mj_stateSize(model, all));
    mj.mj_getState(model, data, buffer, all);
    const physics = Float64Array.from(buffer.GetView() as Float64Array);
    buffer.delete();
    return {
      steps: this.steps,
      physics,
      controller: this.controller.save(),
      servo: this.servo.save(),
      movers: this.movers.map((m) => m.progress),
    };
  }

  /** Goes back to a moment of this scene since its last reset; what follows has the same bits as it had then. */
  restore(m: Moment): void {
    const { mj, model, data } = this;
    mj.mj_setState(model, data, m.physics as never, mj.mjtState.mjSTATE_INTEGRATION.value);
    this.steps = m.steps;
    this.controller.restore(m.controller);
    this.servo.restore(m.servo);
    this.movers.forEach((mover, i) => (mover.progress = m.movers[i]));
    this.readArm();
    this.settled = false;
  }

  objects(): ObjectPose[] {
    return this.free.map((f) => ({ id: f.id, ...f.pose() }));
  }

  /** An object's velocity, m/s. @throws RangeError where there is none of that id */
  velocity(id: string): Vec3 {
    return this.freeOf(id).velocity();
  }

  /** Changes an object's velocity at once by dv, m/s. @throws RangeError where there is none of that id */
  hit(id: string, dv: Vec3): void {
    this.freeOf(id).hit(dv);
  }

  /** Joints beside the arm's that a driver would report: a gripper's, without those that mimic another. */
  otherJoints(): { names: string[]; positions: number[]; velocities: number[] } {
    const { data, others } = this;
    return {
      names: others.map((o) => o.name),
      positions: others.map((o) => data.qpos[o.qpos]),
      velocities: others.map((o) => data.qvel[o.qvel]),
    };
  }

  /** People and movers, the hidden ones too. */
  bodies(): Body[] {
    return this.movers.flatMap((m) => m.capsules(this.time));
  }

  /** Whether an object or body is hidden from the sensors. */
  hidden(id: string): boolean {
    return [...this.free, ...this.movers].some((thing) => thing.id === id && thing.hidden);
  }

  /** The arm's contacts since the last call and those of the objects now, the strongest of each pair. */
  takeContacts(): Contact[] {
    return this.contacts.take(this.data, Math.max(0, ...this.free.map((f) => f.speed())));
  }

  /** Smallest distance from the arm's collision geometry to each person, m, negative inside; at most 10 m. */
  personDistances(): Map<string, number> {
    this.settle();
    return this.persons.measure(this.data);
  }

  /** The tool frame. */
  tool(): Pose {
    this.settle();
    const { data, toolBody: b } = this;
    const R: Float64Array = data.xmat,
      T = this.arm.toolOffset;
    const pose = new Float64Array(12);
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) for (let k = 0; k < 3; k++) pose[4 * r + c] += R[9 * b + 3 * r + k] * T[4 * k + c];
    const o = quatFromTransform(new Float64Array(4), 0, pose, 0);
    return { position: this.toolPoint(), orientation: [o[0], o[1], o[2], o[3]] };
  }

  /**
   * The greatest force of all else on the arm since it was last asked for, N, in the base's frame: what an ideal force
   * sensor tells.
   */
  takeForce(): Float64Array {
    return this.contacts.takeForce();
  }

  /** What a camera would see now; hidden things are left out. Valid until the next step. */
  geometry(): Geometry {
    this.settle();
    return this.picture.update(this.data, (id) => this.hidden(id));
  }

  /** Names of the segmentation labels; 0 is the background, 1 the robot. */
  labels(): readonly string[] {
    return this.picture.labels;
  }

  /** Disturbs the world. Returns why it cannot, or undefined. */
  perturb(p: Perturbation): string | undefined {
    const fault = this.disturbances.apply(p, this.time);
    this.placeMovers();
    this.settled = false;
    return fault;
  }

  /** Frees the model's memory. The simulation must not be used after it. */
  dispose(): void {
    this.contacts?.dispose();
    this.data?.delete();
    this.model?.delete();
  }

  private build(): void {
    const { mj, setup } = this;
    const { arm, urdf } = setup;
    const scene = drawScene(setup.scene, new Rng(setup.seed));
    const start = scene.start ?? Array.from(arm.home);
    if (start.length !== arm.nq)
      throw new RangeError(`scene ${scene.name}: start has ${start.length} angles, ${arm.name} has ${arm.nq} joints`);
    const model = mj.MjModel.from_xml_string(buildMjcf(urdf, arm, scene, this.touchingLinks));
    if (!model) throw new Error(`scene ${scene.name}: MuJoCo makes no model of it`);
    this.dispose();
    if (setup.sleep) model.opt.enableflags |= mj.mjtEnableBit.mjENBL_SLEEP.value;
    const data = new mj.MjData(model);
    if (!data) throw new Error("out of memory for the simulation");
    this.scene = scene;
    this.model = model;
    this.data = data;
    this.steps = 0;
    this.touching = 0;
    this.controller = new JointTrajectoryController(arm.jointNames, setup.controller);
    this.controller.hold(start);
    this.servo = new ArmServo(
      mj,
      model,
      this.controller,
      arm.limits.effort,
      scene.servo.bandwidth,
      Math.round(scene.servo.delay / TIME_STEP),
    );
    this.effort = this.servo.effort;
    const address = (name: string): number => mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, name);
    start.forEach((x, j) => (data.qpos[this.servo.positions[j]] = x));
    const held = heldValues(urdf, arm).map((h) => ({
      ...h,
      qpos: model.jnt_qposadr[address(h.name)] as number,
      qvel: model.jnt_dofadr[address(h.name)] as number,
    }));
    held.forEach(({ qpos, value }, i) => {
      data.qpos[qpos] = value;
      data.ctrl[arm.nq + i] = value;
    });
    this.others = held.filter((h) => urdf.joints.get(h.name)!.mimic === undefined);
    this.free = scene.objects.map(
      ({ id }) => new FreeBody(id, data, model.jnt_qposadr[address(FREE + id)], model.jnt_dofadr[address(FREE + id)]),
    );
    this.movers = scene.bodies.map((b) => new Mover(b));
    this.disturbances = new Disturbances([...this.free, ...this.movers]);
    this.placeMovers();
    this.contacts = new ContactBook(mj, model);
    this.picture = new SceneGeometry(mj, model);
    this.persons = new PersonDistance(
      mj,
      model,
      scene.bodies.filter((b) => b.kind === "person").map((b) => b.id),
    );
    this.toolBody = mj.mj_name2id(model, mj.mjtObj.mjOBJ_BODY.value, LINK + arm.linkNames[arm.nq]);
    mj.mj_forward(model, data);
    this.settled = true;
    this.readArm();
  }

  private readArm(): void {
    const qpos: Float64Array = this.data.qpos,
      qvel: Float64Array = this.data.qvel;
    for (let j = 0; j < this.q.length; j++) {
      this.q[j] = qpos[this.servo.positions[j]];
      this.v[j] = qvel[this.servo.dofs[j]];
    }
  }

  private toolPoint(): Vec3 {
    const {
        data: { xpos, xmat: R },
        toolBody: b,
      } = this,
      T = this.arm.toolOffset;
    const at = (row: number): number =>
      xpos[3 * b + row] + R[9 * b + 3 * row] * T[3] + R[9 * b + 3 * row + 1] * T[7] + R[9 * b + 3 * row + 2] * T[11];
    return [at(0), at(1), at(2)];
  }

  /** The weight of the scene's load at the tool, as a force and a moment at its link's centre of mass. */
  private hang(): void {
    const {
      data: { xipos, xfrc_applied },
      model,
      toolBody: b,
      scene: { servo },
    } = this;
    if (servo.load === 0) return;
    const p = this.toolPoint(),
      f = model.opt.gravity[2] * servo.load;
    xfrc_applied[6 * b + 2] = f;
    xfrc_applied[6 * b + 3] = (p[1] - xipos[3 * b + 1]) * f;
    xfrc_applied[6 * b + 4] = -(p[0] - xipos[3 * b]) * f;
  }

  private settle(): void {
    if (!this.settled) this.mj.mj_kinematics(this.model, this.data);
    this.settled = true;
  }

  /** Bodies are the scene's only mocap bodies, in its order. */
  private placeMovers(): void {
    if (this.movers.length === 0) return;
    const pos: Float64Array = this.data.mocap_pos,
      quat: Float64Array = this.data.mocap_quat;
    this.movers.forEach((m, i) => {
      pos.set(m.position, 3 * i);
      const [x, y, z, w] = m.orientation;
      ((quat[4 * i] = w), (quat[4 * i + 1] = x), (quat[4 * i + 2] = y), (quat[4 * i + 3] = z));
    });
  }

  private freeOf(id: string): FreeBody {
    const free = this.free.find((f) => f.id === id);
    if (!free)
      throw new RangeError(
        `no object '${id}' in scene ${this.scene.name}, want one of: ` +
          `${this.free.map((f) => f.id).join(", ") || "(it has none)"}`,
      );
    return free;
  }
}
