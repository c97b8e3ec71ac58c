import type { Seconds } from "../../core/Seconds.js";
import type { TrajectoryMessage, TrajectoryPoint } from "./TrajectoryMessage.js";

/** Speeds below this count as rest at the end of a trajectory, rad/s. */
const REST = 1e-6;

/** Why a controller of the joints `joints` refuses a message at time `now`; undefined if it accepts it. */
export function trajectoryFault(
  m: TrajectoryMessage,
  joints: readonly string[],
  now: Seconds,
  allowNonzeroEndVelocity = false,
): string | undefined {
  const N = m.points.length;
  const unfit = namesFault(m.jointNames, joints);
  if (unfit !== undefined) return unfit;
  if (N === 0) return "empty trajectory";
  const start = m.stamp ?? now;
  if (!Number.isFinite(start)) return `stamp ${m.stamp} is not a time`;
  for (let k = 0; k < N; k++) {
    const bad = pointFault(m.points[k], joints.length);
    if (bad) return `point ${k}: ${bad}`;
    if (!(m.points[k].timeFromStart >= 0))
      return `point ${k}: time_from_start ${m.points[k].timeFromStart} s is negative`;
    if (k > 0 && !(m.points[k].timeFromStart > m.points[k - 1].timeFromStart))
      return `point ${k}: time_from_start is not later than that of point ${k - 1}`;
  }
  const last = m.points[N - 1];
  if (!allowNonzeroEndVelocity)
    for (let j = 0; j < last.velocities.length; j++)
      if (!(Math.abs(last.velocities[j]) <= REST))
        return `joint ${m.jointNames[j]}: velocity ${last.velocities[j]} at the end is not zero`;
  const late = now - start - last.timeFromStart;
  if (start + last.timeFromStart < now) return `the trajectory ended ${late.toFixed(3)} s ago`;
  return undefined;
}

function namesFault(names: readonly string[], joints: readonly string[]): string | undefined {
  if (names.length !== joints.length) return `${names.length} joint names, want ${joints.length}: ${joints.join(", ")}`;
  const seen = new Set<string>();
  for (const name of names) {
    if (!joints.includes(name)) return `unknown joint ${name}, want ${joints.join(", ")}`;
    if (seen.has(name)) return `joint ${name} is named twice`;
    seen.add(name);
  }
  return undefined;
}

function pointFault(p: TrajectoryPoint, n: number): string | undefined {
  const arrays = { positions: p.positions, velocities: p.velocities, accelerations: p.accelerations };
  for (const [name, x] of Object.entries(arrays)) {
    if (x.length !== n && !(x.length === 0 && name !== "positions")) return `${x.length} ${name}, want ${n}`;
    for (let j = 0; j < x.length; j++) if (!Number.isFinite(x[j])) return `${name}[${j}] is ${x[j]}`;
  }
  if (p.accelerations.length > 0 && p.velocities.length === 0) return "accelerations without velocities";
  if (!Number.isFinite(p.timeFromStart)) return `time_from_start is ${p.timeFromStart}`;
  return undefined;
}
