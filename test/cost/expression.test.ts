import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate as byMathjs, parse } from "mathjs";
import { Rng } from "../../src/core/math/Rng.js";
import { BindError, ExpressionError, UnknownObjectError } from "../../src/cost/index.js";
import { compile } from "../../src/cost/expression/compile.js";
import { createKernel } from "../../src/cost/expression/kernel.js";
import { MAX_LENGTH, parseExpression } from "../../src/cost/expression/parseExpression.js";
import { belief, stateWith } from "./oracleArm.js";

const nq = 4;
const names = { nq, objects: ["puck", "red_box"] };
const compiled = (text: string) => compile(parseExpression(text), names);

/** Values of the names of one random instant, in SI, and the same as a KnotView. */
function draw(rng: Rng) {
  const vec = (n: number): number[] => Array.from({ length: n }, () => rng.range(-1, 1));
  const scope = { tool: vec(3), q: vec(nq), v: vec(nq), puck: vec(3), red_box: vec(3) };
  const tool = new Float64Array(12);
  scope.tool.forEach((x, i) => (tool[4 * i + 3] = x));
  const [p, b] = [scope.puck, scope.red_box];
  const from = stateWith(belief("puck", p[0], p[1], p[2]), belief("red_box", b[0], b[1], b[2]));
  return {
    scope,
    x: {
      q: Float64Array.from(scope.q),
      v: Float64Array.from(scope.v),
      iq: 0,
      tool,
      it: 0,
      J: new Float64Array(6 * nq),
      from,
    },
  };
}

/** A random plain-number expression: what mathjs can evaluate without units. Depth bounds its size. */
function randomScalar(rng: Rng, depth: number): string {
  const pick = <T>(items: readonly T[]): T => items[rng.bits() % items.length];
  const s = (): string => randomScalar(rng, depth - 1);
  const u = (): string => randomVector(rng, depth - 1);
  if (depth <= 0)
    return pick([
      (): string => rng.range(0.1, 3).toFixed(3),
      (): string => `(${pick(["tool", "puck", "red_box"])}[${1 + (rng.bits() % 3)}] / (1 m))`,
      (): string => `(q[${1 + (rng.bits() % nq)}] / (1 rad))`,
      (): string => "pi",
    ])();
  return pick([
    (): string => `(${s()} ${pick(["+", "-", "*"])} ${s()})`,
    (): string => `${s()} / (1.5 + abs(${s()}))`,
    (): string => `-${s()}`,
    (): string => `${pick(["sin", "cos", "abs", "square"])}(${s()})`,
    (): string => `exp(-abs(${s()}))`,
    (): string => `sqrt(abs(${s()}))`,
    (): string => `log(1 + square(${s()}))`,
    (): string => `abs(${s()})^${pick(["2", "0.5", "1.5", "(1/3)"])}`,
    (): string => `${pick(["min", "max"])}(${s()}, ${s()}, ${s()})`,
    (): string => `(atan2(${s()}, ${s()}) / (1 rad))`,
    (): string => `norm(${u()})`,
    (): string => `dot(${u()}, ${u()})`,
  ])();
}

const randomVector = (rng: Rng, depth: number): string =>
  [
    (): string => `(${["tool", "puck", "red_box"][rng.bits() % 3]} / (1 m))`,
    (): string => `[${randomScalar(rng, depth - 1)}, ${randomScalar(rng, depth - 1)}, ${randomScalar(rng, depth - 1)}]`,
    (): string => `((tool - puck) * ${randomScalar(rng, depth - 1)} / (1 m))`,
  ][rng.bits() % 3]();

test(
  "1,000 random expressions have the value that mathjs's own evaluation gives, " +
    "and the slope that finite differences give",
  () => {
    const rng = new Rng(77);
    let slopes = 0;
    for (let i = 0; i < 1_000; i++) {
      const text = randomScalar(rng, 1 + (i % 4));
      const program = JSON.parse(JSON.stringify(compiled(text))) as ReturnType<typeof compiled>;
      const { scope, x } = draw(rng);
      const kernel = createKernel(program);
      kernel.forward(x);
      const mine = kernel.value[program.out[0]];
      const theirs = Number(byMathjs(text, { ...scope, m: 1, rad: 1, square: (a: number) => a * a }));
      assert.ok(Math.abs(mine - theirs) <= 1e-9 * (1 + Math.abs(theirs)), `${text}: ${mine} and ${theirs}`);

      kernel.backward(0);
      const slope = program.steps.reduce(
        (sum, step, k) => sum + (step[0] === "tool" && step[1] === 1 ? kernel.slope[k] : 0),
        0,
      );
      const at = (h: number): number => {
        x.tool[7] = scope.tool[1] + h;
        kernel.forward(x);
        return kernel.value[program.out[0]];
      };
      const h = 1e-6;
      const [ahead, behind] = [(at(h) - mine) / h, (mine - at(-h)) / h];
      if (!(Math.abs(ahead - behind) < 1e-4 * (1 + Math.abs(ahead)))) continue; // at a corner
      slopes++;
      assert.ok(
        Math.abs((ahead + behind) / 2 - slope) < 1e-3 * (1 + Math.abs(slope)),
        `slope of ${text}: ${(ahead + behind) / 2} and ${slope}`,
      );
    }
    assert.ok(slopes > 950, `${slopes} slopes compared`);
  },
);

test("units are SI inside: 2 cm, 15 deg, m/s^2, N*m", () => {
  const { x } = draw(new Rng(1));
  for (const [text, value] of [
    ["2 cm", 0.02],
    ["15 deg", Math.PI / 12],
    ["3 m/s^2", 3],
    ["2 N*m", 2],
    ["90 deg / (1 s)", Math.PI / 2],
    ["250 g", 0.25],
    ["(2 cm)^2", 4e-4],
    ["1e3 mm + 1 m", 2],
    ["sqrt(4 m^2)", 2],
  ] as const) {
    const program = compiled(text);
    const kernel = createKernel(program);
    kernel.forward(x);
    assert.ok(Math.abs(kernel.value[program.out[0]] - value) < 1e-15, text);
  }
});

const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ['import("fs")', /got '"' at column 8/],
  ["import(a)", /got the function 'import' at column 1, want one of: norm, dot/],
  ["createUnit(a)", /the function 'createUnit'/],
  ["evaluate(a)", /the function 'evaluate'/],
  ["toString()", /the function 'toString'/],
  ["hasOwnProperty(q)", /the function 'hasOwnProperty'/],
  ["tool.constructor", /got 'tool.constructor' at column 5/],
  ["tool?.x", /got '\?' at column 5/],
  ['tool["x"]', /got '"' at column 6/],
  ["a = 3", /got '=' at column 3/],
  ["f(x) = x", /got '='/],
  ["1:3", /got '1:3' at column 1/],
  ["a; b", /got ';' at column 2/],
  ["{a: 1}", /got '{' at column 1/],
  ["5 % 3", /the operator '%' at column 3/],
  ["tool'", /got ''' at column 5/],
  ["3!", /got '!' at column 2/],
  ["1 < 2", /got '<'/],
  ["true ? 1 : 2", /got '\?'/],
  ["q[0]", /want an entry by its number, from 1/],
  ["q[1, 2]", /want an entry by its number/],
  ["q[1:2]", /want an entry by its number/],
  ["q[pi]", /want an entry by its number/],
  ["1 + ", /Unexpected end of expression/],
  ["1 to 2", /the operator 'to'/],
  ["5 mod 3", /the operator 'mod'/],
  ["norm(tool, 1)", /got 2 arguments of 'norm' at column 1, want 1/],
  ["(".repeat(1_000), /brackets nested deeper than 50 at column 51/],
  ["-".repeat(1_000) + "1", /got more than 200 parts|nested deeper|nested too deeply/],
  ["1" + "^1".repeat(500), /got more than 200 parts|nested deeper|nested too deeply/],
  ["1" + "+1".repeat(900), /got more than 200 parts|nested deeper/],
  ["1+".repeat(2_000), new RegExp(`got 4000 characters, want at most ${MAX_LENGTH}`)],
  ["1e999", /got the constant Infinity/],
  ["", /want|got/],
];

for (const [text, message] of refused) {
  test(`refused by its syntax: ${text.slice(0, 30)}`, () =>
    assert.throws(
      () => compiled(text),
      (error: Error) => (error instanceof ExpressionError && message.test(error.message)) || assert.fail(error.message),
    ));
}

const misfits: readonly (readonly [text: string, message: string])[] = [
  ["norm(tool) + q[1]", "got m and rad in a sum, want one dimension"],
  ["tool - [1, 2, 3]", "got m and 1 in a difference, want one dimension"],
  ["tool - q", "got a vector of 3 (m) − a vector of 4 (rad), want two of one size"],
  ["tool * puck", "got a vector of 3 (m) * a vector of 3 (m), want dot(a, b) or a number times a vector"],
  ["1 / tool", "got a division by a vector of 3 (m), want one by a number"],
  ["1 / (2 - 2)", "got a division by 0, want another divisor"],
  ["tool^2", "got a vector of 3 (m) in ^, want a number"],
  ["2^q[1]", "got rad as an exponent, want a plain number"],
  ["q[1]^(norm(tool)/norm(puck))", "got rad as the base of an exponent that is no constant, want a plain number"],
  ["sin(tool[1])", "got m as the argument of sin, want an angle (rad)"],
  ["exp(q[1])", "got rad as the argument of exp, want a plain number"],
  ["max(tool[1], 3 s)", "got m and s in max, want one dimension"],
  ["[1 m, 2 s, 0]", "got m and s in one vector, want one dimension"],
  ["[tool, puck, q]", "got a vector inside a vector, want numbers in it"],
  ["q[5]", "got entry [5] of a vector of 4 (rad), want 1 to 4"],
  ["norm(3)", "got norm of a number (1), want a vector"],
  ["dot(q, tool)", "got dot of a vector of 4 (rad) and a vector of 3 (m), want two vectors of one length"],
  ["norm(tool - pck)", "got 'pck' (did you mean 'puck'?), want a known object: puck, red_box"],
  ["norm(tol)", "got 'tol' (did you mean 'tool'?) at column 6, want one of: tool, q, v, pi, puck, red_box, or a unit"],
  ["1e300 * 1e300 km", "got a constant part that is Infinity, want finite ones"],
];

for (const [text, message] of misfits) {
  test(`refused by its meaning: ${text}`, () =>
    assert.throws(
      () => compiled(text),
      (error: Error) => (assert.equal(error.message, message), error instanceof BindError),
    ));
}

test("2,000 random strings of symbols are compiled or refused by a BindError, nothing else", () => {
  const rng = new Rng(9);
  const parts = [
    "tool",
    "puck",
    "q",
    "v",
    "[1]",
    "[",
    "]",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "^",
    ",",
    " ",
    "2",
    ".5",
    "1e9",
    " m",
    " rad",
    "norm(",
    "max(",
    "sqrt(",
    "pi",
    "'",
    "%",
    "i",
    "Infinity",
    "null",
    "import(",
    "end",
    ":",
    "and",
    "not ",
  ];
  for (let i = 0; i < 2_000; i++) {
    const text = Array.from({ length: 1 + (rng.bits() % 12) }, () => parts[rng.bits() % parts.length]).join("");
    try {
      createKernel(compiled(text)).forward(draw(rng).x);
    } catch (error) {
      assert.ok(error instanceof BindError, `${text}: ${(error as Error).stack}`);
    }
  }
});

test("an object that is forgotten while a plan runs is an error by its name", () => {
  const kernel = createKernel(compiled("norm(tool - puck)"));
  const { x } = draw(new Rng(2));
  assert.throws(
    () => kernel.forward({ ...x, from: stateWith(belief("red_box", 0, 0, 0)) }),
    (error) => error instanceof UnknownObjectError && /got 'puck'.*red_box/.test(error.message),
  );
});

test("slopes at corners are finite", () => {
  const { x } = draw(new Rng(2));
  x.tool.fill(0);
  const from = stateWith(belief("puck", 0, 0, 0));
  for (const text of ["norm(tool - puck)", "abs(tool[1])", "max(tool[1], tool[2])", "square(tool[1])"]) {
    const program = compiled(text);
    const kernel = createKernel(program);
    kernel.forward({ ...x, from });
    kernel.backward(0);
    assert.ok(kernel.slope.every(Number.isFinite), text);
  }
});

test("mathjs is asked to parse only: what it would do when evaluated never happens", () => {
  assert.equal(typeof parse("import(x)").compile, "function"); // it would
  assert.throws(() => compiled("import(x)"), ExpressionError);
});
