import assert from "node:assert/strict";
import { test } from "node:test";
import { BindError, CapabilityError, UnknownObjectError, type RelationSpec } from "../../../src/cost/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { agent, bind } from "../goalContext.js";
import { about, at, errorOf, fixedThings, hand, things } from "./handContext.js";

const goalOf = (text: string) => bind(`{ ${text} }`, hand).goal[0];

test("object_at with an orientation measures the turn to it; of a round thing only that of its axis", () => {
  const rng = new Rng(1);
  const text = (id: string): string =>
    `object_at: { object: ${id}, position: [0.4, 0.1, 0.03], orientation: { rpy: [0, 0, 40 deg] }, ` +
    "turn_tolerance: 0.1 rad }";
  const [block, cup] = ["block", "cup"].map((id) => goalOf(text(id)));
  for (let i = 0; i < 200; i++) {
    const turn = rng.range(-1, 1),
      angle = rng.range(0, 1.5);
    const yawed = about([0, 0, 1], (40 * Math.PI) / 180 + turn);
    const axis = rng.range(-3, 3);
    const tipped = about([Math.cos(axis), Math.sin(axis), 0], angle);
    const place = [0.4, 0.1, 0.03];
    assert.ok(Math.abs(errorOf(block, [at("block", place, yawed)]) - Math.abs(turn) / 0.1) < 1e-6);
    assert.ok(errorOf(cup, [at("cup", place, yawed)]) < 1e-6);
    assert.ok(Math.abs(errorOf(cup, [at("cup", place, tipped)]) - angle / 0.1) < 1e-6);
  }
  assert.ok(errorOf(block, [at("block", [0.4, 0.1, 0.06], about([0, 0, 1], (40 * Math.PI) / 180))]) > 1);
});

test("a thing is at its place once the hand has let it go; held is the other way round", () => {
  const place = goalOf("object_at: { object: cup, position: [0.4, 0.1] }");
  const held = goalOf("held: cup");
  assert.deepEqual(held.spec, { object: "cup" });
  for (const [inHand, isThere, isHeld] of [
    [undefined, true, false],
    ["block", true, false],
    ["cup", false, true],
  ] as const) {
    assert.equal(errorOf(place, [at("cup", [0.4, 0.1, 0.04])], inHand) <= 1, isThere);
    assert.equal(errorOf(held, [], inHand) <= 1, isHeld);
  }
});

const relations = (text: string): string[] =>
  bind(`{ ${text} }`, hand).goal.map(({ kind, spec }) => {
    const { kind: how, object, other } = spec as RelationSpec;
    return `${kind}: ${object} ${how} ${other}`;
  });

test("stacked and all are several relations", () => {
  assert.deepEqual(relations("relation: { stacked: [table, long, block] }"), [
    "relation: long on table",
    "relation: block on long",
  ]);
  assert.deepEqual(relations("all: { kind: box, in: bin }"), ["relation: block in bin", "relation: long in bin"]);
  assert.deepEqual(relations("all: { kind: any, left_of: cup }"), [
    "relation: block left_of cup",
    "relation: long left_of cup",
    "relation: ball left_of cup",
  ]);
  const [{ spec }] = bind("{ all: { kind: sphere, in: cup, tolerance: 5 mm } }", hand).goal;
  assert.deepEqual(spec, {
    kind: "in",
    object: "ball",
    other: "cup",
    tolerance: 0.005,
    shapes: { object: things[3], other: things[2], fixed: false },
  });
});

test("a cost may stand for several too, each with its weight", () => {
  const { costs } = bind("{ held: cup }]\ncosts: [{ all: { kind: box, in: bin }, weight: 3 }", hand);
  assert.deepEqual(
    costs.map(({ kind, weight }) => `${kind} ${weight}`),
    ["relation 3", "relation 3"],
  );
});

/** What is asked, the class of the error, and its words. */
const faults: readonly (readonly [goal: string, kind: unknown, words: RegExp])[] = [
  [
    "held: cupp",
    UnknownObjectError,
    /goal\[0\]\.held: got 'cupp' \(did you mean 'cup'\?\), want a known object: block, /,
  ],
  ["held: bin", CapabilityError, /got 'bin', which is fixed, want a thing that can be moved: block, long, cup, ball/],
  [
    "object_at: { object: bal, position: [0, 0] }",
    UnknownObjectError,
    /object_at\.object: got 'bal' \(did you mean 'ball'/,
  ],
  [
    "relation: { in: [cup, binn] }",
    UnknownObjectError,
    /relation\.in\[1\]: got 'binn' .*'bin'.*: block, long, cup, ball, stone, table, bin/,
  ],
  [
    "relation: { in: [cup, table] }",
    CapabilityError,
    /in\[1\]: got 'table', which has no room in it, want one of: bin, cup/,
  ],
  ["relation: { object: table, on: cup }", CapabilityError, /relation\.object: got 'table', which is fixed/],
  ["relation: { object: cup, on: tabel }", UnknownObjectError, /relation\.on: got 'tabel' \(did you mean 'table'/],
  ["relation: { on: [cup, cup] }", BindError, /got 'cup' twice, want two things/],
  ["relation: { stacked: [cup, block, blok] }", UnknownObjectError, /stacked\[2\]: got 'blok'/],
  [
    "relation: { on: [stone, table] }",
    CapabilityError,
    /on\[0\]: got 'stone', whose shape is not known, want .*: block, long/,
  ],
  [
    "all: { kind: cups, in: bin }",
    BindError,
    /all\.kind: got 'cups' \(did you mean 'cup'\?\), want .*: box, cup, sphere, or any/,
  ],
  ["all: { kind: any, in: bim }", UnknownObjectError, /all\.in: got 'bim' \(did you mean 'bin'/],
];

for (const [goal, kind, words] of faults)
  test(`${goal}: told what the scene has`, () => {
    assert.throws(
      () => bind(`{ ${goal} }`, { ...hand, objects: [...hand.objects, "stone"] }),
      (e) => (e instanceof (kind as typeof BindError) && words.test(e.message)) || assert.fail(String(e)),
    );
  });

for (const goal of [
  "held: red",
  "all: { kind: any, in: bin }",
  "relation: { beside: [red, blue] }",
  "object_at: { object: red, position: [0, 0], orientation: [0, 0, 0, 1] }",
])
  test(`${goal}: not for an agent whose levels know no hand`, () =>
    assert.throws(
      () => bind(`{ ${goal} }`, { ...agent, things, fixedThings }),
      (e) => e instanceof CapabilityError && /no level of this agent plans what a hand does/.test(e.message),
    ));

for (const [text, words] of [
  ["relation: { on: cup }", /\[what, relative to what\], or `object` and one id/],
  ["relation: { object: cup, on: [cup, table] }", /\[what, relative to what\], or `object` and one id/],
  ["relation: { object: cup, stacked: [cup, table] }", /\[what, relative to what\], or `object` and one id/],
  ["relation: { on: [cup, table], in: [cup, bin] }", /exactly one of: on, in, beside/],
  ["all: { kind: cup }", /exactly one of: on, in, beside/],
] as const)
  test(`${text}: refused as it is written`, () => assert.throws(() => bind(`{ ${text} }`, hand), { message: words }));
