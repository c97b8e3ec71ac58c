import assert from "node:assert/strict";
import { test } from "node:test";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { Kinematics } from "../../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { sampledGap } from "../sampledGap.js";

const link = (
  name: string,
  inner = '<collision><origin xyz="0 0 0.1"/><geometry><cylinder radius="0.04" length="0.18"/></geometry></collision>',
): string => `<link name="${name}">${inner}</link>`;
const joint = (n: number, parent: string, child: string, inner = ""): string =>
  `<joint name="j${n}" type="revolute"><parent link="${parent}"/><child link="${child}"/><origin xyz="0 0 ` +
  `0.2"/><axis xyz="0 ${n % 2} ${1 - (n % 2)}"/><limit lower="-2" upper="2" velocity="1" effort="9"/>${inner}</joint>`;
const fixed = (parent: string, child: string): string =>
  `<joint name="${child}_fixed" type="fixed"><parent link="${parent}"/><child link="${child}"/><origin xyz="0 0 ` +
  `0.2"/></joint>`;
const seconds = <T>(work: () => T): readonly [T, number] => {
  const began = process.cpuUsage().user,
    made = work();
  return [made, (process.cpuUsage().user - began) / 1e6];
};

test("320 boxes on a link, and 40 links of 8 boxes on a hand: an arm in seconds, every corner in a capsule", () => {
  const at = (i: number): number[] => [
    (i % 8) * 0.02 - 0.07,
    (Math.floor(i / 8) % 8) * 0.02 - 0.07,
    Math.floor(i / 64) * 0.02,
  ];
  const box = (i: number): string =>
    `<collision><origin xyz="${at(i).join(" ")}"/><geometry><box size="0.016 0.016 0.016"/></geometry></collision>`;
  const all = Array.from({ length: 320 }, (_, i) => box(i));
  const one = link("tool", all.join("")) + fixed("l4", "tool");
  const many =
    link("tool", "") +
    fixed("l4", "tool") +
    Array.from(
      { length: 40 },
      (_, k) =>
        link(`t${k}`, all.slice(8 * k, 8 * k + 8).join("")) +
        `<joint name="f${k}" type="fixed"><parent link="tool"/><child link="t${k}"/></joint>`,
    ).join("");
  for (const tool of [one, many]) {
    const [arm, took] = seconds(() =>
      armFromUrdf(
        parseUrdf(
          `<robot name="t">${[0, 1, 2, 3, 4].map((n) => link(`l${n}`)).join("")}` +
            `${[1, 2, 3, 4].map((n) => joint(n, `l${n - 1}`, `l${n}`)).join("")}${tool}</robot>`,
        ),
        { tool: "tool" },
      ),
    );
    assert.ok(took < 12, `${took} s of a processor`);
    const capsules = arm.capsules.filter((c) => c.link === 4);
    for (let i = 0; i < 320; i++)
      for (let corner = 0; corner < 8; corner++) {
        const p = at(i).map((x, c) => x + ((corner >> c) & 1 ? 0.008 : -0.008) + (c === 2 ? 0.2 : 0));
        assert.ok(
          capsules.some(({ p0, p1, radius }) => {
            const d = p1.map((x, c) => x - p0[c]),
              dd = d.reduce((s, x) => s + x * x, 0),
              u = dd > 0 ? Math.max(0, Math.min(1, d.reduce((s, x, c) => s + x * (p[c] - p0[c]), 0) / dd)) : 0;
            return Math.hypot(...p.map((x, c) => x - p0[c] - u * d[c])) <= radius + 1e-9;
          }),
          `box ${i} sticks out at ${p}`,
        );
      }
  }
});

test(
  "a mimic joint in the middle of a chain is refused by name, " + "with the key that decides; one before a hand is not",
  () => {
    const chain = (mimic: number, joints: number): string =>
      `<robot name="t">${link("l0")}` +
      `${Array.from(
        { length: joints },
        (_, i) =>
          link(`l${i + 1}`) +
          joint(i + 1, `l${i}`, `l${i + 1}`, i + 1 === mimic ? '<mimic joint="j2" multiplier="-1"/>' : ""),
      ).join("")}` +
      "</robot>";
    assert.throws(
      () => armFromUrdf(parseUrdf(chain(4, 6))),
      /joint "j4": got a mimic joint of "j2" in the middle of a chain, before j5, j6, want `tool:` .*\(l3\)/,
    );
    assert.deepEqual(armFromUrdf(parseUrdf(chain(4, 6)), { tool: "l3" }).jointNames, ["j1", "j2", "j3"]);
    assert.deepEqual(armFromUrdf(parseUrdf(chain(4, 4))).jointNames, ["j1", "j2", "j3"]);
  },
);

test(
  "links that overlap where all joints are at 0 stay kept apart, " +
    "and home is where nothing overlaps; a home that is given stays, and is told",
  () => {
    // reaches back through the first link
    const back = '<collision><origin xyz="0 0 -0.25"/><geometry><box size="0.05 0.05 0.6"/></geometry></collision>';
    const text =
      `<robot name="t">${link("l0")}${link("l1")}${link("l2", "")}${link("l3", back)}` +
      `${[1, 2, 3].map((n) => joint(n, `l${n - 1}`, `l${n}`)).join("")}</robot>`;
    const arm = armFromUrdf(parseUrdf(text)),
      given = armFromUrdf(parseUrdf(text), { home: [0, 0, 0] });
    assert.ok(arm.selfPairs.length > 0 && room(arm) > 0);
    assert.match(
      arm.guesses!.map((g) => g.text).join(),
      /overlap where all joints are at 0, 0, 0: home is at .* instead/,
    );
    assert.ok(room(given) < 0);
    assert.deepEqual([...given.home], [0, 0, 0]);
    assert.match(given.guesses!.map((g) => g.text).join(), /overlap at home, so the arm can neither start/);
  },
);

test(
  "a default home at which links come within 5 mm of each other moves to where none do, " +
    "and the distance is told; a given one stays",
  () => {
    const text =
      `<robot name="t">${link("l0")}` +
      `${link(
        "l1",
        '<collision><origin xyz="0 0 0.1"/><geometry><capsule radius="0.04" length="0.1"/></geometry></collision>',
      )}` +
      `${link("l2", "")}` +
      `${link(
        "l3",
        '<collision><origin xyz="0.093 0 -0.3"/><geometry><sphere radius="0.05"/></geometry></collision>',
      )}` +
      `${[1, 2, 3].map((n) => joint(n, `l${n - 1}`, `l${n}`)).join("")}</robot>`;
    const arm = armFromUrdf(parseUrdf(text)),
      given = armFromUrdf(parseUrdf(text), { home: [0, 0, 0] });
    assert.ok(room(arm) >= 0.005 && Math.abs(room(given) - 0.003) < 1e-4, `${room(arm)}, ${room(given)}`);
    assert.match(
      arm.guesses!.map((g) => `${g.link}: ${g.text}`).join(),
      /l1 and l3: come within 3\.0 mm of each other where all joints are at 0, 0, 0: home is at .* instead/,
    );
    assert.deepEqual([...given.home], [0, 0, 0]);
    assert.doesNotMatch(given.guesses!.map((g) => g.text).join(), /home/);
  },
);

/** The least distance at home of capsules that are kept apart, by looking along both, m. */
function room(arm: ReturnType<typeof armFromUrdf>): number {
  const kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * arm.capsules.length);
  kinematics.forward(arm.home, 0);
  kinematics.writeCapsules(ends, 0);
  let least = Infinity;
  for (let p = 0; p < arm.selfPairs.length; p += 2) {
    const [a, b] = arm.selfPairs.subarray(p, p + 2);
    least = Math.min(least, sampledGap(ends, a, b, 50) - arm.capsules[a].radius - arm.capsules[b].radius);
  }
  return least;
}
