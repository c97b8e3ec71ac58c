import { Rng } from "../../src/core/math/Rng.js";
import type { Shape } from "../../src/core/geometry/Shape.js";
import { KeepOut } from "../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../src/guardrails/margins/SelfCollision.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import { TorqueLimit, type Load } from "../../src/guardrails/margins/TorqueLimit.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { levers } from "../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { OracleTorque } from "../guardrails/OracleTorque.js";
import { watched, world } from "../guardrails/setups.js";

export interface TaskReport {
  steps: number;
  moving: number;
  commands: number;
  recoveries: number; // commands from within something
  violations: number;
  // least beyond what is allowed, m and shares of the effort
  room: { solid: number; self: number; rest: number; torque: number };
}

const DELTA = 0.01,
  SLACK = 1e-3,
  RESERVE = 0.05,
  TASK = 80; // steps
type FailSafe = { readonly q: Float64Array; readonly v: Float64Array; readonly N: number; i: number };

/**
 * Tasks that come at any moment and lay shapes over the arm, ask for more room between its links than there is, and let
 * it carry something: it finds itself in several violations at once, of which each may only be fixed. The checker has
 * its own geometry and its own torques, and looks at
 *  - each capsule and shape, each pair of capsules: none deeper than when the arm last stood, by more than the slack;
 *    none entered;
 *  - the end of every command: standing there, nothing is worse than where it begins, and no joint needs more than it
 *    has, with nothing, half and all that may be carried;
 *  - every knot from both sides, and in between at δ/20: no joint needs more than it has.
 */
export class TaskFuzz {
  readonly report: TaskReport = {
    steps: 0,
    moving: 0,
    commands: 0,
    recoveries: 0,
    violations: 0,
    room: { solid: Infinity, self: Infinity, rest: Infinity, torque: Infinity },
  };
  private readonly rng: Rng;
  private readonly oracle: OracleGeometry;
  private readonly torque: OracleTorque;
  private readonly moving: Int32Array;
  private readonly q: Float64Array;
  private readonly v: Float64Array;
  private readonly w: Float64Array;
  private readonly still: Float64Array;
  private failSafe: FailSafe;
  private filter!: SafetyFilter;
  private shapes: readonly Shape[] = [];
  private apart = 0; // m, wanted between links
  private load!: Load;
  // m, of each capsule and shape, then of each pair: what is allowed since the arm last stood; undefined: on a
  // fail-safe trajectory from before the task
  private floor: Float64Array | undefined;

  constructor(
    private readonly arm: Arm,
    private readonly most: number, // kg
    seed: number,
  ) {
    this.rng = new Rng(seed);
    this.oracle = new OracleGeometry(arm);
    this.torque = new OracleTorque(arm);
    this.moving = watched(arm).slice(-5);
    this.q = arm.home.slice();
    this.v = new Float64Array(arm.nq);
    this.w = new Float64Array(arm.nq);
    this.still = new Float64Array(arm.nq);
    this.failSafe = { q: this.q.slice(), v: this.v.slice(), N: 1, i: 0 };
  }

  run(steps: number): TaskReport {
    for (let i = 0; i < steps; i++) this.tick();
    return this.report;
  }

  private tick(): void {
    const { report, rng, q, v, w, arm } = this,
      n = arm.nq;
    if (report.steps % TASK === 0) this.begin();
    const rests = v.every((x) => x === 0);
    if (report.steps % 20 === 0)
      for (let j = 0; j < n; j++) w[j] = rng.range(-1, 1) * arm.limits.velocity[j] * [0.1, 1.2][rng.bits() % 2];
    if (rests && report.steps % TASK > 10 && rng.bits() % 2 === 0) this.filter.recover(w, q, world(0));
    const command = this.filter.step(0, q, v, w, world(0));
    if (command !== undefined) this.adopt({ q: command.q.slice(), v: command.v.slice(), N: command.N, i: 0 }, rests);
    this.carryOut();
    report.steps++;
  }

  /** Another task: other shapes, some of them about the arm, another distance between links, another load. */
  private begin(): void {
    const { rng, arm, oracle, moving, q } = this;
    oracle.place(q);
    this.shapes = Array.from({ length: 2 + (rng.bits() % 2) }, () => this.shape());
    const pairs = this.distances(q).slice(this.shapes.length * moving.length);
    this.apart = rng.bits() % 2 === 0 ? 0 : Math.max(0, Math.min(...pairs) + rng.range(-0.01, 0.02));
    this.load = {
      mass: rng.uniform() * this.most,
      com: [rng.range(-0.05, 0.05), rng.range(-0.05, 0.05), rng.range(0, 0.1)],
      reserve: RESERVE,
    };
    const radii = Float64Array.from(arm.capsules, (c) => c.radius),
      links = Int32Array.from(arm.capsules, (c) => c.link);
    this.filter = new SafetyFilter(
      arm.limits,
      new Sweep(arm),
      [
        new SelfCollision(arm.selfPairs, links, radii, levers(arm), this.apart),
        new KeepOut("shapes", this.shapes, moving, 0),
        new TorqueLimit(arm, [this.load]),
      ],
      DELTA,
    );
    this.floor = undefined;
  }

  /** A half-space or a box that the arm as it is reaches into by up to 2 cm, or clears by as much. */
  private shape(): Shape {
    const { rng, oracle, moving } = this,
      room = rng.range(-0.02, 0.02);
    const normal = [rng.range(-1, 1), rng.range(-1, 1), rng.range(-1, 1)] as const,
      length = Math.hypot(...normal);
    const plane: Shape = {
      kind: "halfSpace",
      normal: [normal[0] / length, normal[1] / length, normal[2] / length],
      offset: 0,
    };
    const offset = Math.min(...Array.from(moving, (c) => oracle.toShape(c, plane))) - room;
    if (rng.bits() % 2 === 0) return { ...plane, offset };
    const c = moving[rng.bits() % moving.length],
      out = plane.normal.map((x) => x * (-0.05 - this.arm.capsules[c].radius - room)); // a ball beside a link
    const p = [0, 1, 2].map((d) => 0.5 * (oracle.ends[6 * c + d] + oracle.ends[6 * c + 3 + d]) + out[d]) as [
      number,
      number,
      number,
    ];
    return { kind: "capsule", p0: p, p1: p, radius: 0.05 };
  }

  /** m, of each capsule and shape, then of each pair beyond what is wanted. */
  private distances(q: ArrayLike<number>): Float64Array {
    const { oracle, moving, shapes, arm, apart } = this,
      out = new Float64Array(shapes.length * moving.length + arm.selfPairs.length / 2);
    oracle.place(q);
    let i = 0;
    for (const s of shapes) for (const c of moving) out[i++] = oracle.toShape(c, s);
    for (let p = 0; p < arm.selfPairs.length; p += 2)
      out[i++] = oracle.between(arm.selfPairs[p], arm.selfPairs[p + 1]) - apart;
    return out;
  }

  private adopt(failSafe: FailSafe, rests: boolean): void {
    const { report, q, arm, still, torque, load } = this,
      { room } = report,
      n = arm.nq;
    this.failSafe = failSafe;
    report.commands++;
    const here = this.distances(q);
    if (rests) this.floor = here.map((x) => Math.min(0, x));
    this.floor ??= new Float64Array(here.length); // in motion nothing is excused that the arm has not stood in
    if (here.some((x) => x < 0)) report.recoveries++;
    const end = failSafe.q.subarray((failSafe.N - 1) * n),
      stands = this.distances(end);
    let least = Infinity;
    for (let i = 0; i < here.length; i++) least = Math.min(least, stands[i] - Math.min(0, here[i]));
    if (failSafe.v.subarray((failSafe.N - 1) * n).some((x) => x !== 0)) least = -Infinity;
    for (const share of [0, 0.5, 1])
      torque
        .torques(end.slice(0, n), still, still, share * load.mass, load.com)
        .forEach((t, j) => (least = Math.min(least, 1 - RESERVE - Math.abs(t) / arm.limits.effort[j])));
    room.rest = Math.min(room.rest, least);
    if (!(least >= -1e-7)) report.violations++;
  }

  /** One period along the fail-safe trajectory, and the checker beside it. */
  private carryOut(): void {
    const { report, failSafe, q, v, arm, rng, torque, load, floor } = this,
      n = arm.nq,
      from = failSafe.i * n,
      to = Math.min(failSafe.i + 1, failSafe.N - 1) * n;
    if (floor !== undefined && to > from) {
      report.moving++;
      const x = new Float64Array(n),
        s = new Float64Array(n),
        a = x.map((_, j) => (failSafe.v[to + j] - failSafe.v[from + j]) / DELTA),
        dense = report.steps % 10 === 0;
      let solid = Infinity,
        self = Infinity,
        strong = Infinity;
      const solids = this.shapes.length * this.moving.length;
      for (const h of dense ? Array.from({ length: 21 }, (_, i) => i / 20) : [rng.uniform(), 1]) {
        for (let j = 0; j < n; j++)
          ((x[j] = failSafe.q[from + j] + (failSafe.v[from + j] + 0.5 * a[j] * h * DELTA) * h * DELTA),
            (s[j] = failSafe.v[from + j] + a[j] * h * DELTA));
        this.distances(x).forEach((d, i) => {
          const over = d - floor[i] + (floor[i] < 0 ? SLACK : 0);
          if (i < solids) solid = Math.min(solid, over);
          else self = Math.min(self, over);
        });
        if (dense)
          for (const share of [0, 1])
            torque
              .torques(x, s, a, share * load.mass, load.com)
              .forEach(
                (t, j) =>
                  (strong = Math.min(
                    strong,
                    (h === 0 || h === 1 ? 1 - RESERVE : 1) - Math.abs(t) / arm.limits.effort[j],
                  )),
              );
      }
      ((report.room.solid = Math.min(report.room.solid, solid)),
        (report.room.self = Math.min(report.room.self, self)),
        (report.room.torque = Math.min(report.room.torque, strong)));
      if (!(solid >= -1e-9 && self >= -1e-9 && strong >= -1e-6)) report.violations++;
    }
    for (let j = 0; j < n; j++) ((q[j] = failSafe.q[to + j]), (v[j] = failSafe.v[to + j]));
    failSafe.i = to / n;
  }
}
