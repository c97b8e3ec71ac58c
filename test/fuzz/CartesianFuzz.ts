import type { Command } from "../../src/core/Command.js";
import { perJoint } from "../../src/core/math/perJoint.js";
import { Rng } from "../../src/core/math/Rng.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../src/guardrails/margins/Separation.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import { Workspace } from "../../src/guardrails/margins/Workspace.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { levers } from "../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { watched } from "../guardrails/setups.js";
import { Adversary, type Box } from "./Adversary.js";
import { DELTA } from "./delta.js";
import { Person, PERSON_RADIUS } from "./Person.js";

/** What the checker saw. Distances are the least beyond the declared bound; below 0 is a violation. */
export interface CartesianReport {
  steps: number;
  moving: number; // steps with motion
  commands: number;
  stops: number; // ticks on the stored fail-safe trajectory
  violations: number;
  room: { solid: number; self: number; workspace: number; person: number; joints: number };
}

const CLEARANCE = 0.01,
  SELF = 0.005,
  NOISE = 0.02,
  HALF = 3;
/**
 * One arm among boxes with a person who comes at it as fast as allowed, is seen 50 ms late and 2 cm off, and sometimes
 * not at all; requests that do their worst: into obstacles, bang-bang, stop and reverse, up the gradient of least
 * clearance. The checker has its own geometry and looks at the motion that was carried out, at the end and at a random
 * instant of every step, and densely, at δ/20, every 20th.
 */
export class CartesianFuzz {
  readonly report: CartesianReport = {
    steps: 0,
    moving: 0,
    commands: 0,
    stops: 0,
    violations: 0,
    room: { solid: Infinity, self: Infinity, workspace: Infinity, person: Infinity, joints: Infinity },
  };
  private readonly rng: Rng;
  private readonly oracle: OracleGeometry;
  private readonly moving: Int32Array; // capsules that the checker looks at
  private readonly boxes: readonly Box[];
  private readonly filter: SafetyFilter;
  private readonly person: Person;
  private readonly failSafe: { q: Float64Array; v: Float64Array; N: number; i: number };
  private readonly q: Float64Array;
  private readonly v: Float64Array;
  private readonly w: Float64Array;
  private readonly a: Float64Array; // rad/s², where the last interval ended
  private readonly x: Float64Array;
  private readonly adversary: Adversary;
  private readonly off: Float64Array; // [nq] rad, tracking error

  /** @param checked the arm as the checker has it, by the same joints: with what is truly in the hand */
  constructor(
    private readonly arm: Arm,
    seed: number,
    private readonly checked = arm,
  ) {
    const n = arm.nq;
    this.off = perJoint(arm.trackingError ?? 0, n);
    this.rng = new Rng(seed);
    this.oracle = new OracleGeometry(checked);
    this.moving = watched(checked);
    [this.q, this.v, this.w, this.x, this.a] = Array.from({ length: 5 }, () => new Float64Array(n));
    this.q.set(arm.home);
    this.failSafe = { q: this.q.slice(), v: new Float64Array(n), N: 1, i: 0 };
    this.boxes = this.place();
    const half = HALF;
    this.filter = new SafetyFilter(
      arm.limits,
      new Sweep(arm),
      [
        new SelfCollision(
          arm.selfPairs,
          Int32Array.from(arm.capsules, (c) => c.link),
          Float64Array.from(arm.capsules, (c) => c.radius),
          levers(arm),
          SELF,
        ),
        new Separation(watched(arm), NOISE),
        new KeepOut("boxes", this.boxes, watched(arm), CLEARANCE),
        new Workspace([-half, -half, -half], [half, half, half], watched(arm)),
      ],
      DELTA,
    );
    this.person = new Person(this.rng.fork());
    this.adversary = new Adversary(this.rng, this.oracle, this.moving, this.boxes, this.person);
  }

  run(steps: number): CartesianReport {
    for (let i = 0; i < steps; i++) this.tick();
    return this.report;
  }

  private tick(): void {
    const { report, person, filter, q, v, w, failSafe } = this,
      n = q.length,
      t = report.steps * DELTA;
    this.adversary.request(w, report.steps, q, v);
    const command = filter.step(
      t + DELTA,
      q,
      v,
      w,
      { stamp: t, q, v, objects: new Map(), bodies: person.seen(t) },
      this.a,
    );
    if (command !== undefined) (this.adopt(command), report.commands++);
    else report.stops++;
    const last = failSafe.i * n,
      next = Math.min(failSafe.i + 1, failSafe.N - 1) * n;
    person.move(this.oracle.place(q)); // from t + δ to t + 2δ, as the arm does
    this.evaluate(last, next);
    for (let j = 0; j < n; j++)
      ((q[j] = failSafe.q[next + j]),
        (v[j] = failSafe.v[next + j]),
        (this.a[j] = next > last ? this.acceleration(last + j, next + j, 1) : 0));
    failSafe.i = next / n;
    report.steps++;
  }

  private adopt(c: Command): void {
    const { failSafe } = this;
    ((failSafe.q = c.q.slice()), (failSafe.v = c.v.slice()), (failSafe.N = c.N), (failSafe.i = 0));
  }

  /**
   * Looks at the motion from knot offset a to b of the fail-safe trajectory, an interval in which the person moves too.
   */
  private evaluate(a: number, b: number): void {
    const { report, failSafe, rng, arm, x } = this,
      n = arm.nq;
    let fast = 0,
      room = Infinity;
    for (let j = 0; j < n; j++) {
      const s = failSafe.v[b + j],
        l = arm.limits,
        J = l.jerk?.[j] ?? Infinity,
        u = Math.abs(s - failSafe.v[a + j]) / DELTA;
      fast = Math.max(fast, Math.abs(s), Math.abs(failSafe.v[a + j]));
      room = Math.min(
        room,
        failSafe.q[b + j] - l.lo[j],
        l.hi[j] - failSafe.q[b + j],
        l.velocity[j] - Math.abs(s),
        l.acceleration[j] - u,
      );
      if (!(J < Infinity) || a === b) continue;
      const u0 = this.acceleration(a + j, b + j, 0),
        u1 = this.acceleration(a + j, b + j, 1),
        jerk = (u1 - u0) / DELTA;
      room = Math.min(
        room,
        l.acceleration[j] - Math.max(Math.abs(u0), Math.abs(u1)) + 1e-7,
        1 + 1e-6 - Math.abs(jerk) / J,
        1e-6 * J - Math.abs(u0 - this.a[j]),
      ); // by differences of positions: good to 1e-8
      for (let i = 1; i < 20; i++) {
        const h = (i * DELTA) / 20,
          x = failSafe.q[a + j] + (failSafe.v[a + j] + (u0 / 2 + (jerk * h) / 6) * h) * h,
          speed = Math.abs(failSafe.v[a + j] + (u0 + (jerk * h) / 2) * h);
        room = Math.min(room, x - l.lo[j], l.hi[j] - x, l.velocity[j] - speed);
      }
    }
    report.room.joints = Math.min(report.room.joints, room);
    if (!(room >= -1e-9)) report.violations++;
    if (!(fast > 1e-9)) return;
    report.moving++;
    const dense = report.steps % 20 === 0,
      looks = dense ? 20 : 2;
    for (let i = 1; i <= looks; i++) {
      let s = dense ? i / 20 : 1;
      if (!dense && i > 1) s = rng.uniform();
      const h = s * DELTA;
      for (let j = 0; j < n; j++) {
        const u0 = this.acceleration(a + j, b + j, 0),
          jerk = (this.acceleration(a + j, b + j, 1) - u0) / DELTA;
        x[j] =
          // the true arm is as far off as it may be
          failSafe.q[a + j] +
          (failSafe.v[a + j] + (u0 / 2 + (jerk * h) / 6) * h) * h +
          (rng.bits() & 1 ? 1 : -1) * this.off[j];
      }
      this.look(s);
    }
  }

  /**
   * The acceleration of a joint at the beginning (0) or end (1) of the interval between two places of the fail-safe
   * trajectory: of the cubic through both ends.
   */
  private acceleration(a: number, b: number, end: 0 | 1): number {
    const { q, v } = this.failSafe,
      mean = (q[b] - q[a]) / DELTA;
    return end === 0 ? (6 * mean - 4 * v[a] - 2 * v[b]) / DELTA : (2 * v[a] + 4 * v[b] - 6 * mean) / DELTA;
  }

  private look(s: number): void {
    const { report, oracle, moving, boxes, checked, x, person } = this,
      { room } = report;
    oracle.place(x);
    const axis = person.axis(s);
    let solid = Infinity,
      near = Infinity,
      self = Infinity,
      inside = Infinity;
    for (const c of moving) {
      const r = checked.capsules[c].radius,
        e = oracle.ends;
      for (const box of boxes) if (this.mayTouch(c, box)) solid = Math.min(solid, oracle.toShape(c, box) - CLEARANCE);
      if (this.apart(c, axis) - PERSON_RADIUS < Math.max(0, room.person))
        near = Math.min(near, oracle.toSegment(c, axis) - PERSON_RADIUS);
      for (let i = 6 * c; i < 6 * c + 6; i++) inside = Math.min(inside, HALF - Math.abs(e[i]) - r);
    }
    for (let p = 0; p < checked.selfPairs.length; p += 2)
      self = Math.min(self, this.mayMeet(checked.selfPairs[p], checked.selfPairs[p + 1]));
    ((room.solid = Math.min(room.solid, solid)),
      (room.self = Math.min(room.self, self)),
      (room.workspace = Math.min(room.workspace, inside)),
      (room.person = Math.min(room.person, near)));
    if (!(Math.min(solid, self, inside, near) >= -1e-9)) report.violations++;
  }

  /** No more than the distance of capsule c to a segment: that of their middles, less both half lengths. */
  private apart(c: number, s: Float64Array): number {
    const e = this.oracle.ends,
      i = 6 * c;
    let far = 0,
      a = 0,
      b = 0;
    for (let d = 0; d < 3; d++) {
      far += (e[i + d] + e[i + 3 + d] - s[d] - s[3 + d]) ** 2 / 4;
      ((a += (e[i + d] - e[i + 3 + d]) ** 2 / 4), (b += (s[d] - s[3 + d]) ** 2 / 4));
    }
    return Math.sqrt(far) - Math.sqrt(a) - Math.sqrt(b) - this.checked.capsules[c].radius;
  }

  /** Whether a link is so near that its distance can be the least or break the bound. */
  private mayTouch(c: number, { center, size }: Box): boolean {
    const e = this.oracle.ends,
      i = 6 * c;
    let far = 0,
      length = 0;
    for (let d = 0; d < 3; d++)
      ((far += Math.max(0, Math.abs((e[i + d] + e[i + 3 + d]) / 2 - center[d]) - size[d] / 2) ** 2),
        (length += (e[i + 3 + d] - e[i + d]) ** 2));
    return (
      Math.sqrt(far) - Math.sqrt(length) / 2 - this.checked.capsules[c].radius - CLEARANCE <
      Math.max(0, this.report.room.solid)
    );
  }

  private mayMeet(a: number, b: number): number {
    const e = this.oracle.ends,
      { capsules } = this.checked;
    let far = 0,
      la = 0,
      lb = 0;
    for (let d = 0; d < 3; d++) {
      far += (e[6 * a + d] + e[6 * a + 3 + d] - e[6 * b + d] - e[6 * b + 3 + d]) ** 2 / 4;
      ((la += (e[6 * a + d] - e[6 * a + 3 + d]) ** 2 / 4), (lb += (e[6 * b + d] - e[6 * b + 3 + d]) ** 2 / 4));
    }
    const bound = Math.sqrt(far) - Math.sqrt(la) - Math.sqrt(lb) - capsules[a].radius - capsules[b].radius;
    return bound - SELF > Math.max(0, this.report.room.self) ? Infinity : this.oracle.between(a, b) - SELF;
  }

  /** Boxes that the arm does not touch at home. */
  private place(): Box[] {
    const { rng, oracle, arm, moving } = this,
      boxes: Box[] = [];
    oracle.place(arm.home);
    while (boxes.length < 4) {
      const size = [rng.range(0.02, 0.5), rng.range(0.02, 0.5), rng.range(0.02, 0.5)] as const;
      const box: Box = {
        kind: "box",
        center: [rng.range(-0.8, 0.8), rng.range(-0.8, 0.8), rng.range(0, 0.9)],
        size,
        orientation: [0, 0, 0, 1],
      };
      if (moving.every((c) => oracle.toShape(c, box) > 0.05)) boxes.push(box);
    }
    return boxes;
  }
}
