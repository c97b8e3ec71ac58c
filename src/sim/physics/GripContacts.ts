import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import type { Seconds } from "../../core/Seconds.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { wayUp } from "./armBodies.js";
import { LINK } from "./armMjcf.js";

const LEAST = 0.05; // N: what presses less only touches
const STICKS = 0.8; // share of the friction cone within which an object does not slip
const RECENT: Seconds = 0.05; // for which a side may lose its contact

/** What the hand holds. */
export interface Grasp {
  readonly id: string;
  readonly sticks: boolean; // its friction is well inside the cone, on both sides
  readonly normal: readonly number[]; // [3] unit, of the sides' faces, in the world's frame
}

/** Of one object: tangential forces and the most that friction gives, by side, N; the sum of normals by force. */
interface Contacts {
  readonly load: [number, number];
  readonly most: [number, number];
  readonly normal: [number, number, number];
}

/**
 * Which object the hand holds: the one that two of its sides press, or pressed a moment ago. A side is a finger with
 * all links that move with it; of a hand with one finger, the rest of the hand is the other side.
 */
export class GripContacts {
  private readonly sides: Int8Array; // by geom: the side it belongs to, −1: none
  private readonly objects: readonly (string | undefined)[]; // by geom: the object it belongs to
  private readonly force: { delete(): void; GetView(): Float64Array };
  /** Of the objects that were pressed lately: never changed, so that a saved state may share it. */
  pressed: ReadonlyMap<string, readonly Seconds[]> = new Map(); // by object: when each side pressed it last

  constructor(
    private readonly mj: MainModule,
    private readonly model: MjModel,
    urdf: Urdf,
    arm: Arm,
  ) {
    const names = Array.from({ length: model.ngeom }, (_, g) =>
      mj.mj_id2name(model, mj.mjtObj.mjOBJ_BODY.value, model.geom_bodyid[g]),
    );
    const links = new Map(sidesOf(urdf, arm).flatMap((side, i) => side.map((link) => [LINK + link, i] as const)));
    this.sides = Int8Array.from(names, (name) => links.get(name) ?? -1);
    const free = (g: number): boolean => {
      const joint = model.body_jntadr[model.geom_bodyid[g]];
      return joint >= 0 && model.jnt_type[joint] === mj.mjtJoint.mjJNT_FREE.value;
    };
    this.objects = names.map((name, g) => (free(g) ? name : undefined));
    this.force = new mj.DoubleBuffer(6);
  }

  /** Reads the contacts of this step. @param now with the time of the step */
  look(data: MjData, now: Seconds): Grasp | undefined {
    const { mj, model, sides, objects, force } = this,
      pressed = new Map(this.pressed),
      found = new Map<string, Contacts>(),
      all = data.contact;
    for (let i = 0; i < all.size(); i++) {
      const c = all.get(i)!,
        [a, b] = [c.geom1, c.geom2],
        id = objects[a] ?? objects[b],
        side = Math.max(sides[a], sides[b]);
      if (id !== undefined && side >= 0) {
        mj.mj_contactForce(model, data, i, force);
        const [push, f, g] = force.GetView();
        if (push >= LEAST) {
          const times = [...(pressed.get(id) ?? [-Infinity, -Infinity])];
          times[side] = now;
          pressed.set(id, times);
          const contacts = found.get(id) ?? { load: [0, 0], most: [0, 0], normal: [0, 0, 0] };
          found.set(id, contacts);
          contacts.load[side] += Math.hypot(f, g);
          contacts.most[side] += c.friction[0] * push;
          const sign = side === 0 ? 1 : -1; // of normals that point from geom1 to geom2, one way for both sides
          for (let k = 0; k < 3; k++) contacts.normal[k] += sign * (sides[a] >= 0 ? 1 : -1) * push * c.frame[k];
        }
      }
      c.delete();
    }
    all.delete();
    for (const [id, times] of pressed) if (times.every((t) => now - t > RECENT || t > now)) pressed.delete(id);
    this.pressed = pressed;
    for (const [id, times] of pressed) {
      if (!times.every((t) => t <= now && now - t <= RECENT)) continue;
      const { load, most, normal } = found.get(id) ?? { load: [1, 1], most: [0, 0], normal: [1, 0, 0] };
      const size = Math.hypot(...normal);
      return { id, sticks: load.every((f, side) => f < STICKS * most[side]), normal: normal.map((x) => x / size) };
    }
    return undefined;
  }

  dispose(): void {
    this.force.delete();
  }
}

/** The links of the two sides of the hand. */
function sidesOf(urdf: Urdf, { gripper, tool, jointNames }: Arm): [string[], string[]] {
  const moving = (joint: string): string[] =>
    [...urdf.links.keys()].filter((link) => wayUp(urdf, link).some((j) => j.name === joint));
  const driven = gripper!.jointNames,
    mimics = [...urdf.joints.values()].filter((j) => j.mimic !== undefined && driven.includes(j.mimic)),
    groups = [...driven, ...mimics.map((j) => j.name)].map(moving);
  const [first] = groups,
    second = groups
      .slice(1)
      .flat()
      .filter((link) => !first.includes(link));
  if (second.length > 0) return [first, second];
  const last = jointNames[jointNames.length - 1];
  const hand = [...urdf.links.keys()].filter(
    (link) => link !== tool && !first.includes(link) && wayUp(urdf, link).some((j) => j.name === last),
  );
  return [first, hand];
}
