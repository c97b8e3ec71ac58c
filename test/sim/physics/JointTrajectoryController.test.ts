import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CONTROLLER_LAWS,
  JointTrajectoryController,
  type JointTrajectoryOptions,
} from "../../../src/sim/physics/JointTrajectoryController.js";
import type { TrajectoryMessage, TrajectoryPoint } from "../../../src/sim/physics/TrajectoryMessage.js";

const names = ["a", "b"];
const point = (
  timeFromStart: number,
  positions: number[],
  velocities: number[] = [],
  accelerations: number[] = [],
): TrajectoryPoint => ({ timeFromStart, positions, velocities, accelerations });
const message = (points: TrajectoryPoint[], stamp?: number, jointNames = names): TrajectoryMessage => ({
  stamp,
  jointNames,
  points,
});
const near = (got: ArrayLike<number>, want: number[], tolerance = 1e-12): void =>
  want.forEach((w, j) => assert.ok(Math.abs(got[j] - w) <= tolerance, `[${j}]: got ${got[j]}, want ${w}`));

/** One that holds q, and whose first update is at `since`. */
function controller(q = [0, 0], options: JointTrajectoryOptions = {}, since = 0): JointTrajectoryController {
  const c = new JointTrajectoryController(names, options);
  c.hold(q);
  c.sample(since);
  return c;
}

test("cubic Hermite reproduces constant acceleration exactly", () => {
  const c = controller();
  const A = [2, -0.7];
  const at = (t: number): { q: number[]; v: number[] } => ({
    q: A.map((a) => (a * t * t) / 2),
    v: A.map((a) => a * t),
  });
  const knots = [0, 0.1, 0.25, 0.4].map((t) => point(t, at(t).q, at(t).v));
  // The last knot must be at rest, so the arm brakes on the mirror image of its start.
  const T = 0.8;
  const back = [0.55, 0.7, 0.8].map((t) =>
    point(
      t,
      A.map((a, j) => 2 * at(0.4).q[j] - (a * (T - t) ** 2) / 2),
      A.map((a) => a * (T - t)),
    ),
  );
  assert.equal(c.accept(message([...knots, ...back], 0), 0), undefined);
  for (let t = 0; t <= 0.4; t += 0.0137) {
    c.sample(t);
    near(c.q, at(t).q);
    near(c.v, at(t).v);
    near(c.a, A, 1e-11);
  }
  c.sample(5);
  near(
    c.q,
    A.map((_, j) => 2 * at(0.4).q[j]),
  );
  near(c.v, [0, 0], 0);
  near(c.a, [0, 0], 0);
});

test("quintic meets positions, velocities and accelerations at both ends; without velocities it is a line", () => {
  const c = controller();
  c.accept(message([point(0, [0.1, 0.2], [1, 2], [3, -4]), point(0.5, [0.4, 1], [0, 0], [0, 0])], 0), 0);
  c.sample(0);
  near(c.q, [0.1, 0.2]);
  near(c.v, [1, 2]);
  near(c.a, [3, -4]);
  c.sample(0.5 - 1e-9);
  near(c.q, [0.4, 1], 1e-8);
  near(c.v, [0, 0], 1e-7);
  near(c.a, [0, 0], 1e-6);
  const line = controller([1, 1], {}, 10);
  line.accept(message([point(2, [3, 0])]), 10);
  line.sample(11);
  near(line.q, [2, 0.5]);
  near(line.v, [1, -0.5]);
});

test("names are reordered; whatever does not fit is refused and changes nothing", () => {
  const c = controller();
  assert.equal(c.accept(message([point(1, [1, 2], [0, 0])], undefined, ["b", "a"]), 0), undefined);
  const nan = NaN;
  const refusals: [TrajectoryMessage, RegExp][] = [
    [message([]), /empty/],
    [message([point(1, [1, 2])], 0, ["a"]), /1 joint names, want 2/],
    [message([point(1, [1, 2])], 0, ["a", "c"]), /unknown joint c/],
    [message([point(1, [1, 2])], 0, ["a", "a"]), /named twice/],
    [message([point(1, [1])]), /point 0: 1 positions, want 2/],
    [message([point(1, [1, 2], [0])]), /1 velocities/],
    [message([point(1, [1, 2], [], [0, 0])]), /without velocities/],
    [message([point(1, [1, nan])]), /positions\[1\] is NaN/],
    [message([point(1, [1, 2], [0, Infinity])]), /velocities\[1\]/],
    [message([point(1, [1, 2]), point(1, [2, 3])]), /point 1: time_from_start is not later/],
    [message([point(-1, [1, 2])]), /negative/],
    [message([point(nan, [1, 2])]), /time_from_start is NaN/],
    [message([point(1, [1, 2], [0.1, 0])]), /a: velocity 0.1 at the end/],
    [message([point(1, [1, 2])], nan), /not a time/],
    [message([point(1, [1, 2])], 5), /ended 4\.000 s ago/],
  ];
  c.sample(1);
  for (const [m, why] of refusals) assert.match(c.accept(m, 10) ?? "accepted", why);
  c.sample(20);
  near(c.q, [2, 1]);
});

const H = 0.001; // s, between updates

/**
 * Moves along q = t, v = 1 until `from`, in updates of H, the joints measured where `measured` says; then takes m, and
 * tells the set-points after it.
 */
function* replaced(
  options: JointTrajectoryOptions,
  m: TrajectoryMessage,
  from: number,
  measured: (t: number) => number = (t) => t,
): Generator<{ t: number; q: number; v: number }> {
  const c = controller([0, 0], options);
  c.accept(message([point(0, [0, 0], [1, 0]), point(1, [1, 0], [1, 0]), point(2, [1.5, 0], [0, 0])], 0), 0);
  for (let k = 1; k <= 3000; k++) {
    const t = k * H;
    c.sample(t, [measured(t), 0], [1, 0]);
    if (Math.abs(t - from) < H / 2) c.accept(m, t);
    if (t > from + H / 2) yield { t, q: c.q[0], v: c.v[0] };
  }
}
const cubic = (x: number, T: number, q0: number, v0: number, q1: number, v1: number): number => {
  const s = x / T;
  return (
    (2 * s ** 3 - 3 * s ** 2 + 1) * q0 +
    (s ** 3 - 2 * s ** 2 + s) * T * v0 +
    (3 * s ** 2 - 2 * s ** 3) * q1 +
    (s ** 3 - s ** 2) * T * v1
  );
};
const ahead = message([point(0, [0.8, 0], [1, 0]), point(0.5, [1, 0], [0, 0])], 0.8); // from 0.8 s on
// from 0.4 s on, where it was then
const past = message([point(0, [0.4, 0], [1, 0]), point(0.2, [0.6, 0], [1, 0]), point(0.5, [0.7, 0], [0, 0])], 0.4);

test(
  "Jazzy's law: what comes takes over at the next update, " +
    "and goes to its first point from where the arm is measured",
  () => {
    for (const { t, q } of replaced({ law: "jazzy" }, ahead, 0.5, (t) => t - 0.02))
      if (t < 0.8) near([q], [cubic(t - 0.5, 0.3, 0.48, 1, 0.8, 1)], 1e-9);
  },
);

test("and from the desired state it takes the set-point for the place of one update before", () => {
  for (const { t, q } of replaced({ law: "jazzy", interpolateFromDesiredState: true }, ahead, 0.5, (t) => t - 0.02))
    if (t < 0.8) near([q], [cubic(t - 0.499, 0.301, 0.5, 1, 0.8, 1)], 1e-9);
});

test("Rolling's keeps what lies ahead until its stamp; of a stream nothing ever begins", () => {
  for (const { t, q } of replaced({ law: "rolling" }, ahead, 0.5)) {
    let want = t < 1.3 ? cubic(t - 0.8, 0.5, 0.8, 1, 1, 0) : 1;
    if (t < 0.801) want = t;
    near([q], [want], 1e-9);
  }
  const c = controller([0, 0], { law: "rolling" });
  for (let k = 0; k < 1000; k++) {
    if (k % 10 === 0) c.accept(message([point(0, [k, 0], [0, 0]), point(1, [k, 0], [0, 0])], k * H + 0.033), k * H);
    c.sample((k + 1) * H);
    near(c.q, [0, 0], 0);
  }
});

test("the master's appends it to what runs; a stamp that is past counts as now", () => {
  const spliced = [...replaced({ law: "master" }, ahead, 0.5)];
  for (const { t, q } of spliced) if (t > 0.81 && t < 1.3) near([q], [cubic(t - 0.8, 0.5, 0.8, 1, 1, 0)], 1e-9);
  for (const { t, q } of spliced) if (t < 0.8) near([q], [t], 0.01); // not exactly
  for (const { t, q } of replaced({ law: "master" }, past, 0.5)) if (t < 0.7) near([q], [t - 0.1], 1e-9);
});

test(
  "a message that begins where the arm then was leads on without a leap by every released law, " +
    "whatever is measured",
  () => {
    for (const law of ["jazzy", "rolling"] as const)
      for (const interpolateFromDesiredState of [false, true])
        for (const { t, q } of replaced({ law, interpolateFromDesiredState }, past, 0.5, (t) => t - 0.02)) {
          let want = t < 0.9 ? cubic(t - 0.6, 0.3, 0.6, 1, 0.7, 0) : 0.7;
          if (t < 0.6) want = t;
          near([q], [want], 1e-9);
        }
  },
);

test("what it knows can be saved in the middle of anything, and restored", () => {
  for (const law of CONTROLLER_LAWS) {
    const c = controller([0, 0], { law }),
      run = (from: number): number[] => Array.from({ length: 1500 }, (_, k) => (c.sample(from + (k + 1) * H), c.q[0]));
    c.accept(past, 0.5);
    c.sample(0.5);
    c.sample(0.501);
    c.accept(ahead, 0.501);
    const moment = c.save(),
      first = run(0.501);
    c.restore(moment);
    assert.deepEqual(run(0.501), first);
  }
});

test("a late trajectory is entered where it would be now", () => {
  const c = controller();
  c.accept(message([point(0, [0, 0], [0, 0]), point(1, [1, 0], [1, 0]), point(2, [2, 0], [0, 0])], 0), 0);
  c.sample(1.5);
  near(c.q, [1 + 0.625, 0], 1e-12); // Hermite from (1, v 1) to (2, v 0) half way
});

test("after cmd_timeout it holds; an allowed end velocity is told until then", () => {
  const c = controller([0, 0], { cmdTimeout: 0.5, allowNonzeroEndVelocity: true });
  c.accept(message([point(1, [1, 0], [0.3, 0])]), 0);
  c.sample(1.2);
  near(c.v, [0.3, 0]);
  assert.ok(c.active);
  c.sample(1.6);
  c.sample(1.7, [0.9, 0]);
  c.sample(1.8);
  near(c.v, [0, 0], 0);
  near(c.q, [1, 0]);
  assert.ok(!c.active);
});
