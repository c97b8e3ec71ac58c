import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { length } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Rollouts } from "../../src/core/Rollouts.js";
import { SafetyFilter } from "../../src/guardrails/filter/SafetyFilter.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { addGuardrail, type GuardrailKind, type GuardrailSpec } from "../../src/guardrails/index.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { OracleGeometry } from "./OracleGeometry.js";
import { world } from "./setups.js";

const setup = loadSetup({ robot: "arm7", agent: "default" }),
  { arm } = setup;

/** A kind of guardrail that the product does not have: no link comes higher than a ceiling. */
class Ceiling implements Guardrail {
  readonly name = "ceiling";
  readonly unit = "m";
  readonly escapable = true;

  constructor(private readonly height: number) {}

  margin({ N, nc, capsules, radius }: Rollouts, out: Float64Array, K: number): void {
    for (let k = 0; k < K; k++) {
      out[k] = Infinity;
      for (let i = k * N * nc; i < (k + 1) * N * nc; i++)
        out[k] = Math.min(out[k], this.height - radius[i] - Math.max(capsules[6 * i + 2], capsules[6 * i + 5]));
    }
  }
}

const schema = z.strictObject({ height: length({ above: 0 }).describe("above the base") });
const ceiling: GuardrailKind<z.output<typeof schema>> = {
  schema,
  tighten({ height }, { robot, refuse }) {
    if (height > 3) refuse(["height"], `got ${height} m, want at most 3 m: ${robot.name} reaches no higher`);
  },
  make: ({ height }) => new Ceiling(height),
};

const task = (guardrail: string): string =>
  `name: t\ngoal:\n  - joint_positions: [0, 0, 0, 1, 0, 0, 0]\nguardrails:\n  - ${guardrail}\n`;

const oracle = new OracleGeometry(arm);

/** The highest point of the arm's moving links in joints q [nq], m. */
function topOf(q: Float64Array): number {
  oracle.place(q);
  const heights = arm.capsules.map(
    ({ link }, c) => link > 0 && -oracle.toShape(c, { kind: "halfSpace", normal: [0, 0, -1], offset: 0 }),
  );
  return Math.max(...heights.filter((h) => h !== false));
}

/** The same over 20 s of requests that push it anywhere, from home. */
function highest(guardrails: readonly Guardrail[]): number {
  const filter = new SafetyFilter(arm.limits, new Sweep(arm), guardrails, 0.01),
    n = arm.nq,
    rng = new Rng(1),
    q = arm.home.slice(),
    v = new Float64Array(n),
    w = new Float64Array(n);
  let top = -Infinity,
    sent = { q, v, N: 1 },
    knot = 0;
  for (let i = 0; i < 2000; i++) {
    if (i % 60 === 0) for (let j = 0; j < n; j++) w[j] = rng.range(-1, 1) * arm.limits.velocity[j];
    const command = filter.step(i * 0.01, q, v, w, { ...world(i * 0.01), q, v });
    if (command !== undefined) [sent, knot] = [{ q: command.q.slice(), v: command.v.slice(), N: command.N }, 0];
    knot = Math.min(sent.N - 1, knot + 1);
    q.set(sent.q.subarray(knot * n, (knot + 1) * n));
    v.set(sent.v.subarray(knot * n, (knot + 1) * n));
    top = Math.max(top, topOf(q));
  }
  return top;
}

test("a kind of guardrail that was not added is an unknown key", () => {
  const read = readTask(task("ceiling: { height: 1 m }"), setup, []);
  assert.ok(
    "code" in read && /guardrails\[0\]: got key 'ceiling', want one of: keep_out/.test(read.message),
    JSON.stringify(read),
  );
});

test("a kind added from outside is read from a task, refused where it is wrong, and kept by the safety filter", () => {
  const free = highest([]),
    height = Number((0.5 * (topOf(arm.home) + free)).toFixed(3));
  addGuardrail("ceiling", ceiling);
  const read = readTask(task(`ceiling: { height: ${height} m }`), setup, []);
  assert.ok("spec" in read, JSON.stringify(read));
  const specs = read.spec.guardrails as GuardrailSpec[];
  assert.deepEqual(readGuardrails(`[{"ceiling": {"height": "${height} m"}}]`, setup), specs);
  const known = buildGuardrails(setup).map((g) => g.name),
    added = buildGuardrails(setup, specs).filter((g) => !known.includes(g.name));
  assert.deepEqual(
    added.map((g) => g.name),
    ["ceiling"],
  );
  assert.ok(free > height + 0.05, `without it the arm came to ${free} m`);
  const top = highest(added);
  assert.ok(top <= height && top > height - 0.05, `with it to ${top} m, under ${height} m`);
  for (const [written, message] of [
    ["ceiling: { height: -1 m }", /<task goal>:5:\d+ guardrails\[0\]\.ceiling\.height: got/],
    ["ceiling: { height: 5 m }", /guardrails\[0\]\.ceiling\.height: got 5 m, want at most 3 m: arm7 reaches no higher/],
    ["ceiling: { hight: 1 m }", /guardrails\[0\]\.ceiling: got key 'hight' \(did you mean 'height'/],
    ["cieling: { height: 1 m }", /guardrails\[0\]: got key 'cieling'.*ceiling/],
  ] as const) {
    const wrong = readTask(task(written), setup, []);
    assert.ok("code" in wrong && wrong.code === "INVALID_TASK" && message.test(wrong.message), JSON.stringify(wrong));
  }
});

test("a name that is taken, or none, is refused", () => {
  for (const name of ["keep_out", "Keep Out", "__proto__", ""])
    assert.throws(() => addGuardrail(name, ceiling), RangeError, name);
});
