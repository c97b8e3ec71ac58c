import type { MjData } from "@mujoco/mujoco";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { Disturbable, Pose } from "./Disturbances.js";

/** A movable object: a free joint of the model. */
export class FreeBody implements Disturbable {
  hidden = false;
  private held: Pose | undefined;

  constructor(
    readonly id: string,
    private readonly data: MjData,
    private readonly qpos: number, // address of position and quaternion (w, x, y, z)
    private readonly qvel: number, // address of linear and angular velocity
  ) {}

  pose(): Pose {
    const q: Float64Array = this.data.qpos,
      a = this.qpos;
    return { position: [q[a], q[a + 1], q[a + 2]], orientation: [q[a + 4], q[a + 5], q[a + 6], q[a + 3]] };
  }

  /** The fastest of its velocities, m/s or rad/s. */
  speed(): number {
    const v: Float64Array = this.data.qvel;
    let fastest = 0;
    for (let i = 0; i < 6; i++) fastest = Math.max(fastest, Math.abs(v[this.qvel + i]));
    return fastest;
  }

  /** m/s */
  velocity(): Vec3 {
    const v: Float64Array = this.data.qvel,
      a = this.qvel;
    return [v[a], v[a + 1], v[a + 2]];
  }

  /** Changes its velocity at once by dv, m/s. */
  hit(dv: Vec3): void {
    const v: Float64Array = this.data.qvel;
    for (let c = 0; c < 3; c++) v[this.qvel + c] += dv[c];
  }

  /** Its place in the state: [7] position, m, and quaternion w, x, y, z. A view that the next step changes. */
  read(): Float64Array {
    return (this.data.qpos as Float64Array).subarray(this.qpos, this.qpos + 7);
  }

  /** Moves it by a little: [3] m, and a rotation vector [3] rad, in the world's frame. Its velocity stays. */
  shift(by: readonly number[], [rx, ry, rz]: readonly number[]): void {
    const q: Float64Array = this.data.qpos,
      a = this.qpos;
    for (let i = 0; i < 3; i++) q[a + i] += by[i];
    const [w, x, y, z] = q.subarray(a + 3, a + 7);
    q[a + 3] = w - (rx * x + ry * y + rz * z) / 2;
    q[a + 4] = x + (rx * w + ry * z - rz * y) / 2;
    q[a + 5] = y + (ry * w + rz * x - rx * z) / 2;
    q[a + 6] = z + (rz * w + rx * y - ry * x) / 2; // MuJoCo makes it a unit quaternion again
  }

  /** Puts it somewhere, at rest. */
  move(position: Vec3, orientation: Quat): void {
    const q: Float64Array = this.data.qpos,
      a = this.qpos;
    const [x, y, z, w] = orientation;
    q.set(position, a);
    ((q[a + 3] = w), (q[a + 4] = x), (q[a + 5] = y), (q[a + 6] = z));
    (this.data.qvel as Float64Array).fill(0, this.qvel, this.qvel + 6);
    if (this.held) this.held = { position, orientation };
  }

  freeze(on: boolean): void {
    this.held = on ? this.pose() : undefined;
  }

  clear(): void {
    this.hidden = false;
    this.held = undefined;
  }

  /** Call before every step: keeps a frozen object in place. */
  hold(): void {
    if (this.held) this.move(this.held.position, this.held.orientation);
  }
}
