import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { JointIngress } from "../../../src/runtime/ingress/JointIngress.js";
import { names, limits, ingress, sample } from "./threeJoints.js";

test("joints are found by name in every order, among others too", () => {
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]) {
    const i = ingress(),
      n = ["x", ...order.map((j) => names[j]), "y"];
    assert.equal(
      i.take(sample(1, [9, ...order.map((j) => j / 10), NaN], [9, ...order.map((j) => j / 100), NaN], n), 1),
      "",
    );
    assert.deepEqual([...i.q, ...i.v], [0, 0.1, 0.2, 0, 0.01, 0.02]);
  }
});

test("every rule refuses with its reason and leaves the last state as it was", () => {
  const cases: [string, Parameters<JointIngress["take"]>[0], RegExp][] = [
    [
      "too many",
      sample(
        1.01,
        new Array(300).fill(0),
        [],
        Array.from({ length: 300 }, (_, i) => `j${i}`),
      ),
      /300 joints/,
    ],
    ["positions short", sample(1.01, [0, 0]), /2 positions for 3 names/],
    ["velocities short", sample(1.01, [0, 0, 0], [0]), /1 velocities/],
    ["twice", sample(1.01, [0, 0, 0, 0], [], ["a", "b", "c", "a"]), /twice/],
    ["missing", sample(1.01, [0, 0, 0], [], ["a", "b", "d"]), /no joint 'c'/],
    ["NaN stamp", sample(NaN), /^got stamp NaN$/],
    ["Inf stamp", sample(Infinity), /^got stamp Infinity$/],
    ["future", sample(1.5), /ahead of the clock/],
    ["older", sample(0.95), /older than the last/],
    ["replayed from long ago", sample(0.2), /older than the last/],
    ["NaN position", sample(1.01, [NaN, 0, 0]), /finite/],
    ["Inf position", sample(1.01, [0, Infinity, 0]), /finite/],
    ["Inf velocity", sample(1.01, [0, 0, 0], [0, 0, -Infinity]), /-Infinity rad\/s/],
    ["huge velocity", sample(1.01, [0, 0, 0], [0, 0, 1e300]), /rad\/s/],
    ["a jump", sample(1.01, [0.2, 0, 0]), /moved by/],
    ["a huge position", sample(1.01, [1e308, 0, 0]), /moved by/],
  ];
  for (const [what, bad, reason] of cases) {
    const i = ingress();
    assert.equal(i.take(sample(1, [0.01, 0.02, 0.03]), 1), "");
    assert.match(i.take(bad, 1.01), reason, what);
    assert.deepEqual([...i.q, i.stamp], [0.01, 0.02, 0.03, 1], what);
    assert.equal(i.take(sample(1.02), 1.02), "", `${what}: and the next good one is taken`);
  }
});

test("a duplicate is told as such; what speed explains is taken, just not more", () => {
  const i = ingress();
  i.take(sample(1), 1);
  assert.equal(i.take(sample(1, [0.3, 0, 0]), 1), "duplicate");
  assert.equal(i.take(sample(1.1, [0.05 + 0.15 - 1e-9, 0, 0]), 1.1), "");
  assert.match(i.take(sample(1.2, [0.2 + 0.05 + 0.15 + 1e-6, 0, 0]), 1.2), /moved by/);
});

test("where both clocks went back it is a restart, from wherever the arm is", () => {
  const i = ingress();
  i.take(sample(100), 100);
  assert.equal(i.take(sample(0.5, [2, 2, 2]), 0.5), "restart");
  assert.deepEqual([...i.q, i.stamp], [2, 2, 2, 0.5]);
  i.reset();
  assert.equal(i.take(sample(0.4, [0, 0, 0]), 0.5), "");
});

test(
  "shuffled, duplicated and replayed messages never " + "move the state back in time nor by more than speed allows",
  () => {
    const rng = new Rng(3),
      stream = Array.from({ length: 4000 }, (_, k) => sample(k * 0.01, [Math.sin(k * 0.005), Math.sin(k * 0.01), 0]));
    const i = ingress();
    let stamp = -Infinity,
      q = [0, 0, 0],
      taken = 0;
    for (let k = 0; k < stream.length; k++) {
      const back = rng.bits() % 4 === 0 ? Math.min(k, Math.floor(rng.uniform() * (rng.bits() & 1 ? 5 : 2000))) : 0;
      const m = stream[k - back];
      if (i.take(m, k * 0.01) === "") {
        assert.ok(i.stamp > stamp);
        if (stamp > -Infinity)
          for (let j = 0; j < 3; j++)
            assert.ok(Math.abs(i.q[j] - q[j]) <= limits.velocity[j] * (i.stamp - stamp) * 1.5 + 0.05);
        taken++;
      }
      assert.ok(i.stamp >= stamp);
      stamp = i.stamp;
      q = [...i.q];
    }
    assert.ok(taken > 2900, `${taken} taken`);
  },
);

test("without velocities, they are told by the positions", () => {
  const i = ingress();
  i.take(sample(1, [0, 0, 0], []), 1);
  assert.deepEqual([...i.v], [0, 0, 0]);
  i.take(sample(1.1, [0.05, 0.1, 0], []), 1.1);
  assert.ok(Math.abs(i.v[0] - 0.5) < 1e-9 && Math.abs(i.v[1] - 1) < 1e-9);
});

test(
  "no joint is found beyond its limits by more than the margin, at first, " +
    "later, or after a clock went back; the refusal names it, the limit and a guess",
  () => {
    const told: [number[], RegExp][] = [
      [[0, 3.101, 0], /^got b at 3\.101 rad, 0\.101 rad beyond its limit 3\.000, want at most 0\.1 rad$/],
      [
        [0, 0, 0.5 - 2 * Math.PI],
        /^got c at -5\.783 rad, 2\.783 rad beyond its limit -3\.000, want at most 0\.1 rad: a turn off\?$/,
      ],
      [[113, 20, 0], /^got a at 113 rad.*: degrees\?$/],
      [[2048, 1024, 3000], /^got a at 2048 rad.*: servo ticks\?$/],
    ];
    for (const [positions, words] of told) {
      const i = ingress();
      assert.match(i.take(sample(10, positions), 10), words);
      assert.equal(i.take(sample(10.01, [0, 3.09, -3.09]), 10.01), "");
      assert.match(i.take(sample(60, positions), 60), /moved|beyond/);
      assert.match(i.take(sample(0.5, positions), 0.5), words);
      i.begin();
      assert.match(i.take(sample(61, positions), 61), words);
    }
  },
);

test("silence explains half a turn and no more, however long; a person who says so is believed", () => {
  const i = ingress();
  i.take(sample(1, [-2, 0, 0]), 1);
  assert.match(
    i.take(sample(1000, [2, 0, 0]), 1000),
    /moved by 4\.000 rad in 999\.000 s, want at most 3\.192 rad; if it was moved meanwhile, activate again/,
  );
  i.begin();
  assert.equal(i.take(sample(1000.01, [2, 0, 0]), 1000.01), "");
  assert.equal(i.take(sample(2000, [-1, 0, 0]), 2000), "");
  assert.match(i.take(sample(2000.01, [1, 0, 0]), 2000.01), /moved by/);
});

test("a velocity that is NaN was not given: whichever are, all is as if those alone had not been told", () => {
  const rng = new Rng(9);
  for (let seed = 0; seed < 50; seed++) {
    const some = ingress(),
      none = ingress(),
      all = ingress();
    for (let k = 0; k < 20; k++) {
      const stamp = 1 + k / 100,
        q = names.map((_, j) => 0.1 * Math.sin(stamp + j)),
        v = q.map(() => rng.range(-1, 1)),
        given = v.map(() => rng.bits() % 2 === 0);
      assert.equal(
        some.take(
          sample(
            stamp,
            q,
            v.map((x, j) => (given[j] ? x : NaN)),
          ),
          stamp,
        ),
        "",
      );
      assert.equal(none.take(sample(stamp, q, []), stamp), "");
      assert.equal(all.take(sample(stamp, q, v), stamp), "");
      for (let j = 0; j < 3; j++) assert.equal(some.v[j], (given[j] ? all : none).v[j]);
      assert.deepEqual([...some.q], [...all.q]);
    }
  }
});

test("another's messages, of any shape, come and go between ours and change nothing", () => {
  const rng = new Rng(5),
    mixed = ingress(),
    alone = ingress();
  const others: Parameters<JointIngress["take"]>[0][] = [
    sample(1, [], [], []),
    sample(NaN, [NaN], [], ["x"]),
    sample(1e9, [1, 2], [NaN], ["x", "y"]),
    sample(0, [], [1, 2, 3], ["x", "x"]),
  ];
  for (let k = 0; k < 500; k++) {
    const stamp = 1 + k / 100,
      q = [Math.sin(stamp), 0, 0];
    for (let n = rng.bits() % 4; n > 0; n--)
      assert.equal(mixed.take(others[rng.bits() % others.length], stamp), "stranger");
    assert.equal(mixed.take(sample(stamp, q, []), stamp), alone.take(sample(stamp, q, []), stamp));
    assert.deepEqual([mixed.stamp, ...mixed.q, ...mixed.v], [alone.stamp, ...alone.q, ...alone.v]);
  }
});

test("a sliding joint is told of in metres, and a turning one beside it in radians", () => {
  const i = new JointIngress(names, limits, 0.05, {
    lo: limits.lo,
    hi: limits.hi,
    margin: 0.1,
    endless: [false, false, false],
    slides: [false, true, false],
  });
  assert.equal(i.take(sample(1), 1), "");
  for (const [positions, velocities] of [
    [
      [0, 9, 0],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 1e9, 0],
    ],
    [
      [0, Infinity, 0],
      [0, 0, 0],
    ],
  ])
    assert.doesNotMatch(i.take(sample(1.01, positions, velocities), 1.01), /rad/);
  assert.match(i.take(sample(1.01, [0, 0.5, 0]), 1.01), /got b moved by 0\.500 m in 0\.010 s, want at most \d\.\d+ m$/);
  assert.match(i.take(sample(1.01, [0.5, 0, 0]), 1.01), /got a moved by 0\.500 rad/);
  i.begin();
  assert.match(
    i.take(sample(1.02, [0, 90, 0]), 1.02),
    /got b at 90 m, 87\.000 m beyond its limit 3\.000, want at most 0\.1 m$/,
  );
});
