import type { Command } from "../Command.js";
import { JoinedCommands, type JoinedCommand, type Knot } from "./JoinedCommands.js";
import type { Seconds } from "../Seconds.js";

/** Of a controller that begins a trajectory when it comes. */
export interface ArrivalOptions {
  readonly transport: Seconds; // from our sending until the first point acts, on its clock
  readonly step: Seconds; // of its updates
  /** Torques [nq] N·m that go with a point's q, v, a [nq]; rad, rad/s, rad/s². */
  readonly feedForward?: (q: Float64Array, v: Float64Array, a: Float64Array) => Float64Array;
}

const FINE: Seconds = 0.06; // two leads: what comes later is only followed where nothing comes any more
const ROUNDING: Seconds = 1e-6;

/**
 * Commands for a controller that begins a trajectory when it comes, whatever its stamp, and is sent to the first point
 * that is not past, without a way between points: Gazebo's JointTrajectoryController. It is sent the path that
 * `JoinedCommands` makes, from where the arm is when it comes:
 *
 *     point k at k·step:  the path at t = now + transport + k·step,  with the torque that moves it on until the next
 *
 * so the next point is the present one. After 60 ms there are the path's own knots. What is left is v times the error
 * of the transport.
 */
export class ArrivalCommands {
  private readonly joined: JoinedCommands;

  /** @param lead how far ahead of their sending commands begin, at most */
  constructor(
    lead: Seconds,
    private readonly options: ArrivalOptions,
  ) {
    this.joined = new JoinedCommands(lead);
  }

  /** What to send for c, which leaves at `now`. */
  of(c: Command, now: Seconds): JoinedCommand {
    const { transport, step, feedForward } = this.options;
    const { origin, since, knots } = this.joined.of(c),
      begins = now + transport - origin; // times are from the origin
    const last = since + knots[knots.length - 1].t,
      points: Knot[] = [];
    const add = (t: Seconds): void => {
      const { q, v, a } = sample(knots, t - since);
      points.push({ t: t - begins, q, v, effort: feedForward?.(q, v, a) });
    };
    for (let k = 0; k * step < FINE; k++) add(begins + k * step);
    for (const knot of knots) if (since + knot.t > begins + FINE + ROUNDING) add(since + knot.t);
    if (last <= begins + FINE + ROUNDING) add(begins + FINE);
    return { origin, since: begins, knots: points };
  }
}

/**
 * The path at time t from its first knot: a cubic Hermite between knots, before and after them at rest; a of what comes
 * after.
 */
function sample(knots: readonly Knot[], t: Seconds): { q: Float64Array; v: Float64Array; a: Float64Array } {
  const after = knots.findIndex((k) => k.t > t + ROUNDING),
    nq = knots[0].q.length;
  if (after <= 0) {
    const { q } = knots[after < 0 ? knots.length - 1 : 0];
    return { q: q.slice(), v: new Float64Array(nq), a: new Float64Array(nq) };
  }
  const from = knots[after - 1],
    to = knots[after],
    dt = to.t - from.t,
    s = Math.max(0, (t - from.t) / dt);
  const out = { q: new Float64Array(nq), v: new Float64Array(nq), a: new Float64Array(nq) };
  for (let j = 0; j < nq; j++) {
    const d = to.q[j] - from.q[j],
      v0 = from.v[j] * dt,
      v1 = to.v[j] * dt,
      c2 = 3 * d - 2 * v0 - v1,
      c3 = v0 + v1 - 2 * d;
    out.q[j] = from.q[j] + s * (v0 + s * (c2 + s * c3));
    out.v[j] = (v0 + s * (2 * c2 + 3 * s * c3)) / dt;
    out.a[j] = (2 * c2 + 6 * s * c3) / (dt * dt);
  }
  return out;
}
