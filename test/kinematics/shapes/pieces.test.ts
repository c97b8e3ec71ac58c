import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import { transformFromRpy } from "../../../src/core/geometry/transformFromRpy.js";
import { transformPoint } from "../../../src/core/geometry/transformPoint.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { Cell } from "../../../src/kinematics/shapes/Cell.js";
import { hullSeparation } from "../../../src/kinematics/shapes/hullSeparation.js";
import { JointChain } from "../../../src/kinematics/JointChain.js";
import { neverMeet } from "../../../src/kinematics/pairs/neverMeet.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { Pieces, piecesApart } from "../../../src/kinematics/shapes/Pieces.js";

type Box = readonly [readonly [number, number, number], readonly [number, number, number]];
/** A fork of three boxes, open above; what fits between its prongs lies in its hull. */
const FORK: readonly Box[] = [
  [
    [-0.2, -0.02, 0],
    [0.2, 0.02, 0.04],
  ],
  [
    [-0.2, -0.02, 0],
    [-0.16, 0.02, 0.3],
  ],
  [
    [0.16, -0.02, 0],
    [0.2, 0.02, 0.3],
  ],
];
const BALL: readonly Box[] = [
  [
    [-0.05, -0.05, -0.05],
    [0.05, 0.05, 0.05],
  ],
];
/** Boxes in cells of 4 cm, as a mesh comes in cells of a grid. */
const body = (boxes: readonly Box[]): Pieces =>
  new Pieces(
    boxes.flatMap(([lo, hi]) => {
      const n = lo.map((l, c) => Math.max(1, Math.round((hi[c] - l) / 0.04))),
        at = (c: number, k: number): number => lo[c] + ((hi[c] - lo[c]) * k) / n[c];
      return Array.from({ length: n[0] * n[1] * n[2] }, (_, i) => {
        const k = [i % n[0], Math.floor(i / n[0]) % n[1], Math.floor(i / n[0] / n[1])];
        return new Cell(
          Float64Array.from(
            [0, 1].flatMap((x) =>
              [0, 1].flatMap((y) => [0, 1].flatMap((z) => [at(0, k[0] + x), at(1, k[1] + y), at(2, k[2] + z), 0])),
            ),
          ),
        );
      });
    }),
  );
const distance = (p: ArrayLike<number>, boxes: readonly Box[]): number =>
  Math.min(...boxes.map(([lo, hi]) => Math.hypot(...[0, 1, 2].map((c) => Math.max(lo[c] - p[c], 0, p[c] - hi[c])))));

test(
  "pieces are apart where no point of the one's boxes is near the other's, " +
    "also within its hull, and not where one is within",
  () => {
    const rng = new Rng(3),
      fork = body(FORK),
      cube = body(BALL);
    let apart = 0,
      within = 0,
      near = 0;
    for (let k = 0; k < 400; k++) {
      const pose = transformFromRpy(
        new Float64Array(12),
        0,
        [rng.range(-0.3, 0.3), rng.range(-0.15, 0.15), rng.range(-0.1, 0.5)],
        [rng.range(-3, 3), rng.range(-1, 1), rng.range(-3, 3)],
      );
      let least = Infinity;
      for (let s = 0; s < 600; s++) {
        const p = new Float64Array(3),
          face = s % 6;
        for (let c = 0; c < 3; c++)
          if (face >> 1 === c) p[c] = face & 1 ? 0.05 : -0.05;
          else p[c] = rng.range(-0.05, 0.05);
        least = Math.min(least, distance(transformPoint(p, 0, pose, 0, p, 0), FORK));
      }
      const told = piecesApart(fork, cube, pose, 0.01);
      if (told) {
        apart++;
        assert.ok(least >= 0.01 - 1e-6, `told 1 cm apart, and ${least} m at ${pose}`);
        if (hullSeparation(fork.hull, cube.hull, pose, 0.01, Float64Array.of(1, 0, 0)) < 0.01) within++;
      } else {
        near++;
        // points are sampled, and a separation may be told some mm too small
        assert.ok(least < 0.025, `not told apart, and ${least} m`);
      }
    }
    assert.ok(apart > 100 && within > 10 && near > 50, `${apart}, of them ${within} in the hull, ${near}`);
  },
);

test(
  "what turns between a fork's prongs is proven never to meet it, " +
    "though their hulls always do; what reaches the prongs is not",
  () => {
    const text =
      `<robot name="t"><link name="fork"/><link name="hub"/><link ` +
      `name="tip"/>` +
      `${["fork hub", "hub tip"]
        .map(
          (pair, i) =>
            `<joint name="j${i}" type="revolute"><parent link="${pair.split(" ")[0]}"/>\
<child link="${pair.split(" ")[1]}"/><origin xyz="0 0 ${i === 0 ? 0.2 : 0}"/><axis xyz="${i} ${1 - i} 0"/>\
<limit lower="-3" upper="3" velocity="1" effort="1"/></joint>`,
        )
        .join("")}` +
      "</robot>";
    const chain = new JointChain(armFromUrdf(parseUrdf(text)));
    for (const [half, proven] of [
      [0.05, true],
      [0.11, false],
    ] as const) {
      const cube = body([
        [
          [-half, -half, -half],
          [half, half, half],
        ],
      ]);
      assert.equal(neverMeet(chain, 0, body(FORK), 2, cube, 6000).proven, proven, `a cube of ${2 * half} m`);
    }
  },
);
