import { Rollouts } from "../core/Rollouts.js";
import type { Seconds } from "../core/Seconds.js";
import type { State } from "../core/State.js";
import type { Guardrail } from "../guardrails/Guardrail.js";
import type { Arm } from "../kinematics/Arm.js";
import { levers } from "../kinematics/urdf/levers.js";
import type { FreeSegment } from "./proposals/RrtConnect.js";

// m to keep beyond the guardrails at the ends of a path: less leaves the level below no speed to follow with
export const ROOM = 0.01;
const FINEST: Seconds = 0.02; // of travel: pieces this short are evaluated only at their middle

/**
 * Straight joint paths evaluated by the guardrails themselves, by bisection. If the middle of a piece keeps more
 * distance than the arm can move from there to either end, Σ_j ℓ_{cj} |Δq_j|/2 for the capsule that moves farthest, the
 * whole piece is free; otherwise both halves are evaluated. The distance to people includes how far they may come while
 * an arm at that pace stops: latency + max_j |v_j|/A_j.
 *
 * @param o.pace share of full speed, 0 to 1, at which the path is to be followed
 * @param o.latency s, until a new command can brake
 */
export function freeSegment(
  arm: Arm,
  sweep: { readonly nc: number; fill(r: Rollouts, K?: number): void },
  guardrails: readonly Guardrail[],
  o: { readonly from: () => State; readonly pace: () => number; readonly latency: Seconds },
): FreeSegment {
  const n = arm.nq;
  const { velocity, acceleration } = arm.limits;
  const lever = levers(arm);
  const posture = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq: n, nc: sweep.nc, quasistatic: true });
  const out = new Float64Array(1);
  const asked = guardrails.filter((g) => g.standsAnywhere !== true);
  const exact = asked.some((g) => g.unit !== "m"); // other margins are no distances

  /**
   * The least distance kept at a + u (b − a), m, as far as it is less than that `more` than ROOM; negative where a
   * guardrail is broken.
   */
  const distance = (a: Float64Array, b: Float64Array, u: number, more = 0): number => {
    const enough = 2 * ROOM + more; // twice, so that rounding does not matter
    posture.from = o.from();
    for (let j = 0; j < n; j++) posture.q[j] = a[j] + u * (b[j] - a[j]);
    sweep.fill(posture);
    let least = Infinity;
    for (const guardrail of asked) {
      guardrail.margin(posture, out, 1, enough);
      if (!(out[0] >= 0)) return -1;
      if (guardrail.unit === "m") least = Math.min(least, out[0]);
    }
    return least;
  };

  return (a, b, least = 0) => {
    let travel = 0,
      brake = 0; // max_j |Δq_j|/V_j, max_j |Δq_j|/A_j
    for (let j = 0; j < n; j++) {
      const way = Math.abs(b[j] - a[j]);
      travel = Math.max(travel, way / velocity[j]);
      brake = Math.max(brake, way / acceleration[j]);
    }
    posture.exposure[0] = o.latency + (travel > 0 ? (o.pace() * brake) / travel : 0);
    let reach = 0;
    for (let c = 0; c < sweep.nc; c++) {
      let moved = 0;
      for (let j = 0; j < n; j++) moved += lever[c * n + j] * Math.abs(b[j] - a[j]);
      reach = Math.max(reach, moved);
    }
    const free = (u0: number, u1: number): boolean => {
      const middle = 0.5 * (u0 + u1);
      const kept = distance(a, b, middle, reach * (u1 - u0));
      if (kept < room) return false;
      if (!exact && kept - room >= 0.5 * reach * (u1 - u0)) return true;
      if (travel * (u1 - u0) <= FINEST) return true;
      return free(u0, middle) && free(middle, u1);
    };
    const end = distance(a, b, 1);
    const room = Math.max(0, Math.min(ROOM, end, distance(a, b, 0)));
    return end >= least && free(0, 1);
  };
}
