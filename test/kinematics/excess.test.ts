import assert from "node:assert/strict";
import { test } from "node:test";
import { coverNotices } from "../../src/agent/robot/coverNotices.js";
import type { RobotConfig } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Arm } from "../../src/kinematics/Arm.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";

type V = readonly [number, number, number];
const BOUND = 3.5; // that a user is told of
const TURN = 0.4; // rad about x, that the shape is turned by in its link

const arm = (geometry: string): Arm =>
  armFromUrdf(
    parseUrdf(`<robot name="t"><link name="base"><collision><geometry><sphere radius="0.05"/></geometry></collision>\
</link><link name="plate"><collision><origin rpy="${TURN} 0 0"/><geometry>${geometry}</geometry></collision></link>
  <joint name="j" type="revolute"><parent link="base"/><child link="plate"/><origin xyz="0 0 0.6"/>\
<axis xyz="0 0 1"/><limit lower="-1" upper="1" velocity="1" effort="1"/></joint></robot>`),
  );
const told = (found: Arm): string[] => coverNotices({ arm: found, robot: {} as RobotConfig }).map((n) => n.text);

/** m a point is out of a frame's capsules. */
function out({ capsules }: Arm, link: number, p: V): number {
  return Math.min(
    ...capsules
      .filter((c) => c.link === link)
      .map(({ p0, p1, radius }) => {
        const d = p1.map((x, c) => x - p0[c]),
          dd = d.reduce((s, x) => s + x * x, 0),
          u = dd > 0 ? Math.max(0, Math.min(1, d.reduce((s, x, c) => s + x * (p[c] - p0[c]), 0) / dd)) : 0;
        return Math.hypot(...p.map((x, c) => x - p0[c] - u * d[c])) - radius;
      }),
  );
}

test(
  "boxes and cylinders lie within their capsules; how much more these hold is what points drawn by chance say, " +
    "and is told by link and number where it is more than 3.5",
  () => {
    const rng = new Rng(9),
      turned = ([x, y, z]: V): V => [
        x,
        y * Math.cos(TURN) - z * Math.sin(TURN),
        y * Math.sin(TURN) + z * Math.cos(TURN),
      ];
    let bulky = 0;
    for (const [kind, x, y, z] of [
      ["box", 0.5, 0.5, 0.012],
      ["box", 0.3, 0.2, 0.06],
      ["box", 0.05, 0.06, 0.4],
      ["cylinder", 0.03, 0.03, 0.4],
      ["cylinder", 0.15, 0.15, 0.03],
    ] as const) {
      const found = arm(kind === "box" ? `<box size="${x} ${y} ${z}"/>` : `<cylinder radius="${x}" length="${z}"/>`),
        about = `${kind} ${x} ${y} ${z}, ${found.capsules.length} capsules`;
      const within = (): V => {
        if (kind === "box") return [rng.range(-x / 2, x / 2), rng.range(-y / 2, y / 2), rng.range(-z / 2, z / 2)];
        const r = x * Math.sqrt(rng.uniform()),
          a = rng.range(-Math.PI, Math.PI);
        return [r * Math.cos(a), r * Math.sin(a), rng.range(-z / 2, z / 2)];
      };
      for (let k = 0; k < 3000; k++) {
        const p = [...within()] as [number, number, number],
          c = k % 3,
          face = k & 1 ? 1 : -1;
        if (kind === "box") p[c] = (face * [x, y, z][c]) / 2;
        else if (c === 2) p[2] = (face * z) / 2;
        else [p[0], p[1]] = [(p[0] * x) / Math.hypot(p[0], p[1]), (p[1] * x) / Math.hypot(p[0], p[1])];
        assert.ok(out(found, 1, turned(p)) <= 1e-9, `${about}: sticks out at ${p}`);
      }
      const own = kind === "box" ? x * y * z : Math.PI * x * x * z,
        all = 60_000,
        of = found.capsules.filter((c) => c.link === 1);
      const lo = [0, 1, 2].map((c) => Math.min(...of.map(({ p0, p1, radius }) => Math.min(p0[c], p1[c]) - radius))),
        hi = [0, 1, 2].map((c) => Math.max(...of.map(({ p0, p1, radius }) => Math.max(p0[c], p1[c]) + radius)));
      let held = 0;
      for (let k = 0; k < all; k++)
        if (out(found, 1, [rng.range(lo[0], hi[0]), rng.range(lo[1], hi[1]), rng.range(lo[2], hi[2])]) <= 0) held++;
      const times = ((held / all) * (hi[0] - lo[0]) * (hi[1] - lo[1]) * (hi[2] - lo[2])) / own,
        tells = found.excess!.find((e) => e.link === "plate")!.times;
      assert.ok(Math.abs(tells - times) < 0.06 * times, `${about}: ${tells} told, ${times} counted`);
      const text = told(found).filter((t) => t.startsWith("link plate: its capsules hold"));
      assert.equal(text.length, times > BOUND ? 1 : 0, `${about}: ${times} times, ${text}`);
      if (text.length > 0)
        (bulky++,
          assert.match(
            text[0],
            new RegExp(`hold ${tells.toFixed(1)} times the volume of its own shape, want at most 3\\.5`),
          ));
      // a plate is cut
      if (kind === "box" && y > 0.1) assert.ok(found.capsules.filter((c) => c.link === 1).length > 1, about);
    }
    assert.ok(bulky > 0, "one of them is told");
  },
);
