import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { Seconds } from "../../core/Seconds.js";
import { apertureOf } from "../../kinematics/gripper/apertureOf.js";
import { padLever } from "../../kinematics/gripper/padLever.js";
import type { Gripper } from "../../kinematics/Gripper.js";
import { JointTrajectoryController, type ControllerState } from "./JointTrajectoryController.js";
import type { TrajectoryMessage } from "./TrajectoryMessage.js";

/** A saved state of the hand's controller. */
export interface HandServoState {
  readonly controller: ControllerState;
  readonly limits: Float64Array;
}

/**
 * The hand's own controller and servo: a joint_trajectory_controller of the driven joints, whose set-points are those
 * of stiff position servos with limited force. A message's effort limits the force, as the hand's greatest force does.
 */
export class HandServo {
  readonly controller: JointTrajectoryController;
  private readonly actuators: number[];
  private readonly limits: Float64Array; // [n] N·m (N if prismatic)
  private readonly most: Float64Array; // [n]

  /** @param at [n] where the driven joints begin, rad (m if prismatic) */
  constructor(
    mj: MainModule,
    private readonly model: MjModel,
    gripper: Gripper,
    at: readonly number[],
  ) {
    const { jointNames: names, force } = gripper;
    this.controller = new JointTrajectoryController(names);
    this.controller.hold(at);
    this.actuators = names.map((name) => mj.mj_name2id(model, mj.mjtObj.mjOBJ_ACTUATOR.value, name));
    this.most = padLever(gripper, apertureOf(gripper, at)).map((lever) => (force / names.length) * lever);
    this.limits = this.most.slice();
    this.limit();
  }

  /** Takes a trajectory. Returns why it is refused, or undefined. */
  accept(message: TrajectoryMessage, now: Seconds): string | undefined {
    const { controller, limits, most } = this;
    const refusal = controller.accept(message, now);
    if (refusal !== undefined) return refusal;
    const effort = message.points[message.points.length - 1].effort ?? [];
    controller.names.forEach((name, j) => {
      const told = effort.length === 0 ? Infinity : Math.abs(effort[message.jointNames.indexOf(name)]);
      limits[j] = told > 0 ? Math.min(most[j], told) : most[j]; // 0: not told
    });
    this.limit();
    return undefined;
  }

  /** Writes the set-points of this step into `ctrl`. */
  drive(data: MjData, now: Seconds): void {
    const { controller, actuators } = this,
      ctrl: Float64Array = data.ctrl;
    controller.sample(now);
    for (let j = 0; j < actuators.length; j++) ctrl[actuators[j]] = controller.q[j];
  }

  /** [n] N·m (N if prismatic) that the servos apply. */
  effort(data: MjData): number[] {
    const force: Float64Array = data.actuator_force;
    return this.actuators.map((a) => force[a]);
  }

  save(): HandServoState {
    return { controller: this.controller.save(), limits: this.limits.slice() };
  }

  restore({ controller, limits }: HandServoState): void {
    this.controller.restore(controller);
    this.limits.set(limits);
    this.limit();
  }

  private limit(): void {
    const range: Float64Array = this.model.actuator_forcerange;
    this.actuators.forEach((a, j) => {
      range[2 * a] = -this.limits[j];
      range[2 * a + 1] = this.limits[j];
    });
  }
}
