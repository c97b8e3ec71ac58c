import type { SceneBody } from "../../config/SceneConfig.js";
import type { Body } from "../../core/Body.js";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { Seconds } from "../../core/Seconds.js";
import { rotate } from "../../config/orientation.js";
import { bodyOrigin } from "./buildMjcf.js";
import type { Disturbable, Pose } from "./Disturbances.js";

/**
 * Default largest speeds, m/s, of a person (ISO 13855's walking speed) and of another mover.
 */
const SPEED = { person: 1.6, object: 1 } as const;
const UPRIGHT: Quat = [0, 0, 0, 1];

/**
 * A person or moving thing of the scene: it follows its path, x(t) = x0 + move(t), linear between the given times,
 * whatever it meets. Its frame stands in the middle of its first capsule.
 */
export class Mover implements Disturbable {
  readonly position: [number, number, number]; // m
  orientation: Quat = UPRIGHT;
  hidden = false;
  private readonly origin: Vec3;
  private readonly shift: [number, number, number] = [0, 0, 0]; // m, by hand, on top of the path
  private frozen = false;
  private clock = 0; // s along the path; stands still while frozen

  constructor(readonly body: SceneBody) {
    this.origin = bodyOrigin(body);
    this.position = [...this.origin] as [number, number, number];
    this.place();
  }

  advance(dt: Seconds): void {
    if (this.frozen) return;
    this.clock += dt;
    this.place();
  }

  get id(): string {
    return this.body.id;
  }

  pose(): Pose {
    const [x, y, z] = this.position;
    return { position: [x, y, z], orientation: this.orientation };
  }

  freeze(on: boolean): void {
    this.frozen = on;
  }

  /** Puts it at a pose now; its path continues from there. */
  move(position: Vec3, orientation: Quat): void {
    const way = this.way();
    for (let c = 0; c < 3; c++) this.shift[c] = position[c] - this.origin[c] - way[c];
    this.orientation = orientation;
    this.place();
  }

  /** Its time along its path, s. */
  get progress(): Seconds {
    return this.clock;
  }

  set progress(clock: Seconds) {
    this.clock = clock;
    this.place();
  }

  /** Undoes every manual disturbance. */
  clear(): void {
    this.hidden = this.frozen = false;
    this.shift.fill(0);
    this.orientation = UPRIGHT;
    this.place();
  }

  /** Its capsules where they are now. */
  capsules(stamp: Seconds): Body[] {
    const { id, kind, capsules, speed_bound } = this.body;
    const at = (p: Vec3): [number, number, number] => {
      const r = rotate(this.orientation, [p[0] - this.origin[0], p[1] - this.origin[1], p[2] - this.origin[2]]);
      return [r[0] + this.position[0], r[1] + this.position[1], r[2] + this.position[2]];
    };
    return capsules.map((c) => ({
      id,
      kind,
      p0: at(c.p0),
      p1: at(c.p1),
      radius: c.radius,
      speedBound: speed_bound ?? SPEED[kind],
      stamp,
    }));
  }

  private place(): void {
    const way = this.way();
    for (let c = 0; c < 3; c++) this.position[c] = this.origin[c] + way[c] + this.shift[c];
  }

  private way(): Vec3 {
    let t0 = 0,
      from: Vec3 = [0, 0, 0];
    for (const { at, move } of this.body.path) {
      if (this.clock < at) {
        const s = (this.clock - t0) / (at - t0);
        return [
          from[0] + s * (move[0] - from[0]),
          from[1] + s * (move[1] - from[1]),
          from[2] + s * (move[2] - from[2]),
        ];
      }
      t0 = at;
      from = move;
    }
    return from;
  }
}
