import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrdf } from "../../../src/kinematics/urdf/parseUrdf.js";
import { UrdfError } from "../../../src/kinematics/urdf/UrdfError.js";

const joint = (name: string, parent: string, child: string, inner = "", type = "revolute"): string =>
  `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/><axis xyz="0 0 1"/><limit ` +
  `lower="-1" upper="1" velocity="1" effort="1"/>${inner}</joint>`;
const robot = (inner: string): string => `<?xml version="1.0"?><robot name="r">${inner}</robot>`;
const two = (inner: string): string => robot(`<link name="a"/><link name="b"/>${inner}`);

test("links, joints, shapes, inertials, limits, mimic and colours are read as written", () => {
  const urdf = parseUrdf(
    robot(`<material name="red"><color rgba="1 0 0 1"/></material>
    <link name="a"><inertial><origin xyz="0 0 1"/><mass value="2"/><inertia ixx="1" iyy="2" izz="3" ixz=".5"/>\
</inertial>
      <visual><geometry><box size="1 2 3"/></geometry><material name="red"/></visual>
      <collision><origin rpy="0 0 1.5"/><geometry><cylinder radius="0.1" length="2e-1"/></geometry></collision>
      <collision><geometry><capsule radius="0.1" length="1"/></geometry></collision>
      <collision><geometry><mesh filename="package://p/m.stl" scale="1 1 2"/></geometry></collision></link>
    <link name="b"/><link name="c"/>${joint("j", "a", "b")}${joint(
      "k",
      "b",
      "c",
      '<mimic \
joint="j"/>',
      "continuous",
    )}`),
  );
  assert.equal(urdf.root, "a");
  const a = urdf.links.get("a")!;
  assert.deepEqual(a.inertial, { origin: { xyz: [0, 0, 1], rpy: [0, 0, 0] }, mass: 2, inertia: [1, 0, 0.5, 2, 0, 3] });
  assert.deepEqual(a.visuals[0].colour, [1, 0, 0, 1]);
  assert.deepEqual(
    a.collisions.map((c) => c.geometry),
    [
      { kind: "cylinder", radius: 0.1, length: 0.2 },
      { kind: "capsule", radius: 0.1, length: 1 },
      { kind: "mesh", uri: "package://p/m.stl", scale: [1, 1, 2] },
    ],
  );
  assert.deepEqual(urdf.joints.get("j")!.limit, { lower: -1, upper: 1, velocity: 1, effort: 1 });
  assert.equal(urdf.joints.get("k")!.mimic, "j");
});

test("an axis comes out with length 1, and without one it is x", () => {
  const urdf = parseUrdf(
    robot(`<link name="a"/><link name="b"/><link name="c"/>
    <joint name="j" type="continuous"><parent link="a"/><child link="b"/><axis xyz="0 3 4"/></joint>
    <joint name="k" type="continuous"><parent link="b"/><child link="c"/></joint>`),
  );
  assert.deepEqual(urdf.joints.get("j")!.axis, [0, 0.6, 0.8]);
  assert.deepEqual(urdf.joints.get("k")!.axis, [1, 0, 0]);
});

const refused: readonly [string, string, RegExp][] = [
  ["nothing", "", /URDF/],
  ["what is not XML", "robot: arm7", /URDF/],
  ["an open tag", "<robot><link name='a'></robot>", /line 1/],
  ["another document", "<sdf/>", /got <sdf>, want <robot>/],
  ["no links", robot(""), /no <link>/],
  ["xacro", robot('<xacro:include filename="x"/><link name="a"/>'), /xacro:include.*expanded/],
  [
    "a DOCTYPE with entities",
    `<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${robot('<link name="&b;"/>')}`,
    /DOCTYPE/,
  ],
  ["deep nesting", robot("<a>".repeat(5000) + "</a>".repeat(5000)), /nested deeper/],
  ["more than 4 MiB", robot(`<!--${"x".repeat(5 << 20)}-->`), /at most 4194304/],
  ["a link without a name", robot("<link/>"), /link.*no name/],
  ["a name twice", robot('<link name="a"/><link name="a"/>'), /link "a": got the name twice/],
  [
    "a joint of an unknown type",
    two(joint("elbow", "a", "b", "", "hinge")),
    /joint "elbow" type: got "hinge", want revolute/,
  ],
  ["a joint to a link that is not there", two(joint("elbow", "a", "zz")), /joint "elbow" child: got link "zz"/],
  ["a joint from a link that is not there", two(joint("elbow", "zz", "b")), /joint "elbow" parent: got link "zz"/],
  [
    "a joint without child",
    two('<joint name="j" type="fixed"><parent link="a"/></joint>'),
    /joint "j": got no <child>/,
  ],
  ["two roots", two(""), /2 links without a parent \(a, b\)/],
  ["a cycle and no root", two(joint("j", "a", "b") + joint("k", "b", "a")), /cycle/],
  [
    "a cycle beside the tree",
    robot(`<link name="r"/><link name="a"/><link name="b"/>${joint("j", "a", "b")}${joint("k", "b", "a")}`),
    /cycle of joints through link "a"/,
  ],
  [
    "a link with two parents",
    robot(`<link name="a"/><link name="b"/><link name="c"/>${joint("j", "a", "c")}${joint("k", "b", "c")}`),
    /joint "k": got child "c", which joint "j" already moves/,
  ],
  ["a link joined to itself", two(joint("j", "a", "a")), /2 links|cycle|parent/],
  ["a mimic of nothing", two(joint("j", "a", "b", '<mimic joint="x"/>')), /joint "j" mimic: got "x"/],
  [
    "an axis of length 0",
    two('<joint name="j" type="revolute"><parent link="a"/><child link="b"/><axis xyz="0 0 0"/></joint>'),
    /joint "j" axis: got 0 0 0/,
  ],
  [
    "NaN",
    two('<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="0 nan 0"/></joint>'),
    /joint "j" <origin> xyz: got "nan", want a finite number/,
  ],
  [
    "infinity by overflow",
    two('<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="0 1e999 0"/></joint>'),
    /finite/,
  ],
  [
    "hexadecimal",
    two('<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="0 0x10 0"/></joint>'),
    /finite/,
  ],
  [
    "two numbers for a point",
    two('<joint name="j" type="fixed"><parent link="a"/><child link="b"/><origin xyz="0 1"/></joint>'),
    /joint "j" <origin> xyz: got "0 1", want 3 numbers/,
  ],
  [
    "a negative mass",
    robot('<link name="a"><inertial><mass value="-1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>'),
    /link "a" <inertial> <mass> value: got -1/,
  ],
  [
    "a negative radius",
    robot('<link name="a"><collision><geometry><sphere radius="-1"/></geometry></collision></link>'),
    /sphere> radius: got -1/,
  ],
  [
    "an unknown shape",
    robot('<link name="a"><visual><geometry><cone/></geometry></visual></link>'),
    /link "a" <visual> <geometry>: got no supported shape/,
  ],
];
for (const [what, text, message] of refused)
  test(`${what} is refused with the place, what came and what was wanted`, () => {
    assert.throws(
      () => parseUrdf(text),
      (error: unknown) => (error instanceof UrdfError && message.test(error.message)) || assert.fail(String(error)),
    );
  });

test("names of JavaScript's own are names like others", () => {
  const urdf = parseUrdf(
    robot(`<link name="__proto__"/><link name="constructor"/>${joint("toString", "__proto__", "constructor")}`),
  );
  assert.deepEqual([...urdf.links.keys()], ["__proto__", "constructor"]);
  assert.equal(urdf.root, "__proto__");
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test("elements named like JavaScript's own break nothing", () => {
  for (const tag of ["__proto__", "constructor", "hasOwnProperty"]) {
    try {
      assert.equal(parseUrdf(robot(`<${tag} name="x"/><link name="a"/>`)).root, "a");
    } catch (error) {
      assert.ok(error instanceof UrdfError, String(error));
    }
  }
});

test("whatever bytes are changed, a URDF is read or refused by a UrdfError", async () => {
  const { urdfText } = await import("../arms.js");
  const { Rng } = await import("../../../src/core/math/Rng.js");
  const text = urdfText("arm7"),
    rng = new Rng(1),
    signs = "<>\"'/=&; 0-.eE!?[]";
  for (let k = 0; k < 600; k++) {
    const at = Math.floor(rng.range(0, text.length)),
      end = at + Math.floor(rng.range(0, 12));
    try {
      parseUrdf(text.slice(0, at) + signs[Math.floor(rng.range(0, signs.length))] + text.slice(end));
    } catch (error) {
      assert.ok(error instanceof UrdfError, `${String(error)} at ${at}`);
    }
  }
});

test("XML's entities stand for their characters in names and files, and a comment may speak of a DOCTYPE", () => {
  const urdf = parseUrdf(
    robot(
      `<!-- no <!DOCTYPE robot> or <!ENTITY x "y"> is here --><link name="pick &amp; place"><visual><geometry><mesh ` +
        `filename="a&#38;b &#x26; &quot;c&quot;.stl"/></geometry></visual></link><link ` +
        `name="&lt;b&gt;"/>${joint("j&apos;s", "pick &amp; place", "&lt;b&gt;")}<!-- <!DOCTYPE again -->`,
    ),
  );
  assert.deepEqual([...urdf.links.keys()], ["pick & place", "<b>"]);
  assert.deepEqual(urdf.joints.get("j's")!.child, "<b>");
  assert.deepEqual(urdf.links.get("pick & place")!.visuals[0].geometry, {
    kind: "mesh",
    uri: 'a&b & "c".stl',
    scale: [1, 1, 1],
  });
  assert.throws(() => parseUrdf(`<!-- --><!DOCTYPE r><robot><!-- --><link name="a"/></robot>`), /DOCTYPE/);
});
