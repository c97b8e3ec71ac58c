import assert from "node:assert/strict";
import { test } from "node:test";
import { loadDescription } from "../../src/agent/robot/loadDescription.js";
import { loadRobotConfig, loadSceneConfig } from "../../src/config/index.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";
import { withMeshPoints } from "../../src/kinematics/shapes/withMeshPoints.js";
import { Rng } from "../../src/core/math/Rng.js";
import { armBodies, isKnown, type ArmBody } from "../../src/sim/physics/armBodies.js";
import { Simulation } from "../../src/sim/physics/Simulation.js";
import { boxObj } from "../kinematics/boxObj.js";

type V = readonly [number, number, number];
const plus = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const aboutZ = ([x, y, z]: V, q: number): V => [
  x * Math.cos(q) - y * Math.sin(q),
  x * Math.sin(q) + y * Math.cos(q),
  z,
];
const aboutY = ([x, y, z]: V, q: number): V => [
  x * Math.cos(q) + z * Math.sin(q),
  y,
  z * Math.cos(q) - x * Math.sin(q),
];
const ROD: readonly [V, V] = [
    [-0.03, -0.03, 0.02],
    [0.03, 0.03, 0.28],
  ],
  TABLE: readonly [V, V] = [
    [0.1, -0.5, -0.1],
    [0.8, 0.5, 0.2],
  ];
/** A point of rod n (1…3) in the base's frame; rods turn about z, y, y. */
const place = (n: number, p: V, q: ArrayLike<number>): V =>
  n === 0 ? p : place(n - 1, plus([0, 0, n === 1 ? 0.1 : 0.3], n === 1 ? aboutZ(p, q[0]) : aboutY(p, q[n - 1])), q);
const back = (n: number, p: V, q: ArrayLike<number>): V => {
  if (n === 0) return p;
  const at = plus(back(n - 1, p, q), [0, 0, n === 1 ? -0.1 : -0.3]);
  return n === 1 ? aboutZ(at, -q[0]) : aboutY(at, -q[n - 1]);
};
const within = (p: V, [lo, hi]: readonly [V, V], by: number): boolean =>
  p.every((x, c) => x > lo[c] + by && x < hi[c] - by);

const millimetres = ([lo, hi]: readonly [V, V]): [number[], number[]] => [
  lo.map((x) => 1000 * x),
  hi.map((x) => 1000 * x),
];
const mesh = (name: string, file: string): string =>
  `<link name="${name}"><inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" ` +
  `izz="0.01"/></inertial><collision><geometry><mesh filename="${file}" scale="0.001 0.001 ` +
  `0.001"/></geometry></collision></link>`;
const text =
  `<robot name="t"><link name="base"/>${mesh("table", "table.obj")}<joint name="fixed" ` +
  `type="fixed"><parent link="base"/><child ` +
  `link="table"/></joint>` +
  `${[1, 2, 3]
    .map(
      (n) =>
        `${mesh(`l${n}`, "rod.obj")}<joint name="j${n}" type="revolute"><parent \
link="${n === 1 ? "base" : `l${n - 1}`}"/><child link="l${n}"/><origin xyz="0 0 ${n === 1 ? 0.1 : 0.3}"/>\
<axis xyz="0 ${n === 1 ? 0 : 1} ${n === 1 ? 1 : 0}"/><limit lower="-3" upper="3" velocity="1" effort="90"/></joint>`,
    )
    .join("")}` +
  "</robot>";
const readMesh = (uri: string): Uint8Array => boxObj(millimetres(uri === "table.obj" ? TABLE : ROD));

test(
  "the simulator's links are their own meshes, whatever capsules and pairs the agent has: " +
    "they touch the table and each other where points of one lie in another",
  async () => {
    const urdf = parseUrdf(text),
      told = {
        readMesh,
        capsules: [{ link: "l1", p0: [0, 0, 0], p1: [0, 0, 0.1], radius: 0.2 }] as const,
        ignorePairs: [["l1", "l3"]] as const,
      };
    const arm = armFromUrdf(urdf, told),
      rng = new Rng(12),
      scene = { ...loadSceneConfig("empty"), robot: "t" };
    const sim = await Simulation.create({
      urdf: withMeshPoints(urdf, readMesh),
      arm: { ...arm, selfPairs: new Int32Array(0) },
      scene: { ...scene, start: [0, 0, 0] },
      seed: 1,
    });
    let met = 0,
      free = 0;
    for (let k = 0; k < 100; k++) {
      const q = [rng.range(-2.9, 2.9), rng.range(-2.9, 2.9), rng.range(-2.9, 2.9)],
        inside = new Set<string>(),
        near = new Set<string>();
      for (const [a, b] of [
        ["l1", "table"],
        ["l2", "table"],
        ["l3", "table"],
        ["l3", "l1"],
      ] as const)
        for (let s = 0; s < 400; s++) {
          const [from, of] = s % 2 === 0 || b === "table" ? [a, b] : [b, a],
            p = ROD[0].map((l, c) => rng.range(l, ROD[1][c])) as unknown as V,
            at = place(Number(from[1]), p, q);
          const there = of === "table" ? at : back(Number(of[1]), at, q),
            shape = of === "table" ? TABLE : ROD;
          if (within(there, shape, 0.002)) inside.add([a, b].sort().join());
          if (within(there, shape, -0.05)) near.add([a, b].sort().join());
        }
      sim.reset({ scene: { ...scene, start: q } });
      sim.step(0.002);
      const contacts = new Set(
        sim
          .takeContacts()
          .filter((c) => c.body1 !== "floor" && c.body2 !== "floor")
          .map((c) => [c.body1, c.body2].sort().join()),
      );
      for (const pair of inside)
        assert.ok(contacts.has(pair), `${pair} meet at ${q}, and the simulator tells of ${[...contacts]}`);
      for (const pair of contacts) assert.ok(near.has(pair), `${pair} told to touch at ${q}, and are apart`);
      met += inside.size;
      if (contacts.size === 0) free++;
    }
    sim.dispose();
    assert.ok(met > 20 && free > 8, `${met} meetings, ${free} free postures`);
  },
);

test("a mesh without thickness, however it lies, makes a body that MuJoCo takes", async () => {
  const plate = ([x, y, z]: V): V => aboutY(aboutZ([x, y, z], 0.7), 0.4),
    corners = (
      [
        [-0.2, -0.2, 0],
        [0.2, -0.2, 0],
        [0.2, 0.2, 0],
        [-0.2, 0.2, 0],
      ] as const
    ).map(plate);
  const bytes = new TextEncoder().encode(`${corners.map((p) => `v ${p.join(" ")}`).join("\n")}\nf 1 2 3 4\n`),
    read = (): Uint8Array => bytes;
  const urdf = parseUrdf(text.replaceAll("0.001 0.001 0.001", "1 1 1")),
    arm = armFromUrdf(urdf, { readMesh: read });
  const sim = await Simulation.create({
    urdf: withMeshPoints(urdf, read),
    arm,
    scene: { ...loadSceneConfig("empty"), robot: "t", start: [0, 0, 0] },
    seed: 1,
  });
  sim.step(0.1);
  sim.dispose();
});

test("nothing that collides of a shipped arm is one of the agent's capsules", () => {
  const all = (body: ArmBody): ArmBody[] => [body, ...body.children.flatMap(all)];
  for (const name of ["arm7", "ur5", "so101"]) {
    const { urdf, arm } = loadDescription(name, loadRobotConfig(name)),
      bodies = all(armBodies(urdf, arm)).filter((b) => b.parts.length > 0);
    assert.ok(bodies.length > arm.nq, name);
    for (const { link, parts } of bodies)
      assert.ok(
        isKnown(link) &&
          parts.some((p) => p.use !== "see") &&
          parts.every((p) => p.use === "see" || p.shape.kind !== "capsule"),
        `${name} ${link.name}`,
      );
  }
});
