import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../../src/agent/setup/buildGuardrails.js";
import { coverNotices } from "../../../src/agent/robot/coverNotices.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { Rollouts } from "../../../src/core/Rollouts.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { boxObj } from "../boxObj.js";

type V = readonly [number, number, number];
const RADIUS = 0.04,
  LENGTH = 0.3,
  TABLE = { lo: [0.15, -0.5, -0.1], hi: [0.9, 0.5, 0.4] } as const;

/** A base, a turning post and three rods on it: joints about z, y, y, y. */
const rod = (n: number): string =>
  `<link name="l${n}"><collision><origin xyz="0 0 ${LENGTH / 2}"/><geometry><cylinder radius="${RADIUS}" ` +
  `length="${LENGTH}"/></geometry></collision></link>`;
const turn = (n: number, parent: string, z: number, axis: string): string =>
  `<joint name="j${n}" type="revolute"><parent link="${parent}"/><child link="l${n}"/><origin xyz="0 0 ${z}"/><axis ` +
  `xyz="${axis}"/><limit lower="-2" upper="2" velocity="1" effort="9"/></joint>`;
const arm = (foot: string): string =>
  [1, 2, 3, 4].map(rod).join("") +
  turn(1, foot, 0.1, "0 0 1") +
  [2, 3, 4].map((n) => turn(n, `l${n - 1}`, LENGTH, "0 1 0")).join("");
const foot =
  '<link name="foot"><collision><origin xyz="0 0 0.04"/><geometry><cylinder radius="0.06" ' +
  'length="0.08"/></geometry></collision></link>';
const size = TABLE.hi.map((h, c) => h - TABLE.lo[c]),
  middle = TABLE.hi.map((h, c) => (h + TABLE.lo[c]) / 2);
const table = (at: readonly number[] = middle): string =>
  `<link name="table"><collision><origin xyz="${at.join(" ")}"/><geometry><box ` +
  `size="${size.join(" ")}"/></geometry></collision></link>`;
const fixed = (parent: string, child: string, xyz = "0 0 0", rpy = "0 0 0"): string =>
  `<joint name="${child}_fixed" type="fixed"><parent link="${parent}"/><child link="${child}"/><origin xyz="${xyz}" ` +
  `rpy="${rpy}"/></joint>`;
const mesh = `<link name="table"><visual><geometry><mesh filename="table.obj"/></geometry></visual></link>`;

const ways: readonly [string, string, string][] = [
  ["below the base", foot + table() + fixed("foot", "table"), "base: foot"],
  ["above the base", foot + table() + fixed("table", "foot"), "base: foot"],
  ["the root, and so the base", foot + table() + fixed("table", "foot"), ""],
  [
    "beside the base, both on a world",
    `<link name="world"/>${foot}${table()}${fixed("world", "foot")}${fixed("world", "table")}`,
    "base: foot",
  ],
  [
    "moved and turned by its joint",
    foot + table([0, 0, 0]) + fixed("foot", "table", middle.join(" "), "0 0 3.141592653589793"),
    "base: foot",
  ],
  ["a mesh", foot + mesh + fixed("foot", "table"), "base: foot"],
  [
    "beside declared capsules",
    foot + table() + fixed("foot", "table"),
    `base: foot\ncapsules:\n` +
      `${[1, 2, 3, 4].map((n) => `  - { link: l${n}, p0: [0, 0, 4 cm], p1: [0, 0, 26 cm], radius: 6 cm }`).join("\n")}`,
  ],
];

const plus = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const about = {
  z: ([x, y, z]: V, q: number): V => [x * Math.cos(q) - y * Math.sin(q), x * Math.sin(q) + y * Math.cos(q), z],
  y: ([x, y, z]: V, q: number): V => [x * Math.cos(q) + z * Math.sin(q), y, z * Math.cos(q) - x * Math.sin(q)],
};
/** A point of rod n in the base's frame. */
function place(n: number, p: V, q: ArrayLike<number>): V {
  if (n === 0) return p;
  return place(n - 1, plus([0, 0, n === 1 ? 0.1 : LENGTH], about[n === 1 ? "z" : "y"](p, q[n - 1])), q);
}

for (const [what, links, yaml] of ways)
  test(
    `a table of the URDF ${what} is kept clear of: ` +
      "wherever a point of the arm lies in it, fixed_geometry is broken",
    (t) => {
      const folder = mkdtempSync(join(tmpdir(), "telos-table-"));
      t.after(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, "arm.urdf"), `<robot name="arm">${links}${arm("foot")}</robot>`);
      writeFileSync(join(folder, "table.obj"), boxObj([TABLE.lo, TABLE.hi]));
      writeFileSync(join(folder, "arm.yaml"), `name: arm\nurdf: arm.urdf\n${yaml}\n`);
      const setup = loadSetup({ robot: join(folder, "arm.yaml"), agent: "default" }),
        guardrail = buildGuardrails(setup).find((g) => g.name === "fixed_geometry");
      assert.ok(guardrail, "the table is known");
      assert.deepEqual(
        coverNotices(setup).filter((n) => !n.good),
        [],
        "nothing is left out",
      );
      assert.deepEqual(setup.fixedIds, ["table"]);
      const sweep = new Sweep(setup.arm),
        r = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq: 4, nc: sweep.nc }),
        margin = new Float64Array(1),
        rng = new Rng(9);
      let met = 0,
        free = 0;
      for (let k = 0; k < 400; k++) {
        for (let j = 0; j < 4; j++) r.q[j] = rng.range(-1.9, 1.9);
        sweep.fill(r);
        guardrail.margin(r, margin, 1);
        let within: V | undefined;
        for (let n = 1; n <= 4; n++)
          for (let s = 0; s < 40; s++) {
            const angle = rng.range(-Math.PI, Math.PI),
              p = place(n, [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle), rng.range(0, LENGTH)], r.q);
            if (p.every((x, c) => x > TABLE.lo[c] && x < TABLE.hi[c])) within = p;
          }
        if (within !== undefined)
          (met++, assert.ok(margin[0] < 0, `at ${[...r.q]} ${within} lies in the table, ${margin[0]} m of room told`));
        if (margin[0] >= 0) free++;
      }
      assert.ok(met > 30 && free > 100, `${met} postures in the table, ${free} free`);
    },
  );

test(
  "what the first joint moves and is made flush with is left out and told; " + "the links behind are kept clear of it",
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), "telos-mount-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "arm.urdf"),
      top =
        // up to 9 cm: the first rod begins at 10 cm
        '<link name="top"><collision><origin xyz="0 0 -0.05"/><geometry><box size="1.4 1.4 ' +
        '0.28"/></geometry></collision></link>';
    writeFileSync(file, `<robot name="arm">${foot}${top}${fixed("foot", "top")}${arm("foot")}</robot>`);
    const setup = loadSetup({ robot: file, agent: "default" }),
      guardrail = buildGuardrails(setup).find((g) => g.name === "fixed_geometry")!;
    const told = coverNotices(setup)
      .filter((n) => !n.good)
      .map((n) => n.text);
    assert.equal(told.length, 1);
    assert.match(told[0], /^not kept apart, because made closer than 2 cm: l1 and top\./);
    const sweep = new Sweep(setup.arm),
      margin = new Float64Array(1),
      r = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 1, nq: 4, nc: sweep.nc });
    const room = (...q: number[]): number => (r.q.set(q), sweep.fill(r), guardrail.margin(r, margin, 1), margin[0]);
    assert.ok(room(0.4, 0, 0, 0) > 0 && room(1, 0.5, 0.3, 0) > 0);
    assert.ok(room(0, 1.9, 1.2, 0) < 0, "the third rod reaches into the top");
  },
);

test("another arm in the same URDF, and a base that hangs on moving joints, are told at once, and cost no time", () => {
  const folder = mkdtempSync(join(tmpdir(), "telos-two-")),
    file = join(folder, "two.urdf");
  const other = Array.from(
    { length: 7 },
    (_, n) =>
      `<link name="r${n}"><collision><geometry><cylinder radius="0.04" ` +
      `length="0.3"/></geometry></collision></link><joint name="k${n}" type="revolute"><parent ` +
      `link="${n === 0 ? "foot" : `r${n - 1}`}"/><child link="r${n}"/><origin xyz="0 ${n === 0 ? 0.5 : 0} ` +
      `0.3"/><axis xyz="0 ${n % 2} ${1 - (n % 2)}"/><limit lower="-2" upper="2" velocity="1" effort="9"/></joint>`,
  ).join("");
  writeFileSync(file, `<robot name="arm">${foot}${other}${arm("foot")}</robot>`);
  const robot = join(folder, "two.yaml");
  writeFileSync(robot, "name: two\nurdf: two.urdf\ntool: l4\n");
  const began = process.cpuUsage().user,
    setup = loadSetup({ robot, agent: "default" }),
    took = (process.cpuUsage().user - began) / 1e6;
  rmSync(folder, { recursive: true });
  assert.ok(took < 10, `${took} s of a processor`);
  assert.deepEqual(setup.arm.jointNames, ["j1", "j2", "j3", "j4"]);
  assert.match(
    coverNotices(setup)
      .filter((n) => !n.good)
      .map((n) => n.text)
      .join(),
    /^link r0, r1, r2, r3, r4, r5, r6: moves by joints that are not this arm's.*nothing is kept clear of it$/,
  );
});
