import assert from "node:assert/strict";
import { test } from "node:test";
import { rotate } from "../../../../src/config/orientation.js";
import { Rng } from "../../../../src/core/math/Rng.js";
import type { Quat, Vec3 } from "../../../../src/core/geometry/Shape.js";
import { decodeTransforms } from "../../../../src/adapters/ros/cdr/TFMessage.js";
import { directionFrom, Frames, pointFrom, turnFrom } from "../../../../src/adapters/ros/agent/Frames.js";
import { fixedFrames } from "../../../../src/kinematics/urdf/fixedFrames.js";
import { parseUrdf } from "../../../../src/kinematics/index.js";
import { tfBytes, type Told } from "../tfBytes.js";

const close = (a: ArrayLike<number>, b: ArrayLike<number>, what: string): void =>
  Array.from(a).forEach((x, i) =>
    assert.ok(Math.abs(x - b[i]) < 1e-9, `${what}: ${Array.from(a)} want ${Array.from(b)}`),
  );
const turn = (rng: Rng): Quat => {
  const q = [rng.normal(), rng.normal(), rng.normal(), rng.normal()],
    n = Math.hypot(...q);
  return q.map((x) => x / n) as unknown as Quat;
};
const place = (rng: Rng): Vec3 => [rng.range(-2, 2), rng.range(-2, 2), rng.range(-2, 2)];
const unturned = ([x, y, z, w]: Quat): Quat => [-x, -y, -z, w];

test(
  "points, orientations and directions of a frame come out in the base, " +
    "over chains of static transforms in both directions, told in any order (oracle: quaternions)",
  () => {
    const rng = new Rng(3);
    for (let run = 0; run < 200; run++) {
      // base ─up→ world ─down→ rail ─down→ camera: base is a child of world
      const of = {
        base: [place(rng), turn(rng)],
        rail: [place(rng), turn(rng)],
        camera: [place(rng), turn(rng)],
      } as const;
      const told: Told[] = [
        ["world", "base"],
        ["world", "rail"],
        ["rail", "camera"],
      ].map(([parent, child]) => ({
        parent: run % 2 ? `/${parent}` : parent,
        child,
        position: of[child as "base"][0],
        orientation: of[child as "base"][1],
      }));
      told.sort(() => rng.uniform() - 0.5);
      const frames = new Frames("base");
      for (const t of told) frames.learn(decodeTransforms(tfBytes([t])));
      const p = place(rng),
        up = (x: Vec3, [t, q]: readonly [Vec3, Quat]): Vec3 => rotate(q, x).map((y, i) => y + t[i]) as unknown as Vec3;
      const inWorld = up(up(p, of.camera), of.rail);
      const want = rotate(unturned(of.base[1]), inWorld.map((x, i) => x - of.base[0][i]) as unknown as Vec3);
      close(pointFrom(frames.of("camera"), p), want, "point");
      close(pointFrom(frames.of("/camera"), p), want, "with a slash");
      const d = rotate(unturned(of.base[1]), rotate(of.rail[1], rotate(of.camera[1], p)));
      close(directionFrom(frames.of("camera"), p), d, "direction");
      const q = turn(rng);
      close(
        rotate(turnFrom(frames.of("camera"), q), p),
        rotate(unturned(of.base[1]), rotate(of.rail[1], rotate(of.camera[1], rotate(q, p)))),
        "orientation",
      );
    }
  },
);

test("the base and an empty frame_id are the base; what nobody told of is refused by name, with what is known", () => {
  const frames = new Frames("base_link", { camera: { position: [1, 0, 0], orientation: [0, 0, 0, 1] } });
  for (const name of ["", "base_link", "/base_link"])
    assert.deepEqual(pointFrom(frames.of(name), [1, 2, 3]), [1, 2, 3]);
  assert.throws(() => frames.of("odom"), /'odom'.*base_link, camera.*perception\.frames/);
});

test("what is declared stands against what is told; loops, NaN and what is no rotation are no frames", () => {
  const frames = new Frames("base", { camera: { position: [1, 0, 0], orientation: [0, 0, 0, 1] } });
  const told = (parent: string, child: string, position = [0, 0, 5], orientation = [0, 0, 0, 1]): Told => ({
    parent,
    child,
    position,
    orientation,
  });
  frames.learn(
    decodeTransforms(
      tfBytes([
        told("base", "camera"),
        told("b", "a"),
        told("a", "b"),
        told("base", "nan", [NaN, 0, 0]),
        told("base", "none", [0, 0, 0], [0, 0, 0, 0]),
        told("camera", "lens"),
      ]),
    ),
  );
  close(pointFrom(frames.of("camera"), [0, 0, 0]), [1, 0, 0], "declared");
  close(pointFrom(frames.of("lens"), [0, 0, 0]), [1, 0, 5], "told in what is declared");
  for (const name of ["a", "b", "nan", "none"]) assert.throws(() => frames.of(name), RangeError);
});

test("a URDF's links that are fixed to the base are known, above it and below; those that move are not", () => {
  const joint = (name: string, type: string, parent: string, child: string, xyz: string): string =>
    `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/><origin xyz="${xyz}" ` +
    `rpy="0 0 1.5707963267948966"/><axis xyz="0 0 1"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint>`;
  const urdf = parseUrdf(
    `<robot name="r">${["world", "base", "mount", "arm"].map((l) => `<link name="${l}"/>`).join("")}` +
      `${joint("a", "fixed", "world", "base", "1 2 3")}${joint("b", "fixed", "base", "mount", "0 0 1")}` +
      `${joint("c", "revolute", "base", "arm", "0 0 1")}</robot>`,
  );
  const frames = new Frames("base", fixedFrames(urdf, "base"));
  close(pointFrom(frames.of("world"), [1, 2, 3]), [0, 0, 0], "above");
  close(pointFrom(frames.of("world"), [0, 2, 3]), [0, 1, 0], "turned");
  close(pointFrom(frames.of("mount"), [1, 0, 0]), [0, 1, 1], "below");
  assert.throws(() => frames.of("arm"), RangeError);
});
