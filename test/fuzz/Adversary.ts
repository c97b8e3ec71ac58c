import type { Shape } from "../../src/core/geometry/Shape.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { PERSON_RADIUS, type Person } from "./Person.js";

export type Box = Extract<Shape, { kind: "box" }>;

/**
 * Requests that do their worst: into obstacles, bang-bang, stop and reverse, toward what is nearest; another one every
 * 25 steps.
 */
export class Adversary {
  private readonly aim: Float64Array;
  private readonly x: Float64Array; // scratch
  private kind = 0;

  constructor(
    private readonly rng: Rng,
    private readonly oracle: OracleGeometry,
    private readonly moving: Int32Array,
    private readonly boxes: readonly Box[],
    private readonly person: Person,
  ) {
    this.aim = new Float64Array(oracle.arm.nq);
    this.x = new Float64Array(oracle.arm.nq);
  }

  /** Fills w [nq], rad/s, at the so-manieth step, of an arm at (q, v). */
  request(w: Float64Array, step: number, q: Float64Array, v: Float64Array): void {
    const { rng, aim } = this,
      n = q.length,
      { velocity: V, lo, hi } = this.oracle.arm.limits;
    if (step % 25 === 0) {
      this.kind = rng.bits() % 6;
      for (let j = 0; j < n; j++) aim[j] = this.kind === 1 ? rng.range(-1.5, 1.5) * V[j] : rng.range(lo[j], hi[j]);
      if (this.kind === 4) this.attack(q);
    }
    for (let j = 0; j < n; j++) {
      switch (this.kind) {
        case 0: // to a place that may be anywhere, in an obstacle too
        case 5:
          w[j] = 4 * (aim[j] - q[j]);
          break;
        case 2: // bang-bang
          w[j] = (step + j) % 14 < 7 ? 1e6 : -1e6;
          break;
        case 3: // stop and reverse
          w[j] = v[j] > 0 ? -1e6 : 1e6;
          break;
        default:
          w[j] = aim[j];
      }
    }
  }

  /** Toward what is nearest: down the gradient of least clearance. */
  private attack(q: Float64Array): void {
    const { aim, oracle, moving, boxes, x, person } = this,
      { velocity } = oracle.arm.limits;
    const least = (): number => {
      oracle.place(x);
      let d = Infinity;
      for (const c of moving) {
        d = Math.min(d, oracle.toSegment(c, person.axis(0)) - PERSON_RADIUS);
        for (const box of boxes) d = Math.min(d, oracle.toShape(c, box));
      }
      return d;
    };
    for (let j = 0; j < q.length; j++) {
      x.set(q);
      x[j] += 1e-3;
      const up = least();
      x[j] -= 2e-3;
      aim[j] = -Math.sign(up - least()) * velocity[j];
    }
  }
}
