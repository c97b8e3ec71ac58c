import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { clipToGrid } from "../../../src/kinematics/shapes/clipToGrid.js";
import { hullSeparation } from "../../../src/kinematics/shapes/hullSeparation.js";
import { JointChain } from "../../../src/kinematics/JointChain.js";
import { meshTriangles } from "../../../src/kinematics/shapes/meshTriangles.js";
import { neverMeet } from "../../../src/kinematics/pairs/neverMeet.js";
import { tellSelfPair } from "../../../src/kinematics/pairs/nearestSelfPair.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { Cell } from "../../../src/kinematics/shapes/Cell.js";
import { Pieces } from "../../../src/kinematics/shapes/Pieces.js";
import { SupportTree } from "../../../src/kinematics/shapes/SupportTree.js";
import { boxObj } from "../boxObj.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const near = (a: ArrayLike<number>, b: readonly number[]): void => {
  assert.equal(a.length, b.length);
  b.forEach((x, i) => assert.ok(Math.abs(a[i] - x) < 1e-12, `${i}: ${a[i]}, want ${x}`));
};

test("OBJ faces of any number of corners and any way of naming them, and points without faces", () => {
  const square = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n",
    want = [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0];
  for (const f of ["f 1 2 3 4", "f 1/1 2/2 3/3 4/4", "f 1//9 2//9 3//9 4//9", "f -4 -3 -2 -1"])
    near(meshTriangles(bytes(`${square}vn 0 0 1\n${f}\n`), "a.OBJ")!, want);
  near(meshTriangles(bytes("v 1 2 3\nv 4 5 6\n"), "p.obj")!, [1, 2, 3, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6]);
});

test("COLLADA: unit, up axis, and the nodes that place, scale and turn a geometry", () => {
  const dae = (faces: string, scene: string, up = "Z_UP", unit = "1"): Uint8Array =>
    bytes(`<COLLADA><asset><unit name="m" meter="${unit}"/><up_axis>${up}</up_axis></asset><library_geometries>\
<geometry id="g" name="g"><mesh>
    <source id="g-pos"><float_array id="a" count="9">0 0 0 1 0 0 0 1 0</float_array></source><vertices id="g-v">\
<input semantic="POSITION" source="#g-pos"/></vertices>${faces}</mesh></geometry></library_geometries>
    <library_visual_scenes><visual_scene id="s">${scene}</visual_scene></library_visual_scenes></COLLADA>`);
  const faces =
    '<triangles count="1"><input semantic="VERTEX" source="#g-v" offset="0"/><input semantic="NORMAL" source="#n" ' +
    'offset="1"/><p>0 7 1 7 2 7</p></triangles>';
  const poly =
    '<polylist count="1"><input semantic="VERTEX" source="#g-v" offset="0"/><vcount>3</vcount><p>0 1 2</p></polylist>';
  const at = '<instance_geometry url="#g"/>';
  for (const f of [faces, poly])
    near(meshTriangles(dae(f, `<node>${at}</node>`), "a.dae")!, [0, 0, 0, 1, 0, 0, 0, 1, 0]);
  near(meshTriangles(dae(faces, ""), "a.dae")!, [0, 0, 0, 1, 0, 0, 0, 1, 0]);
  near(meshTriangles(dae(faces, `<node>${at}</node>`, "Y_UP", "0.01"), "a.dae")!, [0, 0, 0, 0.01, 0, 0, 0, 0, 0.01]);
  const nested =
    "<node><translate>0 0 5</translate><node><matrix>0.001 0 0 0 0 0.001 0 0 0 0 0.001 0 0 0 0 " +
    `1</matrix>${at}</node></node><node><rotate>0 0 1 90</rotate><scale>2 2 2</scale>${at}</node>`;
  near(meshTriangles(dae(faces, nested), "a.dae")!, [0, 0, 5, 0.001, 0, 5, 0, 0.001, 5, 0, 0, 0, 0, 2, 0, -2, 0, 0]);
});

test(
  "a mesh cut into cells: every point of a triangle lies in the box of one of its cells, " +
    "and no cell reaches far beyond the mesh",
  () => {
    const rng = new Rng(3);
    for (let k = 0; k < 20; k++) {
      const n = 12,
        soup = Float64Array.from({ length: 12 * n }, (_, i) => (i % 4 === 3 ? 0 : rng.range(-1, 1)));
      const cells = clipToGrid(soup, 6, 0.01).map((c) => {
        const each = Array.from({ length: c.length / 4 }, (_, i) => c.subarray(4 * i, 4 * i + 4));
        return [0, 1, 2].map((a) => [
          Math.min(...each.map((b) => b[a] - b[3])),
          Math.max(...each.map((b) => b[a] + b[3])),
        ]);
      });
      for (let s = 0; s < 300; s++) {
        const t = 12 * Math.floor(rng.range(0, n)),
          u = rng.uniform(),
          v = rng.uniform() * (1 - u);
        const p = [0, 1, 2].map((a) => soup[t + a] * (1 - u - v) + soup[t + 4 + a] * u + soup[t + 8 + a] * v);
        assert.ok(
          cells.some((c) => c.every(([lo, hi], a) => p[a] >= lo - 1e-9 && p[a] <= hi + 1e-9)),
          `${p} lies in no cell`,
        );
      }
      for (const c of cells) for (const [lo, hi] of c) assert.ok(lo >= -1 - 0.01 && hi <= 1 + 0.01);
    }
  },
);

test("how far a hull reaches is what the farthest of its balls says, however many", () => {
  const rng = new Rng(4);
  for (const n of [1, 7, 500]) {
    const balls = Float64Array.from({ length: 4 * n }, (_, i) => (i % 4 === 3 ? rng.range(0, 0.1) : rng.range(-1, 1))),
      tree = new SupportTree(balls);
    for (let k = 0; k < 100; k++) {
      const d = [rng.normal(), rng.normal(), rng.normal()],
        l = Math.hypot(...d);
      let want = -Infinity;
      for (let i = 0; i < balls.length; i += 4)
        want = Math.max(want, d[0] * balls[i] + d[1] * balls[i + 1] + d[2] * balls[i + 2] + l * balls[i + 3]);
      assert.ok(Math.abs(tree.support(d[0], d[1], d[2]) - want) < 1e-12);
    }
  }
});

const box = (x: number, y: number, z: number): Float64Array =>
  Float64Array.from([-x, x].flatMap((a) => [-y, y].flatMap((b) => [-z, z].flatMap((c) => [a, b, c, 0]))));

test("the distance told of two boxes is never more than that of any two of their points, and not far below", () => {
  const rng = new Rng(5),
    A = new SupportTree(box(0.1, 0.2, 0.3)),
    B = new SupportTree(box(0.2, 0.1, 0.05));
  const inside = (x: number, s: number): number => Math.max(-s, Math.min(s, x));
  for (let k = 0; k < 200; k++) {
    const pose = transformFromRpy(
      new Float64Array(12),
      0,
      [rng.range(-0.8, 0.8), rng.range(-0.8, 0.8), rng.range(-0.8, 0.8)],
      [rng.range(-3, 3), rng.range(-1, 1), rng.range(-3, 3)],
    );
    // By projection to and fro (von Neumann): each point to the nearest of the other box.
    let least = Infinity;
    const p = Float64Array.of(0, 0, 0),
      q = new Float64Array(3);
    for (let i = 0; i < 3000; i++) {
      const d = [p[0] - pose[3], p[1] - pose[7], p[2] - pose[11]],
        size = [0.2, 0.1, 0.05];
      for (let c = 0; c < 3; c++) q[c] = inside(pose[c] * d[0] + pose[4 + c] * d[1] + pose[8 + c] * d[2], size[c]);
      transformPoint(q, 0, pose, 0, q, 0);
      [0.1, 0.2, 0.3].forEach((s, c) => (p[c] = inside(q[c], s)));
      least = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }
    const told = hullSeparation(A, B, pose, Infinity, Float64Array.of(1, 0, 0));
    assert.ok(told <= least + 1e-6, `${told} told, ${least} apart`);
    assert.ok(told > least - 0.012, `${told} told, ${least} apart`);
    assert.ok(hullSeparation(A, B, pose, 0.05, Float64Array.of(0, 1, 0)) <= least + 1e-6);
    // Where only the class is asked for: below 5 cm, below 10 cm, or not.
    const classed = hullSeparation(A, B, pose, 0.1, new Float64Array(3), 0.05),
      at = [0.05, 0.1].findIndex((d) => classed < d);
    assert.ok(
      classed <= least + 1e-6 && (least < 0.112 || at === -1) && (least < 0.062 || at !== 0),
      `${classed} told of ${least}`,
    );
  }
});

/** Three joints; a finger on the last may or may not reach a post on the first, by the range of the joint between. */
const arm = (reach: number, upper: number): string => `<robot name="t"><link name="base"/>
  <link name="post"><collision><origin xyz="0.3 0 0"/><geometry><box size="0.05 0.05 0.4"/></geometry></collision>\
</link>
  <link name="rod"/><link name="finger"><collision><origin xyz="${reach / 2} 0 0"/><geometry>\
<box size="${reach} 0.02 0.02"/></geometry></collision></link>
  <joint name="a" type="revolute"><parent link="base"/><child link="post"/><axis xyz="0 0 1"/>\
<limit lower="-1" upper="1" velocity="1" effort="1"/></joint>
  <joint name="b" type="revolute"><parent link="post"/><child link="rod"/><axis xyz="0 1 0"/>\
<limit lower="-0.3" upper="0.3" velocity="1" effort="1"/></joint>
  <joint name="c" type="revolute"><parent link="rod"/><child link="finger"/><axis xyz="0 0 1"/>\
<limit lower="0.5" upper="${upper}" velocity="1" effort="1"/></joint></robot>`;

test(
  "pairs are left out by proof where no posture within the limits brings them together, " + "and kept where one does",
  () => {
    const body = (size: readonly [number, number, number], x: number): Pieces =>
      new Pieces([new Cell(box(size[0] / 2, size[1] / 2, size[2] / 2).map((v, i) => (i % 4 === 0 ? v + x : v)))]);
    for (const [reach, upper, apart] of [
      [0.2, 3, true],
      [0.4, 3, true],
      [0.4, 6.2, false],
      [0.2, 6.2, true],
    ] as const) {
      const found = new JointChain(armFromUrdf(parseUrdf(arm(reach, upper)), { tool: "finger" }));
      const post = body([0.05, 0.05, 0.4], 0.3),
        finger = body([reach, 0.02, 0.02], reach / 2);
      assert.equal(neverMeet(found, 1, post, 3, finger, 6000).proven, apart, `reach ${reach}, upper ${upper}`);
      // Not one of many postures contradicts it.
      const rng = new Rng(6);
      let least = Infinity;
      for (let k = 0; k < 3000; k++)
        least = Math.min(
          least,
          hullSeparation(
            post.hull,
            finger.hull,
            found.pose(1, 3, Float64Array.of(rng.range(-0.3, 0.3), rng.range(0.5, upper))),
            Infinity,
            Float64Array.of(1, 0, 0),
          ),
        );
      assert.equal(least > 0.005, apart);
    }
  },
);

test("a plan without links in each other's way tells of none, one with names them and the distance", () => {
  const found = armFromUrdf(parseUrdf(arm(0.4, 6.2)), { tool: "finger", home: [0, 0, 2] });
  assert.equal(tellSelfPair(found, Float64Array.of(0, 0, 2), 0.005), "");
  assert.match(
    tellSelfPair(found, Float64Array.of(0, 0, 2, 0, 0, 6.2), 0.005),
    /^; post\S* and finger\S* come within -\d+\.\d mm of each other, want 5\.0 mm$/,
  );
  assert.match(
    tellSelfPair(found, Float64Array.of(0, 0, 2), 0.005, true),
    /^; post\S* and finger\S* come within \d+\.\d mm of each other, want 5\.0 mm and room for their motion$/,
    "where self-collision forbids a path whose knots have room",
  );
});

test("a mesh lies within its capsules, wherever they were cut, and an elbow is not filled", () => {
  const elbow = [
    [
      [-0.04, -0.04, 0],
      [0.04, 0.04, 0.4],
    ],
    [
      [-0.04, -0.04, 0.32],
      [0.4, 0.04, 0.4],
    ],
  ] as const;
  const hand = [
    [
      [-0.1, -0.02, 0],
      [0.1, 0.02, 0.06],
    ],
    [
      [-0.1, -0.02, 0.06],
      [-0.08, 0.02, 0.16],
    ],
    [
      [0.08, -0.02, 0.06],
      [0.1, 0.02, 0.16],
    ],
  ] as const;
  const joint = (n: number, parent: string, child: string, xyz: string, axis: string): string =>
    `<joint name="j${n}" type="revolute"><parent link="${parent}"/><child link="${child}"/><origin ` +
    `xyz="${xyz}"/><axis xyz="${axis}"/><limit lower="-2.8" upper="2.8" velocity="1" effort="1"/></joint>`;
  const link = (name: string, file: string): string =>
    `<link name="${name}"><collision><geometry><mesh filename="${file}"/></geometry></collision></link>`;
  const text =
    `<robot name="t">${link("base", "hand.obj")}${link("a", "elbow.obj")}${link("b", "elbow.obj")}` +
    `${link("c", "hand.obj")}${joint(1, "base", "a", "0 0 0.08", "0 0 1")}` +
    `${joint(2, "a", "b", "0.4 0 0.36", "1 0 0")}${joint(3, "b", "c", "0.45 0 0.36", "1 0 0")}</robot>`;
  const found = armFromUrdf(parseUrdf(text), { readMesh: (uri) => boxObj(...(uri === "elbow.obj" ? elbow : hand)) }),
    rng = new Rng(7);
  const room = (frame: number, p: readonly number[]): number =>
    Math.min(
      ...found.capsules
        .filter((c) => c.link === frame)
        .map((c) => {
          const d = c.p1.map((x, i) => x - c.p0[i]),
            dd = d.reduce((s, x) => s + x * x, 0),
            u = dd > 0 ? Math.max(0, Math.min(1, d.reduce((s, x, i) => s + x * (p[i] - c.p0[i]), 0) / dd)) : 0;
          return Math.hypot(...p.map((x, i) => x - c.p0[i] - u * d[i])) - c.radius;
        }),
    );
  for (const [frame, boxes] of [
    [0, hand],
    [1, elbow],
    [2, elbow],
    [3, hand],
  ] as const)
    for (const [lo, hi] of boxes)
      for (let k = 0; k < 2000; k++) {
        const p = lo.map((l, c) => rng.range(l, hi[c])),
          face = Math.floor(rng.range(0, 6));
        p[face >> 1] = (face & 1 ? hi : lo)[face >> 1];
        assert.ok(room(frame, p) <= 1e-9, `${found.linkNames[frame]} sticks out at ${p} by ${room(frame, p)} m`);
      }
  for (const frame of [1, 2]) assert.ok(room(frame, [0.28, 0, 0.12]) > 0.04, "the elbow's hollow is free");
});
