import assert from "node:assert/strict";
import { test } from "node:test";
import { unit } from "mathjs";
import { parseUnit, toSI, unitText } from "../../src/config/index.js";
import { unitNames } from "../../src/config/unit.js";

const MASS = 0,
  LENGTH = 1,
  TIME = 2,
  ANGLE = 7; // mathjs's order of base dimensions

test("every unit means what it means to mathjs", () => {
  for (const name of unitNames) {
    const theirs = unit(1, { Nm: "N m", min: "minute" }[name] ?? name);
    const [factor, dimension] = parseUnit(name)!;
    const d = (theirs as unknown as { dimensions: number[] }).dimensions;
    assert.deepEqual(dimension, [d[MASS], d[LENGTH], d[TIME], d[ANGLE]], name);
    const si = (theirs as unknown as { _normalize(x: number): number })._normalize(1);
    assert.ok(Math.abs(factor - si) <= 1e-15 * Math.abs(si), `${name}: ${factor} and ${si}`);
  }
});

test("products of units mean what they mean to mathjs", () => {
  for (const [mine, theirs] of [
    ["rad/s^2", "rad/s^2"],
    ["N*m", "N m"],
    ["N m", "N m"],
    ["kg/m^3", "kg/m^3"],
    ["cm / ms", "cm/ms"],
    ["m s^-1", "m s^-1"],
    ["g cm/s^2", "g cm/s^2"],
  ]) {
    const [factor] = parseUnit(mine)!;
    const si = (unit(1, theirs) as unknown as { _normalize(x: number): number })._normalize(1);
    assert.ok(Math.abs(factor - si) <= 1e-14 * Math.abs(si), mine);
  }
});

test("numbers with units, written in all ways", () => {
  const m = [0, 1, 0, 0] as const;
  for (const [text, value] of [
    ["2 cm", 0.02],
    ["2cm", 0.02],
    [" -1.5e1 mm ", -0.015],
    [".5 m", 0.5],
    ["3. m", 3],
    ["+1 m", 1],
  ] as const)
    assert.ok(Math.abs(toSI(text, m) - value) < 1e-15, text);
  for (const text of [
    "",
    "cm",
    "2",
    "2 s",
    "2 cm cm",
    "2 cm 3",
    "0x10 m",
    "1_000 m",
    "2 m/",
    "2 __proto__",
    "2 toString",
    "NaN m",
    "Infinity m",
    "2 m^0",
    "2 m;",
    `${"1".repeat(90)} m`,
  ]) {
    assert.ok(Number.isNaN(toSI(text, m)), text);
  }
});

test("dimensions read as an engineer writes them", () => {
  assert.deepEqual(
    [
      unitText([0, 1, -1, 0]),
      unitText([0, 0, -2, 1]),
      unitText([1, 1, -2, 0]),
      unitText([0, 0, 0, 0]),
      unitText([0, 0.5, 0, 0]),
    ],
    ["m/s", "rad/s^2", "N", "1", "m^0.5"],
  );
});
