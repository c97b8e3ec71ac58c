import { capsuleDistance } from "../../core/geometry/capsuleDistance.js";
import { Rng } from "../../core/math/Rng.js";
import type { Arm, Passage } from "../Arm.js";
import { Kinematics } from "../Kinematics.js";
import { MARGIN } from "./neverMeet.js";

const SAMPLES = 48; // postures that should be connected to home
const WAYPOINTS = 400; // more postures for the roadmap
const LOOKS = 30_000; // checked postures in all: some tenths of a second
const NEIGHBOURS = 12;
const STEPS = 40; // of a joint's whole range

/**
 * Whether home is connected to sampled postures without self-collision: a probabilistic roadmap (Kavraki et al. 1996)
 * of straight lines between these and more samples, each joined to its nearest, on which the capsules that are kept
 * apart stay 5 mm from each other. The search is bounded, so a posture that is not connected may still be reached by a
 * narrower passage; `parting` is then the pair of capsules that blocked most of the missing lines.
 */
export function passage(arm: Arm): Passage {
  const {
      nq,
      limits: { lo, hi },
      capsules,
      selfPairs,
    } = arm,
    nc = capsules.length,
    P = selfPairs.length / 2;
  const kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * nc),
    rng = new Rng(13),
    q = new Float64Array(nq);
  let looks = 0;
  /** The pair that is too near in q, −1 if there is none. */
  const broken = (): number => {
    looks++;
    kinematics.forward(q, 0);
    kinematics.writeCapsules(ends, 0);
    for (let p = 0; p < P; p++) {
      const a = selfPairs[2 * p],
        b = selfPairs[2 * p + 1];
      if (capsuleDistance(ends, 6 * a, capsules[a].radius, ends, 6 * b, capsules[b].radius) < MARGIN) return p;
    }
    return -1;
  };
  const nodes: Float64Array[] = [Float64Array.from(arm.home)],
    root: number[] = [0]; // union-find
  const find = (i: number): number => (root[i] === i ? i : (root[i] = find(root[i])));
  const apart = (a: Float64Array, b: Float64Array): number =>
    a.reduce((most, x, j) => Math.max(most, Math.abs(x - b[j]) / (hi[j] - lo[j] || 1)), 0);
  const breaks: { readonly a: number; readonly b: number; readonly pair: number }[] = [];
  const line = (a: Float64Array, b: Float64Array): number => {
    const n = Math.max(1, Math.ceil(apart(a, b) * STEPS));
    for (let stride = 1 << Math.ceil(Math.log2(n)); stride > 1; stride >>= 1)
      // the middle first, then the quarters
      for (let k = stride >> 1; k < n; k += stride) {
        for (let j = 0; j < nq; j++) q[j] = a[j] + ((b[j] - a[j]) * k) / n;
        const pair = broken();
        if (pair >= 0) return pair;
      }
    return -1;
  };
  const join = (i: number): void => {
    const near = nodes
      .slice(0, i)
      .map((_, k) => ({ k, d: apart(nodes[k], nodes[i]) }))
      .sort((x, y) => x.d - y.d);
    for (const { k } of [...near.slice(0, NEIGHBOURS), ...(i < SAMPLES ? near.filter((n) => n.k === 0) : [])]) {
      if (find(k) === find(i) || looks > LOOKS) continue;
      const pair = line(nodes[i], nodes[k]);
      if (pair < 0) root[find(i)] = find(k);
      else breaks.push({ a: i, b: k, pair });
    }
  };
  q.set(arm.home);
  const home = broken();
  const draw = (): boolean => {
    for (let tries = 0; tries < 200 && looks <= LOOKS; tries++) {
      for (let j = 0; j < nq; j++) q[j] = rng.range(lo[j], hi[j]);
      if (broken() >= 0) continue;
      root.push(nodes.push(q.slice()) - 1);
      return true;
    }
    return false;
  };
  while (nodes.length <= SAMPLES && draw()) if (home < 0) join(nodes.length - 1);
  const sampled = nodes.length - 1,
    joined = (): number => root.filter((_, i) => i > 0 && i <= sampled && find(i) === find(0)).length;
  while (home < 0 && joined() < sampled && nodes.length < WAYPOINTS && draw()) join(nodes.length - 1);
  if (joined() === sampled) return { sampled, joined: sampled };
  const counts = new Map<number, number>();
  for (const { a, b, pair } of breaks)
    if ((find(a) === find(0)) !== (find(b) === find(0))) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  const worst = home >= 0 ? home : [...counts].sort((x, y) => y[1] - x[1])[0]?.[0];
  return {
    sampled,
    joined: joined(),
    ...(worst !== undefined && {
      parting: [capsules[selfPairs[2 * worst]].name, capsules[selfPairs[2 * worst + 1]].name] as const,
    }),
  };
}
