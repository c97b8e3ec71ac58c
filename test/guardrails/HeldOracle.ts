import type { Held } from "../../src/core/Held.js";
import type { Quat, Shape, Vec3 } from "../../src/core/geometry/Shape.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { OracleGeometry } from "./OracleGeometry.js";

interface Ball {
  readonly p: Vec3; // m, in the thing's frame
  readonly r: number;
}

/**
 * The checker's own thing in the hand: balls all over its parts, each a capsule of the last link, which
 * `OracleGeometry` carries with the hand by its 4×4 matrices. It shares no code with `armHolding`.
 */
export class HeldOracle {
  readonly arm: Arm; // the arm alone, with the balls behind its own capsules
  readonly geometry: OracleGeometry;
  readonly balls: readonly number[]; // indices of capsules

  /** @param astray m, by which the thing is elsewhere than thought, in the tool frame */
  constructor(arm: Arm, held: Held, rng: Rng, count = 40, astray: Vec3 = [0, 0, 0]) {
    const balls = held.parts.flatMap((part) => ballsOf(part, rng, count));
    this.arm = {
      ...arm,
      capsules: [
        ...arm.capsules,
        ...balls.map(({ p, r }, i) => {
          const t = rows(held.pose, p);
          const x = rows(arm.toolOffset, [t[0] + astray[0], t[1] + astray[1], t[2] + astray[2]]);
          return { name: `ball ${i}`, link: arm.nq, p0: x, p1: x, radius: r };
        }),
      ],
    };
    this.geometry = new OracleGeometry(this.arm);
    this.balls = balls.map((_, i) => arm.capsules.length + i);
  }
}

const rows = (T: Float64Array, [x, y, z]: Vec3): Vec3 => [
  T[0] * x + T[1] * y + T[2] * z + T[3],
  T[4] * x + T[5] * y + T[6] * z + T[7],
  T[8] * x + T[9] * y + T[10] * z + T[11],
];

/** v + 2w(u × v) + 2u × (u × v) */
export function turned([i, j, k, w]: Quat, v: Vec3): Vec3 {
  const cross = (a: Vec3, b: Vec3): Vec3 => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const a = cross([i, j, k], v),
    b = cross([i, j, k], a);
  return [v[0] + 2 * (w * a[0] + b[0]), v[1] + 2 * (w * a[1] + b[1]), v[2] + 2 * (w * a[2] + b[2])];
}

/** All corners of a box and points within; points of a capsule's axis. */
function ballsOf(part: Shape, rng: Rng, count: number): Ball[] {
  if (part.kind === "halfSpace") throw new Error("no thing is a half-space");
  if (part.kind === "capsule")
    return Array.from({ length: count }, (_, i) => {
      const s = i < 2 ? i : rng.uniform();
      return { p: part.p0.map((x, e) => x + s * (part.p1[e] - x)) as unknown as Vec3, r: part.radius };
    });
  const size = Math.hypot(...part.orientation),
    turn = part.orientation.map((x) => x / size) as unknown as Quat;
  return Array.from({ length: 8 + count }, (_, i) => {
    const u = part.size.map((edge, e) => edge * (i < 8 ? ((i >> e) & 1) - 0.5 : rng.range(-0.5, 0.5)));
    const v = turned(turn, u as unknown as Vec3);
    return { p: v.map((x, e) => x + part.center[e]) as unknown as Vec3, r: 0 };
  });
}

const unit = (rng: Rng): Quat => {
  const q = [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
    size = Math.hypot(...q);
  return q.map((x) => x / size) as unknown as Quat;
};

/** A pose [12] by a quaternion and a place. */
export function poseOf(turn: Quat, at: Vec3): Float64Array {
  const x = turned(turn, [1, 0, 0]),
    y = turned(turn, [0, 1, 0]),
    z = turned(turn, [0, 0, 1]);
  return Float64Array.from([0, 1, 2].flatMap((e) => [x[e], y[e], z[e], at[e]]));
}

const box = (size: Vec3, center: Vec3 = [0, 0, 0], orientation: Quat = [0, 0, 0, 1]): Shape => ({
  kind: "box",
  size,
  center,
  orientation,
});

/** Walls and a floor. */
export const cup = (radius: number, height: number): readonly Shape[] => [
  box([2 * radius, 2 * radius, 0.004], [0, 0, -height / 2 + 0.002]),
  ...Array.from({ length: 8 }, (_, i): Shape => {
    const a = (i * Math.PI) / 4;
    return box(
      [0.004, 2 * radius * Math.tan(Math.PI / 8), height],
      [radius * Math.cos(a), radius * Math.sin(a), 0],
      [0, 0, Math.sin(a / 2), Math.cos(a / 2)],
    );
  }),
];

/** Things of all forms, in any place in the hand. */
export const things: Record<string, (rng: Rng) => Held> = Object.fromEntries(
  Object.entries({
    block: () => [box([0.04, 0.04, 0.04])],
    plate: (rng: Rng) => [box([rng.range(0.05, 0.3), rng.range(0.05, 0.2), 0.01], [0, 0, 0], unit(rng))],
    ball: () => [{ kind: "capsule" as const, p0: [0, 0, 0] as const, p1: [0, 0, 0] as const, radius: 0.03 }],
    rod: () => [{ kind: "capsule" as const, p0: [0, 0, -0.1] as const, p1: [0, 0, 0.1] as const, radius: 0.015 }],
    cup: () => cup(0.04, 0.1),
    hammer: () => [box([0.03, 0.03, 0.2]), box([0.03, 0.12, 0.03], [0, 0, 0.1])],
  } satisfies Record<string, (rng: Rng) => readonly Shape[]>).map(([id, parts]) => [
    id,
    (rng: Rng): Held => ({
      id,
      parts: parts(rng),
      pose: poseOf(unit(rng), [rng.range(-0.03, 0.03), rng.range(-0.03, 0.03), rng.range(-0.02, 0.05)]),
      mass: 0.3,
      positionStd: rng.bits() % 2 === 0 ? 0 : 0.003,
    }),
  ]),
);
