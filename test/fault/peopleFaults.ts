import { rotate } from "../../src/config/orientation.js";
import { loadSceneConfig, type SceneConfig } from "../../src/config/index.js";
import type { Body } from "../../src/core/Body.js";
import type { Quat } from "../../src/core/geometry/Shape.js";
import type { Rng } from "../../src/core/math/Rng.js";
import { Frames, pointFrom } from "../../src/adapters/ros/agent/Frames.js";
import type { FaultCase } from "./FaultCase.js";
import { bodies, pass, type Change } from "./worldFaults.js";

type Parts = (parts: readonly Body[], rng: Rng, t: number) => readonly Body[];
const told =
  (change: Parts): Change =>
  (m, t, rng) =>
    pass({ ...m, bodies: change(m.bodies, rng, t) }, t);

const HAND = "hand"; // of the person with this id, the first part lies where the arm wants to go
const person = loadSceneConfig("person");

/**
 * A person of three parts under one id whose forearm, set upright on the table, rests where the arm wants to go, for
 * ever.
 */
const resting: SceneConfig = {
  ...person,
  bodies: [
    {
      id: HAND,
      kind: "person",
      speed_bound: 1.6,
      path: [],
      capsules: [
        { p0: [0.29, 0.17, 0.05], p1: [0.29, 0.17, 0.75], radius: 0.05 },
        { p0: [0.55, 1.05, -0.1], p1: [0.55, 1.05, 0.4], radius: 0.16 },
        { p0: [0.55, 1.03, 0.7], p1: [0.55, 1.03, 0.76], radius: 0.1 },
      ],
    },
  ],
};
/** One whose hand comes at 1.2 m/s at 0.6 s, and is gone again at 4 s. */
const quick: SceneConfig = {
  ...person,
  bodies: person.bodies.map((b) =>
    b.path.length === 0 ? b : { ...b, path: [0.6, 0.85, 3, 4].map((at, i) => ({ at, move: b.path[i].move })) },
  ),
};

const shuffled = <T>(items: readonly T[], rng: Rng): T[] =>
  items
    .map((x) => [rng.uniform(), x] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, x]) => x);
const isHand = (b: Body): boolean => b.id === HAND && b.radius === 0.05;

const camera = { position: [1.4, -0.85, 0.95], orientation: [0.5, 0.5, -0.5, 0.5] } as const;
const frames = new Frames("base_link", { camera });
const back = ([x, y, z, w]: Quat): Quat => [-x, -y, -z, w];

/**
 * Places as a camera has them, told in a frame of some name, and what comes in of that: nothing where the frame is
 * refused.
 */
const seenFrom =
  (frameId: string): Change =>
  (m, t) => {
    const inCamera = (p: Body["p0"]): Body["p0"] =>
      rotate(back(camera.orientation), p.map((x, i) => x - camera.position[i]) as unknown as Body["p0"]);
    try {
      const frame = frames.of(frameId);
      return pass(
        {
          ...m,
          bodies: m.bodies.map((b) => ({
            ...b,
            p0: pointFrom(frame, inCamera(b.p0)),
            p1: pointFrom(frame, inCamera(b.p1)),
          })),
        },
        t,
      );
    } catch {
      return [];
    }
  };
const stays = { scene: resting, expect: "stops", lasts: undefined, latency: 2 } as const;

export const peopleFaults: readonly FaultCase[] = [
  bodies(
    "parts: a resting hand hidden, the others told of in any order",
    () =>
      told((parts, rng) =>
        shuffled(
          parts.filter((b) => !isHand(b)),
          rng,
        ),
      ),
    stays,
  ),
  bodies("parts: a resting hand hidden for 13 s", () => told((parts) => parts.filter((b) => !isHand(b))), {
    ...stays,
    watch: 13,
  }),
  bodies("parts: a resting hand behind, nobody told of for 13 s", () => told(() => []), { ...stays, watch: 13 }),
  bodies("parts: some of them hidden, others at every message, in any order", () =>
    told((parts, rng) => shuffled(parts, rng).slice(0, rng.bits() % (parts.length + 1))),
  ),
  bodies("parts: one at a time, in turn", () => {
    let n = 0;
    return told((parts) => [parts[n++ % parts.length]]);
  }),
  bodies(
    "ids new at every message, the hand among them",
    () => {
      let n = 0;
      return told((parts) => parts.map((b, i) => ({ ...b, id: `${n++} ${i}` })));
    },
    stays,
  ),
  bodies(
    "ids new at every message, the hand hidden",
    () => {
      let n = 0;
      return told((parts) => parts.filter((b) => !isHand(b)).map((b) => ({ ...b, id: `${n++}` })));
    },
    stays,
  ),
  bodies(
    "256 new ids at every message",
    () => {
      let n = 0;
      return told((parts, rng) => [
        ...parts,
        ...Array.from({ length: 256 - parts.length }, () => ({
          ...parts[0],
          id: `${n++}`,
          p0: [rng.range(1, 3), rng.range(1, 3), 0] as const,
          p1: [rng.range(1, 3), rng.range(1, 3), 1] as const,
        })),
      ]);
    },
    stays,
  ),
  bodies(
    "a speed_bound of 0, as ROS has it where nobody sets it",
    () => told((parts) => parts.map((b) => ({ ...b, speedBound: 0 }))),
    { scene: quick, lasts: 30 },
  ),
  bodies("told in a camera's frame that is declared", () => seenFrom("camera"), { lasts: 30 }),
  bodies("told in a frame that nobody knows", () => seenFrom("odom")),
];
