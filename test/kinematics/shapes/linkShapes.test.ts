import assert from "node:assert/strict";
import { test } from "node:test";
import load from "@mujoco/mujoco";
import { Rng } from "../../../src/core/math/Rng.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { hullPlanes } from "../../../src/kinematics/shapes/hullPlanes.js";
import { linkShapes } from "../../../src/kinematics/shapes/linkShapes.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const close = (a: number, b: number, share: number, what: string): void =>
  assert.ok(Math.abs(a - b) <= share * b, `${what}: ${a}, want ${b}`);
const ball = (r: number): number => (4 / 3) * Math.PI * r ** 3;
const capsule = (r: number, l: number): number => ball(r) + Math.PI * r * r * l;
const arm = (
  shape: string,
): string => `<robot name="t"><link name="base"><collision><geometry><sphere radius="0.1"/></geometry></collision>\
</link><link name="a">${shape}</link>
  <joint name="j" type="revolute"><parent link="base"/><child link="a"/><origin xyz="0 0 0.3"/><axis xyz="0 0 1"/>\
<limit lower="-1" upper="1" velocity="1" effort="1"/></joint></robot>`;
const box = (x: string, size: string): string =>
  `<collision><origin xyz="${x}"/><geometry><box size="${size}"/></geometry></collision>`;

test(
  "volumes of links and of their capsules are those that formulas give, " + "and what sticks out is told in metres",
  () => {
    const capsules = [
      { link: "base", p0: [0, 0, 0], p1: [0, 0, 0], radius: 0.12 },
      { link: "a", p0: [-0.1, 0, 0], p1: [0.1, 0, 0], radius: 0.08 },
      { link: "a", p0: [0, 0, 0], p1: [0.1, 0, 0], radius: 0.08 },
    ] as const;
    for (const [shape, own, out] of [
      [box("0 0 0", "0.2 0.1 0.1"), 0.002, Math.hypot(0.05, 0.05) - 0.08],
      // united, not summed
      [box("0 0 0", "0.2 0.1 0.1") + box("0.05 0 0", "0.2 0.1 0.1"), 0.0025, Math.hypot(0.05, 0.05, 0.05) - 0.08],
      [
        '<collision><geometry><cylinder radius="0.05" length="0.1"/></geometry></collision>',
        Math.PI * 0.05 ** 2 * 0.1,
        NaN,
      ],
      [
        '<collision><geometry><mesh filename="tetrahedron.obj" scale="2 1 1"/></geometry></collision>',
        (2 * 0.1 ** 3) / 6,
        NaN,
      ],
    ] as const) {
      const options = {
        capsules,
        readMesh: () => bytes("v 0 0 0\nv .1 0 0\nv 0 .1 0\nv 0 0 .1\nf 1 2 3\nf 1 2 4\nf 1 3 4\nf 2 3 4\n"),
      };
      const urdf = parseUrdf(arm(shape)),
        [base, a] = linkShapes(urdf, armFromUrdf(urdf, options), options);
      close(base.own, ball(0.1), 0.02, "a ball");
      close(base.held, ball(0.12), 0.02, "a ball of one capsule");
      close(a.own, own, 0.02, shape);
      close(a.held, capsule(0.08, 0.2), 0.02, "two capsules, one within the other");
      if (!Number.isNaN(out)) assert.ok(Math.abs(a.out - out) < 1e-3, `${shape} sticks out by ${a.out}, want ${out}`);
    }
  },
);

test(
  "the planes of a hull of points enclose the volume that MuJoCo's own hull has, " + "and no point is beyond any",
  async () => {
    const mj = await load(),
      rng = new Rng(8);
    for (const n of [4, 9, 60]) {
      const points = Float64Array.from({ length: 3 * n }, () => rng.normal() * 0.1),
        planes = hullPlanes(points);
      const model = mj.MjModel.from_xml_string(
        `<mujoco><asset><mesh name="m" inertia="convex" ` +
          `vertex="${[...points].join(" ")}"/></asset><worldbody><body><freejoint/><geom type="mesh" mesh="m" ` +
          `density="1000"/></body></worldbody></mujoco>`,
      );
      let inside = 0;
      const all = 40_000,
        size = 0.5;
      for (let i = 0; i < all; i++) {
        const x = rng.range(-size, size),
          y = rng.range(-size, size),
          z = rng.range(-size, size);
        let within = true;
        for (let k = 0; k < planes.length && within; k += 4)
          within = planes[k] * x + planes[k + 1] * y + planes[k + 2] * z <= planes[k + 3];
        if (within) inside++;
      }
      const share = inside / all,
        volume = share * (2 * size) ** 3,
        deviation = (2 * size) ** 3 * Math.sqrt((share * (1 - share)) / all);
      assert.ok(
        Math.abs(volume - model.body_mass[1] / 1000) < 5 * deviation + 1e-5,
        `${n} points: ${volume}, MuJoCo ${model.body_mass[1] / 1000}`,
      );
      for (let i = 0; i < points.length; i += 3)
        for (let k = 0; k < planes.length; k += 4)
          assert.ok(
            planes[k] * points[i] + planes[k + 1] * points[i + 1] + planes[k + 2] * points[i + 2] <=
              planes[k + 3] + 1e-6,
          );
    }
  },
);

test(
  "a mesh in millimetres, or one that is not there for its scale, " +
    "is refused by link and file with its size and a guess",
  () => {
    const cube = (s: number): Uint8Array =>
      bytes(`${[0, s].flatMap((x) => [0, s].flatMap((y) => [0, s].map((z) => `v ${x} ${y} ${z}`))).join("\n")}\n`);
    const made = (size: number, scale = "1 1 1") =>
      armFromUrdf(
        parseUrdf(
          arm(`<collision><geometry><mesh filename="package://p/a.obj" scale="${scale}"/></geometry></collision>`),
        ),
        { readMesh: () => cube(size) },
      );
    assert.throws(
      () => made(200),
      /"package:\/\/p\/a\.obj": got a size of 200 m .*\(if it is in millimetres: scale="0\.001 0\.001 0\.001"/,
    );
    assert.throws(
      () => made(0.2, "0.001 0.001 0.001"),
      /link "a" mesh "package:\/\/p\/a\.obj": got a size of 0\.0002 m .*\(if it is in metres: no scale\)/,
    );
    made(0.2);
    made(200, "0.001 0.001 0.001");
  },
);

test("a mesh that is not there, one of an unknown format, and a link without a shape are told by link and file", () => {
  const mesh = (uri: string): string => `<collision><geometry><mesh filename="${uri}"/></geometry></collision>`;
  const text = `<robot name="t"><link name="base">${box("0 0 0", "0.1 0.1 0.1")}</link>\
<link name="a">${mesh("gone.stl")}</link><link name="b">${mesh("odd.3ds")}</link><link name="c"/><link name="tip"/>
    ${["base a", "a b", "b c", "c tip"]
      .map((pair, i) =>
        ((p, c) =>
          `<joint name="j${i}" type="revolute"><parent link="${p}"/><child link="${c}"/><origin xyz="0 0 0.3"/>\
<axis xyz="0 ${i % 2} ${1 - (i % 2)}"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint>`)(
          ...(pair.split(" ") as [string, string]),
        ),
      )
      .join("")}</robot>`;
  const { guesses = [] } = armFromUrdf(parseUrdf(text), {
    readMesh: (uri) => (uri === "odd.3ds" ? bytes("?") : undefined),
  });
  assert.deepEqual(
    guesses.map((g) => [g.link, g.file]),
    [
      ["a", "gone.stl"],
      ["b", "odd.3ds"],
      ["c", undefined],
    ],
  );
  for (const [i, words] of [
    /is not found: a capsule of 60 mm radius along its bone/,
    /an unsupported format.*: a capsule/,
    /has no shape: a capsule/,
  ].entries())
    assert.match(guesses[i].text, words);
});
