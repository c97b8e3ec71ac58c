import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../src/core/math/Rng.js";
import type { Arm } from "../../../src/kinematics/Arm.js";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { boxObj } from "../boxObj.js";

type V = readonly [number, number, number];
type Box = readonly [V, V];
const ARMS = 6,
  JOINTS = 4,
  POSTURES = 500,
  POINTS = 60;
const LIMIT = [2.9, 1.2, 2.2, 2.9]; // rad

const axes: readonly V[] = [
  [0, 0, 1],
  [0, 1, 0],
  [1, 0, 0],
];
const plus = (a: V, b: V): V => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const minus = (a: V, b: V): V => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: V, b: V): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: V, s: number): V => [a[0] * s, a[1] * s, a[2] * s];
const cross = (a: V, b: V): V => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** Rodrigues' turn of p about a unit axis. */
const turned = (p: V, k: V, q: number): V =>
  plus(plus(scaled(p, Math.cos(q)), scaled(cross(k, p), Math.sin(q))), scaled(k, dot(k, p) * (1 - Math.cos(q))));
const within = (p: V, boxes: readonly Box[]): boolean =>
  boxes.some(([lo, hi]) => p.every((x, c) => x > lo[c] && x < hi[c]));

/**
 * Links of two boxes each in the shape of an L, a hook or a post, as one mesh a link; the joints turn about x, y or z.
 */
function drawn(rng: Rng): { text: string; boxes: Box[][]; origins: V[]; turns: V[] } {
  const boxes = Array.from({ length: JOINTS + 1 }, (): Box[] => {
    const r = rng.range(0.03, 0.05),
      l = rng.range(0.15, 0.35),
      out = rng.range(0.05, 0.25),
      s = rng.uniform() < 0.5 ? -1 : 1;
    return [
      [
        [-r, -r, 0],
        [r, r, l],
      ],
      [
        [s < 0 ? -out : -r, -r, l - 2 * r],
        [s < 0 ? r : out, r, l],
      ],
    ];
  });
  const origins = boxes.slice(0, JOINTS).map(([[, [, y, z]]]): V => [0, rng.uniform() < 0.5 ? 2.3 * y : 0, z + 0.01]);
  const turns = origins.map(() => axes[Math.floor(rng.range(0, 3))]);
  const link = (n: number): string =>
    `<link name="l${n}"><collision><geometry><mesh filename="l${n}.obj"/></geometry></collision></link>`;
  const joint = (n: number): string =>
    `<joint name="j${n}" type="revolute"><parent link="l${n}"/><child link="l${n + 1}"/><origin ` +
    `xyz="${origins[n].join(" ")}"/><axis xyz="${turns[n].join(" ")}"/><limit lower="${-LIMIT[n]}" ` +
    `upper="${LIMIT[n]}" velocity="1" effort="1"/></joint>`;
  return {
    text: `<robot name="t">${boxes.map((_, n) => link(n)).join("")}${origins.map((_, n) => joint(n)).join("")}</robot>`,
    boxes,
    origins,
    turns,
  };
}

/**
 * Frames two by two of which some capsules overlap that must stay apart; `at` and `out` take a point of a frame to the
 * base's.
 */
function overlapping(arm: Arm, out: (frame: number, p: V) => V): Set<string> {
  const ends = arm.capsules.map((c) => [out(c.link, c.p0 as V), out(c.link, c.p1 as V)] as const),
    found = new Set<string>();
  for (let p = 0; p < arm.selfPairs.length; p += 2) {
    const [i, k] = arm.selfPairs.subarray(p, p + 2),
      reach = arm.capsules[i].radius + arm.capsules[k].radius;
    // Segment to segment by looking: to and fro between the nearest points, from both ends.
    let least = Infinity;
    for (const start of ends[i]) {
      let a: V = start,
        b: V = ends[k][0];
      for (let n = 0; n < 60; n++) ((b = nearest(a, ends[k])), (a = nearest(b, ends[i])));
      least = Math.min(least, Math.hypot(...minus(a, b)));
    }
    if (least <= reach + 1e-9) found.add([arm.capsules[i].link, arm.capsules[k].link].sort().join());
  }
  return found;
}

function nearest(p: V, [a, b]: readonly [V, V]): V {
  const d = minus(b, a),
    dd = dot(d, d);
  return plus(a, scaled(d, dd > 0 ? Math.max(0, Math.min(1, dot(minus(p, a), d) / dd)) : 0));
}

test(
  "where a point of one link's mesh lies in another link, " +
    "capsules of the two that are kept apart overlap, or it was told that they are not",
  () => {
    let met = 0,
      proven = 0;
    for (let seed = 0; seed < ARMS; seed++) {
      const rng = new Rng(seed),
        { text, boxes, origins, turns } = drawn(rng);
      const arm = armFromUrdf(parseUrdf(text), { readMesh: (uri) => boxObj(...boxes[Number(/\d+/.exec(uri)![0])]) });
      proven += arm.excludedPairs!.filter((p) => p.why === "proven never to meet").length;
      const frame = (name: string): number => Number(/^l(\d)/.exec(name)![1]);
      const told = new Set(
        arm.excludedPairs!.filter((p) => p.unproven).map(({ a, b }) => [frame(a), frame(b)].sort().join()),
      );
      for (let k = 0; k < POSTURES; k++) {
        const q = LIMIT.map((x) => rng.range(-x, x));
        const out = (f: number, p: V): V =>
          f === 0 ? p : out(f - 1, plus(origins[f - 1], turned(p, turns[f - 1], q[f - 1])));
        const back = (f: number, p: V): V =>
          f === 0 ? p : turned(minus(back(f - 1, p), origins[f - 1]), turns[f - 1], -q[f - 1]);
        let overlap: Set<string> | undefined;
        for (let a = 0; a <= JOINTS; a++)
          for (let n = 0; n < POINTS; n++) {
            const [lo, hi] = boxes[a][n & 1],
              p = lo.map((x, c) => rng.range(x, hi[c])),
              face = Math.floor(rng.range(0, 6));
            p[face >> 1] = (face & 1 ? hi : lo)[face >> 1];
            const at = out(a, p as unknown as V);
            for (let b = 0; b <= JOINTS; b++) {
              if (Math.abs(a - b) < 2 || !within(back(b, at), boxes[b])) continue;
              met++;
              const pair = [a, b].sort().join();
              assert.ok(
                told.has(pair) || (overlap ??= overlapping(arm, out)).has(pair),
                `arm ${seed}: links ${pair} meet at ${at} in ${q}, and no capsules of them that are kept apart overlap`,
              );
            }
          }
      }
    }
    assert.ok(met > 1000 && proven > 5, `${met} meetings, ${proven} proofs`);
  },
);
