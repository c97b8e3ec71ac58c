import type { Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Proposal } from "../Proposal.js";

const MOST_KNOTS = 2048;
const LONGEST: Seconds = 60; // of a plan
const OLD: Seconds = 0.5; // age at arrival; an older one was made for another moment
const FUTURE: Seconds = 0.02; // two hosts, or an estimate of simulated time
const AHEAD: Seconds = 5; // a plan that begins later is not for now
const MOST_TEXT = 64 * 1024; // characters of guardrails

/**
 * The rules by which a proposal enters the guard. Its sender may be wrong, dead, hung or malicious. Sizes come first,
 * then time (each stamp once, rising, neither old nor in the future), then names, then numbers. What the arm may do
 * with it is not checked here: that is the safety filter's task.
 */
export class ProposalIngress {
  private last: Seconds = -Infinity;

  constructor(private readonly jointNames: readonly string[]) {}

  /** @returns why it is refused, or "" */
  check(p: Proposal, now: Seconds): string {
    const n = this.jointNames.length;
    const N = p.positions.length / n;
    if (p.kind === undefined) return "got a kind that is none of stop, follow, recover";
    if (p.guardrails.length > MOST_TEXT)
      return `got ${p.guardrails.length} characters of guardrails, want at most ${MOST_TEXT}`;
    if (!Number.isFinite(p.stamp)) return `got stamp ${p.stamp}`;
    if (now < this.last - OLD) this.last = -Infinity; // the clock was set back: start again
    if (!(p.stamp <= now + FUTURE)) return `got a stamp ${(p.stamp - now).toFixed(3)} s ahead of the clock`;
    if (!(p.stamp >= now - OLD)) return `got a proposal ${(now - p.stamp).toFixed(3)} s old, want at most ${OLD} s`;
    if (!(p.stamp > this.last)) return `got a stamp ${(this.last - p.stamp).toFixed(3)} s older than the last`;
    if (p.kind === "follow") {
      if (
        p.jointNames.length !== n ||
        new Set(p.jointNames).size !== n ||
        !this.jointNames.every((name) => p.jointNames.includes(name))
      )
        return `got joints ${p.jointNames.slice(0, 12).join(", ")}, want each of ${this.jointNames.join(", ")} once`;
      if (!(Number.isInteger(N) && N >= 2 && N <= MOST_KNOTS))
        return `got ${p.positions.length} positions for ${n} joints, want 2 to ${MOST_KNOTS} knots`;
      if (p.velocities.length !== p.positions.length)
        return `got ${p.velocities.length} velocities for ${p.positions.length} positions`;
      if (!(p.dt >= 1e-4 && (N - 1) * p.dt <= LONGEST))
        return `got ${N} knots ${p.dt} s apart, want at most ${LONGEST} s in all`;
      if (!(p.start <= now + AHEAD && p.start + (N - 1) * p.dt > now))
        return (
          `got a plan from ${(p.start - now).toFixed(3)} s to ${(p.start + (N - 1) * p.dt - now).toFixed(3)} s ` +
          "from now, want it to hold now or soon"
        );
      for (let i = 0; i < p.positions.length; i++)
        if (!Number.isFinite(p.positions[i]) || !Number.isFinite(p.velocities[i]))
          return `got a position of ${p.positions[i]} and a velocity of ${p.velocities[i]}, want finite numbers`;
    }
    this.last = p.stamp;
    return "";
  }

  /** The plan of a proposal that passed, with its joints in our order. */
  plan(p: Proposal): Plan {
    const nq = this.jointNames.length;
    const order = this.jointNames.map((name) => p.jointNames.indexOf(name));
    const N = p.positions.length / nq;
    const sort = (x: ArrayLike<number>): Float64Array =>
      Float64Array.from({ length: N * nq }, (_, i) => x[i - (i % nq) + order[i % nq]]);
    const none = new Float32Array(0);
    return {
      level: "proposal",
      stamp: p.start,
      dt: p.dt,
      H: N - 1,
      substeps: 1,
      nu: 0,
      nq,
      a: none,
      q: sort(p.positions),
      v: sort(p.velocities),
      z: none,
      energy: 0,
      energies: {},
      feasible: true,
      iterations: 0,
      rollouts: 0,
      time: 0,
    };
  }
}
