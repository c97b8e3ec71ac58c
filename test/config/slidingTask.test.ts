import assert from "node:assert/strict";
import { test } from "node:test";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { tightenLimits } from "../../src/agent/setup/tightenLimits.js";
import { createGoal, type KnotView } from "../../src/cost/index.js";
import type { GuardrailSpec } from "../../src/guardrails/index.js";
import { written, fits, FORMS, near, of, refusedWell, arms } from "./slidingArms.js";

test("so are a task's limits, of its file and of a proposal, and the tolerance of a goal for joints", () => {
  const counts = { taken: 0, refused: 0 };
  for (const { slides, rng, load } of arms()) {
    const setup = load("limits: { acceleration: { turning: 8, sliding: 8 } }\n"),
      { jointNames, limits, nq } = setup.arm;
    const goal = `[{ joint_positions: [${slides.map(() => 0).join(", ")}] }]`;
    const spec = (text: string): { readonly goal: readonly unknown[]; readonly guardrails: readonly unknown[] } => {
      const read = readTask(text, setup, []);
      if ("code" in read) throw new Error(read.message);
      return read.spec;
    };
    for (const form of FORMS) {
      for (const [key, power, low, high] of [
        ["velocity", 1, 0.2, 1.5],
        ["acceleration", 2, 0.5, 7],
      ] as const) {
        const w = written(rng, power, () => rng.range(low, high), form),
          text = `name: t\ngoal: ${goal}\nguardrails:\n  - limits:\n      ${key}: ${w.text}\n`,
          proposal = (): GuardrailSpec[] =>
            readGuardrails(
              `[{"limits": {"${key}": ` +
                `${
                  form === "number"
                    ? w.text
                    : form === "each"
                      ? `{"turning": ${w.turning}, "sliding": ${w.sliding}}`
                      : `"${w.text}"`
                }` +
                "}}]",
              setup,
            );
        if (!fits(w, slides)) {
          counts.refused++;
          refusedWell(
            () => spec(text),
            slides,
            w,
            new RegExp(`:5:\\d+ guardrails\\[0\\]\\.limits\\.${key}: got `),
            power,
          );
          refusedWell(proposal, slides, w, /guardrails\[0\]\.limits/, power);
          continue;
        }
        counts.taken++;
        for (const rules of [spec(text).guardrails as GuardrailSpec[], proposal()]) {
          const slowed = tightenLimits(setup, rules).arm.limits;
          slides.forEach((s, j) =>
            near(slowed[key][j], Math.min(limits[key][j], of(w, s)), `limits.${key}: ${w.text}, joint ${j}`),
          );
        }
      }
      const w = written(rng, 0, () => rng.range(0.001, 0.1), form),
        asked = slides.map((_, j) => j).filter(() => rng.uniform() < 0.6),
        joints = asked.length > 0 ? asked : [0];
      const kinds = joints.map((j) => slides[j]),
        text =
          `name: t\ngoal: [{ joint_positions: { ${joints.map((j) => `${jointNames[j]}: 0`).join(", ")}, ` +
          `tolerance: ${w.text} } }]\n`;
      if (!fits(w, kinds)) {
        counts.refused++;
        assert.throws(
          () => spec(text),
          new RegExp(
            `goal\\[0\\]\\.joint_positions.*: tolerance: got ` +
              ".*" +
              (new Set(kinds).size === 2
                ? "for all joints, want \\{ turning: a number in rad, sliding: one in m \\}"
                : kinds[0]
                  ? "want a number in m"
                  : "want a number in rad"),
          ),
        );
        continue;
      }
      counts.taken++;
      const residual = createGoal(spec(text).goal[0] as Parameters<typeof createGoal>[0], { nq, limits }),
        off = 0.01,
        r = new Float64Array(residual.dim);
      residual.evaluate({ q: new Float64Array(nq).fill(off), iq: 0 } as unknown as KnotView, r);
      joints.forEach((j, i) => near(r[i], off / of(w, slides[j]), `tolerance: ${w.text}, joint ${j}`));
    }
  }
  assert.ok(counts.taken > 40 && counts.refused > 25, JSON.stringify(counts));
});

test(
  "expressions measure joints by what they do: q[i] of one that slides is a length, " +
    "and all together only where they are of one kind",
  () => {
    for (const { slides, load } of arms()) {
      const setup = load("");
      const read = (expression: string): string => {
        const task = readTask(`name: t\ngoal: [{ expression: { value: "${expression}", tolerance: 1 } }]\n`, setup, []);
        return "code" in task ? task.message : "";
      };
      slides.forEach((s, j) => {
        const [own, other] = s ? ["m", "rad"] : ["rad", "m"];
        assert.equal(read(`q[${j + 1}] / (1 ${own}) + v[${j + 1}] / (1 ${own}/s)`), "");
        assert.match(
          read(`q[${j + 1}] - 0.1 ${other}`),
          new RegExp(`got ${own} and ${other} in a difference, want one dimension`),
        );
      });
      const all = read(`norm(q) / (1 ${slides[0] ? "m" : "rad"})`),
        mixed = new Set(slides).size === 2;
      if (mixed)
        assert.match(
          all,
          new RegExp(
            `got q of joints that turn \\(q\\[${slides.indexOf(false) + 1}\\]\\) and joints that slide ` +
              `\\(q\\[${slides.indexOf(true) + 1}\\]\\), want single ones`,
          ),
        );
      else assert.equal(all, "");
    }
  },
);
