import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Command } from "../../core/Command.js";
import type { Plan } from "../../core/Plan.js";
import type { Seconds } from "../../core/Seconds.js";

/** One log entry as plain data, to be sent to the log's thread. */
export type LogEntry = { readonly stamp: Seconds } & (
  | { readonly topic: "joint_states"; readonly data: { readonly q: Float64Array; readonly v: Float64Array } }
  | { readonly topic: "joint_trajectory_controller/joint_trajectory"; readonly data: Command }
  | { readonly topic: "bodies"; readonly data: { readonly bodies: readonly Body[] } }
  | { readonly topic: "objects"; readonly data: { readonly objects: readonly Belief[] } }
  | { readonly topic: "~/plan"; readonly data: Plan }
  | { readonly topic: "~/state" | "~/episode"; readonly data: object }
);

/** An entry in the form of its channel's schema. */
export function logRecord(entry: LogEntry, jointNames: readonly string[]): object {
  const header = { stamp: time(entry.stamp), frame_id: "" };
  switch (entry.topic) {
    case "joint_states":
      return { header, name: jointNames, position: entry.data.q, velocity: entry.data.v };
    case "joint_trajectory_controller/joint_trajectory": {
      const { q, v, nq, N, dt } = entry.data;
      const point = (k: number): object => ({
        positions: q.subarray(k * nq, (k + 1) * nq),
        velocities: v.subarray(k * nq, (k + 1) * nq),
        time_from_start: time(k * dt),
      });
      return { header, joint_names: jointNames, points: Array.from({ length: N }, (_, k) => point(k)) };
    }
    case "bodies":
    case "objects":
    case "~/plan":
    case "~/state":
    case "~/episode":
      return entry.data;
    default:
      return entry satisfies never;
  }
}

/** builtin_interfaces/Time of an instant or a duration ≥ 0. */
function time(t: Seconds): { sec: number; nanosec: number } {
  const sec = Math.floor(t);
  const nanosec = Math.round((t - sec) * 1e9);
  return nanosec === 1e9 ? { sec: sec + 1, nanosec: 0 } : { sec, nanosec };
}
