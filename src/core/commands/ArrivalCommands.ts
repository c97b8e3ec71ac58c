import type { Command } from "../Command.js";
import { JoinedCommands, type JoinedCommand, type Knot } from "./JoinedCommands.js";
import type { Seconds } from "../Seconds.js";

/** A controller that starts a trajectory when it arrives. */
export interface ArrivalOptions {
  readonly transport: Seconds; // from our sending until the first point acts, on its clock
  readonly step: Seconds; // of its updates
  /** Torques [nq] N·m that go with a point's q, v, a [nq]; rad, rad/s, rad/s². */
  readonly feedForward?: (q: Float64Array, v: Float64Array, a: Float64Array) => Float64Array;
}

const FINE: Seconds = 0.06; // two leads: later points are followed only if no new command arrives
const ROUNDING: Seconds = 1e-6;

/**
 * Commands for a controller that starts a trajectory when it arrives, whatever its stamp, and jumps to the first point
 * that is not past, without interpolation: Gazebo's JointTrajectoryController. It gets the path of `JoinedCommands`,
 * from where the arm is when the message arrives:
 *
 *     point k at k·step:  the path at t = now + transport + k·step,  with the torque that moves it on until the next
 *
 * so the next point is the present one. After 60 ms come the path's own knots. The remaining error is v times the error
 * of the transport time.
 */
export class ArrivalCommands {
  private readonly joined: JoinedCommands;

  /** @param lead largest time from sending a command to its start */
  constructor(
    lead: Seconds,
    private readonly options: ArrivalOptions,
  ) {
    this.joined = new JoinedCommands(lead);
  }

  /** The message for c, which is sent at `now`. */
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
 * The path at time t from its first knot: cubic Hermite between knots, at rest before and after them. At a knot, a is
 * that of the interval after it.
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
