import assert from "node:assert/strict";
import { test } from "node:test";
import { armFromUrdf } from "../../../src/kinematics/urdf/armFromUrdf.js";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { passage } from "../../../src/kinematics/pairs/passage.js";

/**
 * A rod that turns about z at 0.2 m beside a post that stands on the base at x = 0.3 m, up to `top`: of the turn from
 * −3 to `upper` the post parts what lies below 0 from what lies above. The joint between lifts the rod.
 */
const arm = ({
  top = 0.4,
  lower = -3,
  lift = 0.01,
}): string => `<robot name="t"><link name="base"><collision><geometry><box size="0.06 0.06 0.06"/></geometry>\
</collision>
  <collision><origin xyz="0.3 0 ${top / 2}"/><geometry><box size="0.05 0.05 ${top}"/></geometry></collision></link>\
<link name="hub"><collision><origin xyz="0 0 -0.06"/><geometry><box size="0.04 0.04 0.04"/></geometry></collision>\
</link>
  <link name="rod"><collision><origin xyz="0.25 0 0"/><geometry><box size="0.4 0.04 0.04"/></geometry></collision>\
</link>
  <joint name="turn" type="revolute"><parent link="base"/><child link="hub"/><origin xyz="0 0 0.2"/>\
<axis xyz="0 0 1"/><limit lower="${lower}" upper="3" velocity="1" effort="1"/></joint>
  <joint name="lift" type="revolute"><parent link="hub"/><child link="rod"/><axis xyz="0 -1 0"/>\
<limit lower="-0.01" upper="${lift}" velocity="1" effort="1"/></joint></robot>`;
const seen = (shape: Parameters<typeof arm>[0], home: readonly number[]) =>
  passage(armFromUrdf(parseUrdf(arm(shape)), { home }));

test(
  "a post that the rod can not pass parts what lies before it from what lies behind, " +
    "and is named with the rod; where it can be passed nothing is parted",
  () => {
    for (const home of [
      [1.5, 0],
      [-1.5, 0],
    ]) {
      const { sampled, joined, parting } = seen({}, home);
      assert.ok(
        sampled === 48 && joined > 12 && joined < 36,
        `${joined} of ${sampled}: about half of them lie on home's side`,
      );
      assert.deepEqual([...parting!].map((name) => name.replace(/_\d+$/, "")).sort(), ["base", "rod"]);
    }
    for (const [what, shape] of [
      ["a post lower than the rod", { top: 0.1 }],
      ["a turn that ends before the post", { lower: 0.4 }],
      ["a rod that can be lifted over it", { lift: 1.4 }],
    ] as const)
      assert.deepEqual(seen(shape, [1.5, 0]), { sampled: 48, joined: 48 }, what);
  },
);

test("a home in which links are within each other leads nowhere, and the links are named", () => {
  const { joined, parting } = seen({}, [0, 0]);
  assert.equal(joined, 0);
  assert.deepEqual([...parting!].map((name) => name.replace(/_\d+$/, "")).sort(), ["base", "rod"]);
});
