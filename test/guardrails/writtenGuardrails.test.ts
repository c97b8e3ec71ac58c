import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { GuardrailSpec } from "../../src/guardrails/index.js";
import { writtenGuardrails } from "../../src/guardrails/writtenGuardrails.js";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { things } from "./HeldOracle.js";
import { shapes } from "./margins/randomShapes.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });

/** Each number of two values is the same but for rounding, and all else equal. */
function same(a: unknown, b: unknown, path = ""): void {
  if (typeof a === "number" && typeof b === "number") return assert.ok(Math.abs(a - b) < 1e-12, `${path}: ${a}, ${b}`);
  if (typeof a !== "object" || a === null) return assert.equal(a, b, path);
  const keys = (x: object): string[] => Object.keys(x).sort();
  assert.deepEqual(keys(b as object), keys(a), path);
  for (const key of keys(a))
    same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`);
}

test("a step's guardrails, written for the guard, are read there as they were", () => {
  const rng = new Rng(1);
  for (const draw of Object.values(things)) {
    const near = Object.values(shapes).map((make, i) => {
      const shape = make(rng);
      const unit = (x: readonly number[]): number => Math.hypot(...x);
      // as files have them: unit quaternions and normals
      if (shape.kind === "box") {
        const l = unit(shape.orientation);
        return { id: `s${i}`, shape: { ...shape, orientation: shape.orientation.map((x) => x / l) as never } };
      }
      if (shape.kind === "halfSpace") {
        const l = unit(shape.normal);
        return { id: `s${i}`, shape: { ...shape, normal: shape.normal.map((x) => x / l) as never } };
      }
      return { id: `s${i}`, shape };
    });
    const specs: GuardrailSpec[] = [
      { kind: "holding", config: draw(rng) },
      { kind: "support", config: { ids: ["table", "s0"], shapes: near, depth: 0.003, release_height: 0.05 } },
      { kind: "support", config: { ids: [], shapes: [], depth: 0 } },
      { kind: "avoid", config: { shapes: near, spared: ["held", setup.arm.linkNames[7]] } },
    ];
    same(readGuardrails(JSON.stringify(writtenGuardrails(specs)), setup), specs);
  }
  assert.throws(() => writtenGuardrails([{ kind: "spill", config: { max: 1, axis: [0, 0, 1] } }]), /got one in a step/);
});

test("what is wrong with a written one is said with its place, what came, and what is wanted", () => {
  const holding = (more = "", id = "cup1"): string =>
    `{ "holding": { "id": "${id}", "position": [0, 0, 0], "parts": [{ "sphere": { "radius": "2 cm" } }], ` +
    `"mass": 0.1${more} } }`;
  const cases: [string, RegExp][] = [
    [holding(', "position_std": "1 kg"'), /holding\.position_std: got '1 kg', want a length/],
    [
      `${holding()}, ${holding("", "cup2")}`,
      /\[1\]\.holding\.id: got 'cup2' beside another thing in the hand, want one/,
    ],
    [holding().replace("0.1", '"3 kg"'), /holding\.mass: got 3 kg, want at most arm7's payload of 2 kg/],
    [holding().replace('"sphere"', '"half_space"'), /half_space/],
    [
      '{ "support": { "ids": ["chair"] } }',
      /support\.ids\[0\]: got 'chair', want fixed geometry of the scene or a shape of avoid: table, wall/,
    ],
    ['{ "support": { "depth": "5 cm" } }', /support\.depth: got '5 cm', want at most 0.02/],
    [
      '{ "avoid": { "shapes": [{ "id": "a", "sphere": { "radius": 0.1 } }], "spared": ["hnad"] } }',
      /avoid\.spared\[0\]: got 'hnad', want held or a link or capsule of the arm: link1/,
    ],
    ['{ "avoid": { "shapes": [] } }', /avoid\.shapes/],
  ];
  const strict = {
    ...setup,
    robot: {
      ...setup.robot,
      guardrails: {
        ...setup.robot.guardrails,
        payload: { mass: 2, com: [0, 0, 0] as [number, number, number], reserve: 0.05 },
      },
    },
  };
  for (const [text, want] of cases) assert.throws(() => readGuardrails(`[${text}]`, strict), want, text);
  assert.equal(
    readGuardrails(
      `[${holding()}, { "support": { "ids": ["a"] } }, ` +
        `{ "avoid": { "shapes": [{ "id": "a", "sphere": { "radius": 0.1 } }], "spared": ["held"] } }]`,
      strict,
    ).length,
    3,
  );
});
