import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Seconds } from "../../core/Seconds.js";
import { heldValues } from "./armBodies.js";
import { LINK } from "./armMjcf.js";
import { ArmServo } from "./ArmServo.js";
import { FREE, TIME_STEP } from "./buildMjcf.js";
import { ContactBook } from "./ContactBook.js";
import { Disturbances } from "./Disturbances.js";
import { GripContacts, type Grasp } from "./GripContacts.js";
import { HandServo, type HandServoState } from "./HandServo.js";
import { HeldDrift, type HeldDriftState } from "./HeldDrift.js";
import { FreeBody } from "./FreeBody.js";
import { JointTrajectoryController } from "./JointTrajectoryController.js";
import { Mover } from "./Mover.js";
import { PersonDistance } from "./PersonDistance.js";
import { SceneGeometry } from "./SceneGeometry.js";
import type { SimulationSetup } from "./SimulationSetup.js";
import { ToolBody } from "./ToolBody.js";

const LOOK = 10; // steps between two looks at what is held

/** A saved state of the hand. */
export interface GripState {
  readonly hand: HandServoState;
  readonly pressed: GripContacts["pressed"];
  readonly drift: HeldDriftState;
  readonly grasp: Grasp | undefined;
}

/** A drawn scene in its initial state in MuJoCo, with its actuators and sensors. */
export class Plant {
  readonly data: MjData;
  readonly controller: JointTrajectoryController;
  readonly servo: ArmServo;
  readonly free: readonly FreeBody[];
  readonly movers: readonly Mover[]; // the scene's only mocap bodies, in its order
  readonly disturbances: Disturbances;
  readonly contacts: ContactBook;
  readonly picture: SceneGeometry;
  readonly persons: PersonDistance;
  readonly tool: ToolBody;
  readonly hand: HandServo | undefined; // of a robot with a gripper
  readonly grip: GripContacts | undefined;
  private readonly drift: HeldDrift | undefined;
  grasp: Grasp | undefined; // lately
  private readonly others: readonly { readonly name: string; readonly qpos: number; readonly qvel: number }[];

  /** Owns the model: `dispose` frees it. */
  constructor(
    mj: MainModule,
    readonly model: MjModel,
    { arm, urdf, controller, sleep }: SimulationSetup,
    readonly scene: SceneConfig,
    start: readonly number[], // [nq] rad
  ) {
    if (sleep) model.opt.enableflags |= mj.mjtEnableBit.mjENBL_SLEEP.value;
    const data = (this.data = new mj.MjData(model));
    if (!data) throw new Error("out of memory for the simulation");
    this.controller = new JointTrajectoryController(arm.jointNames, controller);
    this.controller.hold(start);
    this.servo = new ArmServo(
      mj,
      model,
      this.controller,
      arm.limits.effort,
      scene.servo.bandwidth,
      Math.round(scene.servo.delay / TIME_STEP),
    );
    const address = (name: string): number => mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, name);
    start.forEach((x, j) => (data.qpos[this.servo.positions[j]] = x));
    const held = heldValues(urdf, arm).map((h) => ({
      ...h,
      qpos: model.jnt_qposadr[address(h.name)] as number,
      qvel: model.jnt_dofadr[address(h.name)] as number,
    }));
    held.forEach(({ qpos, value }, i) => {
      data.qpos[qpos] = value;
      const actuator = mj.mj_name2id(model, mj.mjtObj.mjOBJ_ACTUATOR.value, held[i].name);
      if (actuator >= 0) data.ctrl[actuator] = value;
    });
    const { gripper } = arm;
    if (gripper !== undefined && gripper.jointNames.every((name) => held.some((h) => h.name === name))) {
      const at = gripper.jointNames.map((name) => held.find((h) => h.name === name)!.value);
      this.hand = new HandServo(mj, model, gripper, at);
      this.grip = new GripContacts(mj, model, urdf, arm);
      this.drift = new HeldDrift(data, mj.mj_name2id(model, mj.mjtObj.mjOBJ_BODY.value, LINK + arm.linkNames[arm.nq]));
    }
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
    const link = mj.mj_name2id(model, mj.mjtObj.mjOBJ_BODY.value, LINK + arm.linkNames[arm.nq]);
    this.tool = new ToolBody(model, data, link, arm.toolOffset, scene.servo.load);
    mj.mj_forward(model, data);
  }

  /** The true state of the arm's joints: q [nq] rad, v [nq] rad/s. */
  readArm(q: Float64Array, v: Float64Array): void {
    const { servo, data } = this;
    const qpos: Float64Array = data.qpos,
      qvel: Float64Array = data.qvel;
    for (let j = 0; j < q.length; j++) {
      q[j] = qpos[servo.positions[j]];
      v[j] = qvel[servo.dofs[j]];
    }
  }

  /** Joints beside the arm's that a driver would report: a gripper's, without those that mimic another. */
  otherJoints(): { names: string[]; positions: number[]; velocities: number[]; efforts: number[] } {
    const { data, others, hand } = this,
      force = hand?.effort(data);
    return {
      names: others.map((o) => o.name),
      positions: others.map((o) => data.qpos[o.qpos]),
      velocities: others.map((o) => data.qvel[o.qvel]),
      efforts: others.map((o) => force?.[hand!.controller.names.indexOf(o.name)] ?? 0),
    };
  }

  /** What the hand holds, for `restoreGrip`. */
  saveGrip(): GripState | undefined {
    const { hand, grip, drift, grasp } = this;
    return hand && { hand: hand.save(), pressed: grip!.pressed, drift: drift!.save(), grasp };
  }

  restoreGrip({ hand, pressed, drift, grasp }: GripState): void {
    this.hand!.restore(hand);
    this.grip!.pressed = pressed;
    this.drift!.restore(drift);
    this.grasp = grasp;
  }

  /** To be called after each step, with its number and its time: looks now and then what the hand holds. */
  lookAtHand(step: number, now: Seconds): void {
    if (step % LOOK === 0) this.grasp = this.data.ncon > 0 ? this.grip?.look(this.data, now) : undefined;
  }

  /** To be called in each step, before its forces: what sticks in the hand moves with it. */
  keepHeld(): void {
    const { grasp, drift } = this;
    if (grasp?.sticks === true) drift!.correct(this.object(grasp.id), grasp.normal);
    else drift?.forget();
  }

  /** Puts the movers' bodies where the movers are. */
  placeMovers(): void {
    if (this.movers.length === 0) return;
    const pos: Float64Array = this.data.mocap_pos,
      quat: Float64Array = this.data.mocap_quat;
    this.movers.forEach((m, i) => {
      pos.set(m.position, 3 * i);
      const [x, y, z, w] = m.orientation;
      ((quat[4 * i] = w), (quat[4 * i + 1] = x), (quat[4 * i + 2] = y), (quat[4 * i + 3] = z));
    });
  }

  /** @throws RangeError if there is no object of that id */
  object(id: string): FreeBody {
    const free = this.free.find((f) => f.id === id);
    if (!free)
      throw new RangeError(
        `no object '${id}' in scene ${this.scene.name}, want one of: ` +
          `${this.free.map((f) => f.id).join(", ") || "(it has none)"}`,
      );
    return free;
  }

  hidden(id: string): boolean {
    return [...this.free, ...this.movers].some((thing) => thing.id === id && thing.hidden);
  }

  dispose(): void {
    if (this.data.isDeleted()) return;
    this.contacts.dispose();
    this.grip?.dispose();
    this.data.delete();
    this.model.delete();
  }
}
