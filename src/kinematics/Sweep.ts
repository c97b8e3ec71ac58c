import { perJoint } from "../core/math/perJoint.js";
import type { Rollouts } from "../core/Rollouts.js";
import type { Arm } from "./Arm.js";
import { Kinematics } from "./Kinematics.js";
import { levers } from "./urdf/levers.js";

/**
 * From joint paths to space: tool poses, and for each interval between two knots one capsule per link that contains the
 * link during the whole interval.
 *
 * The capsule's axis joins the midpoints of the link's end points; its radius is
 *
 *     r + ‖Δp‖/2 + α Δt²/8
 *
 * since between knots a point strays from the chord by at most αΔt²/8 where ‖p̈‖ ≤ α. (Δp/2 is kept too, for uses
 * of its direction.) A point at the end of link vectors d_l, each turning with ω_l, has ‖p̈‖ ≤ Σ_l ‖d_l‖ (‖ω̇_l‖ +
 * ‖ω_l‖²) ≤ Σ_l ‖d_l‖ (A_l + 3/2 P_l²), P_l = Σ_{j≤l} |v_j|, A_l = Σ_{j≤l} |a_j| (‖ω̇_l‖ ≤ A_l + P_l²/2 because joint
 * axes turn with the joints before them). A sliding joint adds |a_j| + 2 P_l |v_j|.
 *
 * The true joints may be off by `error` ε_j, and the link with them by Σ_j ℓ_cj ε_j (`levers`): every radius grows by
 * that.
 */
export class Sweep {
  readonly nc: number;
  readonly error: Float64Array; // [nq] ε, rad (m if prismatic)
  private readonly kinematics: Kinematics;
  private readonly length: Float64Array; // [nq+1] ‖d_l‖ from joint frame l to the next, m; sliding travel included
  private readonly reach: Float64Array; // [nc] farthest capsule end from its link frame, m
  private readonly links: Int32Array; // [nc]
  private readonly radii: Float64Array; // [nc] m
  private readonly lever: Float64Array; // [nc,nq] ℓ, m/rad (1 of a sliding joint)
  private readonly grown: Float64Array; // [nc] m, radii with the growth
  private readonly slides: Uint8Array; // [nq]
  private readonly stray: Float64Array; // [nq+1] Σ_{m<l} ‖d_m‖ (A_m + 3/2 P_m²)
  private readonly turn: Float64Array; // [nq+1] A_l + 3/2 P_l²

  constructor(readonly arm: Arm) {
    const { nq } = arm;
    this.kinematics = new Kinematics(arm);
    this.nc = arm.capsules.length;
    this.error = perJoint(arm.trackingError ?? 0, nq);
    this.lever = levers(arm);
    this.grown = new Float64Array(this.nc);
    this.length = new Float64Array(nq + 1);
    this.slides = Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 1 : 0));
    for (let l = 1; l < nq; l++) {
      const o = arm.origins;
      const travel = this.slides[l] ? Math.max(Math.abs(arm.limits.lo[l]), Math.abs(arm.limits.hi[l])) : 0;
      this.length[l] = Math.hypot(o[12 * l + 3], o[12 * l + 7], o[12 * l + 11]) + travel;
    }
    this.reach = Float64Array.from(arm.capsules, (c) => Math.max(Math.hypot(...c.p0), Math.hypot(...c.p1)));
    this.links = Int32Array.from(arm.capsules, (c) => c.link);
    this.radii = Float64Array.from(arm.capsules, (c) => c.radius);
    this.stray = new Float64Array(nq + 1);
    this.turn = new Float64Array(nq + 1);
  }

  /**
   * Fills r.tool, r.capsules, r.chord, r.radius and r.thickness of the first `K` rollouts from r.q and r.v. Quasistatic
   * rollouts are evaluated at their knots only.
   */
  fill(r: Rollouts, K = r.K): void {
    const { N, nq } = r;
    const { nc, kinematics, grown, error, lever } = this;
    r.error.set(error);
    for (let c = 0; c < nc; c++) {
      let growth = 0;
      for (let j = 0; j < nq; j++) growth += error[j] * lever[c * nq + j];
      grown[c] = this.radii[c] + (r.growth[c] = growth);
    }
    for (let k = 0; k < K; k++) {
      for (let n = 0; n < N; n++) {
        const i = k * N + n;
        kinematics.forward(r.q, i * nq);
        for (let e = 0, t = i * 12; e < 12; e++, t++) r.tool[t] = kinematics.tool[e];
        kinematics.writeCapsules(r.capsules, i * nc * 6);
        if (r.quasistatic || n + 1 === N) this.stand(r, i);
        if (!r.quasistatic && n > 0) this.enclose(r, i - 1);
      }
    }
  }

  /** The capsules of the links if they do not move from knot i. */
  private stand(r: Rollouts, i: number): void {
    const { nc, grown } = this;
    for (let c = 0, o = i * nc; c < nc; c++, o++) r.radius[o] = r.thickness[o] = grown[c];
    for (let e = 6 * i * nc, end = e + 6 * nc; e < end; e++) r.chord[e] = 0;
  }

  /** Turns the capsules at knot i into ones that contain each link from knot i to knot i + 1, h later. */
  private enclose(r: Rollouts, i: number): void {
    const h = r.dt / r.substeps;
    const { nq, capsules: p, chord } = r;
    const { nc, stray, turn } = this;
    let P = 0;
    let A = 0;
    let S = 0;
    for (let j = 0, a = i * nq, b = a + nq; j < nq; j++, a++, b++) {
      const v = r.speed(a, b);
      const acceleration = r.acceleration(a, b);
      if (this.slides[j]) S += acceleration + 2 * P * v;
      else {
        P += v;
        A += acceleration;
      }
      stray[j + 1] = S;
      turn[j + 1] = A + 1.5 * P * P;
      if (j + 1 < nq) S += this.length[j + 1] * turn[j + 1];
    }
    const { links, grown, reach } = this;
    const bend = (h * h) / 8;
    for (let c = 0, a = i * nc * 6, b = a + nc * 6, o = i * nc; c < nc; c++, a += 6, b += 6, o++) {
      for (let e = 0; e < 6; e++) p[a + e] += chord[a + e] = 0.5 * (p[b + e] - p[a + e]);
      const x0 = chord[a],
        y0 = chord[a + 1],
        z0 = chord[a + 2],
        x1 = chord[a + 3],
        y1 = chord[a + 4],
        z1 = chord[a + 5];
      const thickness = grown[c] + bend * (stray[links[c]] + reach[c] * turn[links[c]]);
      r.thickness[o] = thickness;
      r.radius[o] = thickness + Math.sqrt(Math.max(x0 * x0 + y0 * y0 + z0 * z0, x1 * x1 + y1 * y1 + z1 * z1));
    }
  }
}
