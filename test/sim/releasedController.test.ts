import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JointTrajectoryController } from "../../src/sim/physics/JointTrajectoryController.js";
import type { TrajectoryMessage } from "../../src/sim/physics/TrajectoryMessage.js";

/**
 * What ros2_controllers' own `Trajectory` (joint_trajectory_controller 5.x of Kilted, compiled from its source) makes
 * of random streams of overlapping messages, under its controller's order of an update: the newest message replaces, is
 * joined to the state measured or last commanded, and is sampled a period ahead. At update k the arm is `measured[k]`
 * (q, then v), and `setpoints[k]` was written.
 */
interface Stream {
  readonly fields: 1 | 2 | 3; // positions; with velocities; with accelerations
  readonly fromDesired: boolean; // interpolate_from_desired_state
  readonly period: number; // s
  readonly measured: readonly (readonly [number, number, number, number])[];
  readonly messages: readonly {
    readonly update: number;
    readonly stamp: number;
    readonly points: readonly {
      readonly t: number;
      readonly q: number[];
      readonly v?: number[];
      readonly a?: number[];
    }[];
  }[];
  readonly setpoints: readonly (null | readonly [q0: number, q1: number, v0: number, v1: number, valid: boolean])[];
}

const streams = JSON.parse(
  readFileSync(new URL("../../../test/golden/joint_trajectory_controller.json", import.meta.url), "utf8"),
) as Stream[];
const NAMES = ["a", "b"],
  BEGIN = [0.1, -0.2]; // rad
const NONE = -1; // a message without a stamp

/** The largest difference between our law's set-points and the released one's. */
function differs({ fromDesired, period, measured, messages, setpoints }: Stream): {
  readonly q: number;
  readonly v: number;
  readonly compared: number;
} {
  const ours = new JointTrajectoryController(NAMES, {
    interpolateFromDesiredState: fromDesired,
    allowNonzeroEndVelocity: true,
  });
  ours.hold(BEGIN);
  let q = 0,
    v = 0,
    compared = 0;
  ours.sample(0, measured[0].slice(0, 2), measured[0].slice(2));
  for (let k = 0; k < setpoints.length; k++) {
    for (const { update, stamp, points } of messages) {
      const m: TrajectoryMessage = {
        stamp: stamp === NONE ? undefined : stamp,
        jointNames: NAMES,
        points: points.map((p) => ({
          positions: p.q,
          velocities: p.v ?? [],
          accelerations: p.a ?? [],
          timeFromStart: p.t,
        })),
      };
      if (update === k) ours.accept(m, k * period);
    }
    const next = measured[k + 1] ?? measured[k];
    ours.sample((k + 1) * period, next.slice(0, 2), next.slice(2));
    const told = setpoints[k];
    if (told === null || !told[4]) continue;
    compared++;
    for (const j of [0, 1]) {
      q = Math.max(q, Math.abs(ours.q[j] - (told[j] as number)));
      v = Math.max(v, Math.abs(ours.v[j] - (told[2 + j] as number)));
    }
  }
  return { q, v, compared };
}

test(
  "our controller's law is the released one's on streams that overlap, " +
    "whatever their stamps and fields and whatever they are joined to",
  () => {
    assert.equal(streams.length, 18);
    for (const [i, stream] of streams.entries()) {
      const { q, v, compared } = differs(stream);
      assert.ok(
        compared > 50 && q < 1e-8 && v < 1e-5,
        `stream ${i} (${stream.fields} fields, ${stream.fromDesired ? "from the desired" : "from the measured"} ` +
          `state): q differs by ${q} rad, v by ${v} rad/s in ${compared} updates`,
      );
    }
  },
);
