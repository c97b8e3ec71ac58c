import assert from "node:assert/strict";
import { test } from "node:test";
import { JointTrajectoryController, type TrajectoryMessage, type TrajectoryPoint } from "../../src/sim/JointTrajectoryController.js";

const names = ["a", "b"];
const point = (timeFromStart: number, positions: number[], velocities: number[] = [], accelerations: number[] = []): TrajectoryPoint => ({ timeFromStart, positions, velocities, accelerations });
const message = (points: TrajectoryPoint[], stamp?: number, jointNames = names): TrajectoryMessage => ({ stamp, jointNames, points });
const near = (got: ArrayLike<number>, want: number[], tolerance = 1e-12): void => want.forEach((w, j) => assert.ok(Math.abs(got[j] - w) <= tolerance, `[${j}]: got ${got[j]}, want ${w}`));

function controller(q = [0, 0], options = {}): JointTrajectoryController {
  const c = new JointTrajectoryController(names, options);
  c.hold(q);
  return c;
}

test("cubic Hermite reproduces constant acceleration exactly", () => {
  const c = controller();
  const A = [2, -0.7];
  const at = (t: number): { q: number[]; v: number[] } => ({ q: A.map((a) => (a * t * t) / 2), v: A.map((a) => a * t) });
  const knots = [0, 0.1, 0.25, 0.4].map((t) => point(t, at(t).q, at(t).v));
  // The last knot must be at rest, so the arm brakes on the mirror image of its start.
  const T = 0.8;
  const back = [0.55, 0.7, 0.8].map((t) => point(t, A.map((a, j) => 2 * at(0.4).q[j] - (a * (T - t) ** 2) / 2), A.map((a) => a * (T - t))));
  assert.equal(c.accept(message([...knots, ...back], 0), 0), undefined);
  for (let t = 0; t <= 0.4; t += 0.0137) {
    c.sample(t);
    near(c.q, at(t).q);
    near(c.v, at(t).v);
    near(c.a, A, 1e-11);
  }
  c.sample(5);
  near(c.q, A.map((_, j) => 2 * at(0.4).q[j]));
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
  const line = controller([1, 1]);
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
    [message([point(1, [1, 2], [0.1, 0])]), /a: velocity 0.1 rad\/s at the end/],
    [message([point(1, [1, 2])], nan), /no time/],
    [message([point(1, [1, 2])], 5), /ended 4\.000 s ago/],
  ];
  for (const [m, why] of refusals) assert.match(c.accept(m, 10) ?? "accepted", why);
  c.sample(20);
  near(c.q, [2, 1]);
});

test("a trajectory with a stamp ahead waits; the running one is followed until then, and the change is continuous", () => {
  const c = controller();
  c.accept(message([point(1, [1, 1], [0, 0])], 0), 0);
  c.sample(0.2);
  c.accept(message([point(0.5, [0, 0], [0, 0])], 0.6), 0.2);
  c.accept(message([point(0.5, [0.7, 0], [0, 0])], 0.6), 0.3); // same beginning: takes the other's place
  let q = c.q.slice(), v = c.v.slice();
  for (let t = 0.201; t < 1.3; t += 0.001) {
    c.sample(t);
    for (let j = 0; j < 2; j++) {
      assert.ok(Math.abs(c.q[j] - q[j]) < 0.004, `q jumps at ${t}`);
      assert.ok(Math.abs(c.v[j] - v[j]) < 0.05, `v jumps at ${t}`);
    }
    (q = c.q.slice()), (v = c.v.slice());
  }
  near(c.q, [0.7, 0]);
  assert.ok(c.active);
});

test("a stream of overlapping trajectories, each stamped ahead, is spliced without one being starved", () => {
  // q(t) = sin t, sent every 10 ms, 30 ms ahead, each with a stop at its end.
  const c = controller();
  for (let k = 0; k < 200; k++) {
    const now = 0.01 * k, s = now + 0.03;
    const knots = [0, 0.01, 0.02].map((d) => point(d, [Math.sin(s + d), 0], [Math.cos(s + d), 0]));
    assert.equal(c.accept(message([...knots, point(0.3, [Math.sin(s + 0.1), 0], [0, 0])], s), now), undefined);
    for (let i = 1; i <= 5; i++) {
      c.sample(now + 0.002 * i);
      if (k > 10) near(c.q, [Math.sin(now + 0.002 * i)], 1e-8);
    }
  }
});

test("replacement at once joins the desired state of the arrival to the first point, as ros2_control does", () => {
  const c = controller([0, 0], { replacement: "at_once" });
  c.accept(message([point(1, [1, 0], [0, 0])], 0), 0);
  c.sample(0.5);
  near(c.q, [0.5, 0]);
  const v = c.v[0];
  c.accept(message([point(0.5, [0.5, 0], [0, 0])], 1), 0.5); // due at 1.5
  c.sample(0.5 + 1e-6);
  near(c.q, [0.5, 0], 1e-5);
  near(c.v, [v, 0], 1e-4);
  c.sample(2);
  near(c.q, [0.5, 0]);
});

test("a late trajectory is entered where it would be now", () => {
  const c = controller();
  c.accept(message([point(0, [0, 0], [0, 0]), point(1, [1, 0], [1, 0]), point(2, [2, 0], [0, 0])], 0), 1.5);
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
  near(c.v, [0, 0], 0);
  near(c.q, [1, 0]);
  assert.ok(!c.active);
});
