import { XMLParser } from "fast-xml-parser";
import type { Seconds } from "../../src/core/Seconds.js";
import { listed } from "./listed.js";

/** A point of a trajectory message, as far as this controller heeds it. */
export interface GazeboPoint {
  readonly positions: ArrayLike<number>; // rad
  readonly effort: ArrayLike<number>; // N·m
  readonly timeFromStart: Seconds;
}

/** How a joint is servoed, as the world says. */
export interface Gains {
  readonly p: number; // N·m/rad
  readonly d: number; // N·m·s/rad
  readonly most: number; // N·m
  readonly effort: number; // N·m, the joint's own limit
}

/** Where a joint is sent, and the torque beside it. */
export interface Target {
  readonly q: number;
  readonly effort: number;
}

/**
 * The law of Gazebo's JointTrajectoryController (gz-sim 6 to 10 alike, src/systems/joint_traj_control), read from its
 * source, made of an SDF's own plugin:
 *
 * - a trajectory takes the place of the one before at the first update after it came, and its time begins there,
 *   whatever its stamp;
 * - the target is the first point whose time_from_start is not past, else the last one: points are not joined by
 *   anything;
 * - what a point does not say stays as it was;
 * - torque = PID(position − target), clamped, + PID(velocity − target), clamped, + the point's effort.
 *
 * An update at simulated time t, the time that the step will come to, sees the state of the step before. The velocity's
 * PID has no gains in our worlds, and is refused here.
 */
export class GazeboController {
  readonly joints: readonly string[];
  readonly gains: readonly Gains[];
  private readonly target: Target[];
  private came: readonly GazeboPoint[] | undefined; // no update has seen it yet
  private points: readonly GazeboPoint[] = [];
  private start: Seconds = 0;

  /** @param model whose controller it is */
  constructor(sdf: string, model = "arm") {
    const tree = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" }).parse(sdf).sdf.world;
    const arm = listed<any>(tree.model).find((m) => m["@name"] === model);
    const plugin = listed<any>(arm.plugin).find((p) => String(p["@filename"]).includes("joint-trajectory-controller"));
    this.joints = listed<string>(plugin.joint_name);
    const nth = (key: string, i: number, otherwise: number): number =>
      Number(listed<unknown>(plugin[key])[i] ?? otherwise);
    if (Object.keys(plugin).some((key) => key.startsWith("velocity_") || key.endsWith("_i_gain")))
      throw new Error("the world's controller has gains that this law does not play");
    const limit = (name: string): number =>
      Number(listed<any>(arm.joint).find((j) => j["@name"] === name).axis.limit.effort ?? Infinity);
    this.gains = this.joints.map((name, i) => ({
      p: nth("position_p_gain", i, 0),
      d: nth("position_d_gain", i, 0),
      most: nth("position_cmd_max", i, -1),
      effort: limit(name),
    }));
    this.target = this.joints.map((_, i) => ({ q: nth("initial_position", i, 0), effort: 0 }));
  }

  accept(points: readonly GazeboPoint[]): void {
    this.came = points;
  }

  /** The targets of the update at simulated time t. */
  update(t: Seconds): readonly Target[] {
    if (this.came !== undefined) [this.points, this.start, this.came] = [this.came, t, undefined];
    const { points } = this,
      nanoseconds = (x: number): number => Math.round(x * 1e9),
      passed = nanoseconds(t - this.start);
    const point = points.find((p) => nanoseconds(p.timeFromStart) >= passed) ?? points.at(-1);
    if (point !== undefined)
      this.joints.forEach(
        (_, j) =>
          (this.target[j] = {
            q: point.positions[j] ?? this.target[j].q,
            effort: point.effort[j] ?? this.target[j].effort,
          }),
      );
    return this.target;
  }
}
