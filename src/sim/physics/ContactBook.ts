import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import { LINK } from "./armMjcf.js";
import type { Contact } from "./Contact.js";

// m/s or rad/s: below this, what lies on something is at rest and its contacts need not be read again
const CALM = 1e-3;

/**
 * Contacts since the last call, the strongest of each pair, so that none is missed between two calls.
 * Reading contacts out of MuJoCo is slow (about 30 µs each): those of the arm are read in every step that has one (a
 * sensor counts them), those among objects and their surroundings on request, and only if something moved.
 */
export class ContactBook {
  private readonly touched = new Map<string, Contact>();
  private resting: Contact[] = [];
  private restingCount = -1;
  // N, world: of all else on the arm, where it was greatest since last asked for
  private readonly pressed = new Float64Array(3);
  private readonly names: string[]; // by geom
  private readonly arm: Uint8Array; // by geom: 1 the arm's
  private readonly force: { delete(): void; GetView(): Float64Array };

  constructor(
    private readonly mj: MainModule,
    private readonly model: MjModel,
  ) {
    const bodies: Int32Array = model.geom_bodyid;
    this.names = Array.from({ length: model.ngeom }, (_, g) =>
      bodies[g] === 0
        ? mj.mj_id2name(model, mj.mjtObj.mjOBJ_GEOM.value, g)
        : mj.mj_id2name(model, mj.mjtObj.mjOBJ_BODY.value, bodies[g]),
    );
    this.arm = Uint8Array.from(this.names, (name) => (name.startsWith(LINK) ? 1 : 0));
    this.names = this.names.map((name) => name.replace(LINK, ""));
    this.force = new mj.DoubleBuffer(6);
  }

  /** Call after every step; `armTouches` is how many contacts the arm has. */
  note(data: MjData, armTouches: number): void {
    if (armTouches === 0) return;
    const net = new Float64Array(3);
    const contacts = this.read(data, true, net);
    if (Math.hypot(...net) > Math.hypot(...this.pressed)) this.pressed.set(net);
    for (const c of contacts) {
      const key = `${c.body1}\n${c.body2}`;
      const known = this.touched.get(key);
      if (!known || c.force >= known.force) this.touched.set(key, c);
    }
  }

  /** The arm's contacts since the last call, then those of objects now. `objectSpeed`: the fastest object's. */
  take(data: MjData, objectSpeed: number): Contact[] {
    if (objectSpeed > CALM || data.ncon !== this.restingCount) this.resting = this.read(data, false);
    this.restingCount = data.ncon;
    const out = [...this.touched.values(), ...this.resting];
    this.touched.clear();
    return out;
  }

  /** The largest external force on the arm since the last call, N, in the world's frame. */
  takeForce(): Float64Array {
    const force = this.pressed.slice();
    this.pressed.fill(0);
    return force;
  }

  dispose(): void {
    this.force.delete();
  }

  /**
   * Contacts with the arm, or without it; the arm's link is `body1`.
   * @param net [3] N, world, where given: gets what all else does to the arm added
   */
  private read(data: MjData, withArm: boolean, net?: Float64Array): Contact[] {
    const { mj, model, names, arm, force } = this;
    const out: Contact[] = [];
    const all = data.contact;
    for (let i = 0; i < all.size(); i++) {
      const c = all.get(i)!;
      const a = arm[c.geom1],
        b = arm[c.geom2];
      if ((a | b) === (withArm ? 1 : 0)) {
        mj.mj_contactForce(model, data, i, force);
        const f = force.GetView();
        const [first, second] = b && !a ? [c.geom2, c.geom1] : [c.geom1, c.geom2];
        if (net !== undefined && a !== b) {
          // rows: the normal, from geom1 to geom2, and two tangents; the force is that on geom2
          const R: Float64Array = c.frame;
          for (let e = 0; e < 3; e++) net[e] += (b ? 1 : -1) * (R[e] * f[0] + R[3 + e] * f[1] + R[6 + e] * f[2]);
        }
        out.push({
          body1: names[first],
          body2: names[second],
          force: Math.hypot(f[0], f[1], f[2]),
          position: [c.pos[0], c.pos[1], c.pos[2]],
          depth: -c.dist,
        });
      }
      c.delete();
    }
    all.delete();
    return out;
  }
}
