import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { MeasuredJoints } from "../../src/runtime/ingress/MeasuredJoints.js";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { loadSceneFor } from "../../src/agent/setup/sceneFor.js";
import { tightenLimits } from "../../src/agent/setup/tightenLimits.js";
import { Rng } from "../../src/core/math/Rng.js";
import { createGoal, type KnotView } from "../../src/cost/index.js";
import type { GuardrailSpec } from "../../src/guardrails/index.js";
import { Sweep } from "../../src/kinematics/Sweep.js";

const folder = mkdtempSync(join(tmpdir(), "telos-sliding-"));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => (writeFileSync(join(folder, name), text), join(folder, name));

const LIMIT = 0.8,
  SPEED = 2; // rad or m, and a second, of every joint in the URDF
/** A stack of joints along z, which turn or slide. */
function urdf(slides: readonly boolean[]): string {
  const joint = (s: boolean, n: number): string =>
    `<joint name="j${n}" type="${s ? "prismatic" : "revolute"}"><parent link="l${n}"/><child ` +
    `link="l${n + 1}"/><origin xyz="0 0 0.3"/><axis xyz="${n % 2} 0 ${1 - (n % 2)}"/><limit lower="-${LIMIT}" ` +
    `upper="${LIMIT}" velocity="${SPEED}" effort="90"/></joint>`;
  return (
    `<robot name="stack">` +
    `${[...slides, false]
      .map((_, n) => `<link name="l${n}"><collision><geometry><sphere radius="0.02"/></geometry></collision></link>`)
      .join("")}` +
    `${slides.map(joint).join("")}</robot>`
  );
}

// What is meant, told apart from the product: its own units.
const ANGLES = { rad: 1, mrad: 1e-3, deg: Math.PI / 180 } as const,
  LENGTHS = { m: 1, cm: 1e-2, mm: 1e-3 } as const,
  PER = ["", "/s", "/s^2", "/s^3"] as const;
type Written = {
  readonly text: string;
  readonly turning?: number;
  readonly sliding?: number;
  readonly form: "number" | "angle" | "length" | "each";
};

/** A bound of every joint, written in one of the ways there are; `x` in SI. */
function written(rng: Rng, power: number, x: () => number, form: Written["form"]): Written {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(rng.uniform() * of.length)];
  const text = (units: Readonly<Record<string, number>>, value: number): string => {
    const [unit, factor] = pick(Object.entries(units));
    return `${value / factor} ${unit}${PER[power]}`;
  };
  const a = x(),
    b = x();
  if (form === "number") return { form, text: String(a), turning: a, sliding: a };
  if (form === "angle") return { form, text: text(ANGLES, a), turning: a };
  if (form === "length") return { form, text: text(LENGTHS, b), sliding: b };
  const plain = rng.uniform() < 0.3; // numbers alone, in SI
  return {
    form,
    text: `{ turning: ${plain ? a : text(ANGLES, a)}, sliding: ${plain ? b : text(LENGTHS, b)} }`,
    turning: a,
    sliding: b,
  };
}

const fits = ({ form }: Written, slides: readonly boolean[]): boolean =>
  form === "each" || slides.every((s) => (form === "number" ? s === slides[0] : s === (form === "length")));
const FORMS = ["number", "angle", "length", "each"] as const;
const near = (got: number, want: number, what: string): void =>
  assert.ok(Math.abs(got - want) < 1e-9 * Math.max(1, Math.abs(want)), `${what}: got ${got}, want ${want}`);
const of = (w: Written, slides: boolean): number => (slides ? w.sliding! : w.turning!);

/**
 * What holds of a refusal: it stands at its file, line and key, and says what would do: the unit that the joint has, or
 * one for each kind.
 */
function refusedWell(act: () => unknown, slides: readonly boolean[], w: Written, place: RegExp, power: number): void {
  const mixed = new Set(slides).size === 2,
    turns = `j${slides.indexOf(false)} turns`,
    slide = `j${slides.indexOf(true)} slides`,
    rad = `rad${PER[power]}`,
    m = `m${PER[power]}`;
  const words = mixed
    ? `for all joints, want { turning: a number in ${rad}, sliding: one in ${m} }: ${turns}, ${slide}`
    : slides[0]
      ? `want a number in ${m} or with such a unit: j0 slides`
      : `want a number in ${rad} or with such a unit: j0 turns`;
  assert.throws(act, (e: Error) => {
    assert.match(e.message, place);
    assert.ok(
      e.message.includes(words),
      `${w.text} of ${slides.map((s) => (s ? "m" : "rad")).join()}: ${e.message}, want: ${words}`,
    );
    return true;
  });
}

/** Arms of one to four joints: all that turn, all that slide, and mixed ones. */
function* arms(): Generator<{
  readonly slides: readonly boolean[];
  readonly rng: Rng;
  readonly load: (lines: string) => AgentSetup;
  readonly file: string;
}> {
  for (let seed = 1; seed <= 8; seed++) {
    const rng = new Rng(seed),
      n = 2 + Math.floor(rng.uniform() * 3),
      slides = Array.from({ length: n }, () => (seed % 4 === 0 ? true : seed % 4 === 1 ? false : rng.uniform() < 0.5));
    // the last sliding joint of a chain may be a gripper's
    slides[n - 1] &&= seed % 4 === 0 || slides.slice(0, -1).every((s) => s) === false;
    write(`a${seed}.urdf`, urdf(slides));
    const file = join(folder, `a${seed}.yaml`),
      head =
        `name: a${seed}\nurdf: a${seed}.urdf\ntool: l${n}\n` +
        `joints: [${slides.map((_, j) => `j${j}`).join(", ")}]\n`;
    yield {
      slides,
      rng,
      file,
      load: (lines) => loadSetup({ robot: write(`a${seed}.yaml`, `${head}${lines}`), agent: "default" }),
    };
  }
}

test(
  "a bound of every joint in a robot's file is one of each kind, " +
    "or is refused at its line where one cannot fit all",
  () => {
    const counts = { taken: 0, refused: 0 };
    for (const { slides, rng, load } of arms())
      for (const form of FORMS)
        for (const [key, power, low, high] of [
          ["acceleration", 2, 0.5, 9],
          ["jerk", 3, 50, 900],
          ["tracking_error", 0, 0.001, 0.1],
          ["limit_margin", 0, 0.01, 0.4],
          ["expected_tracking_error", 0, 1e-4, 0.04],
        ] as const) {
          const w = written(rng, power, () => rng.range(low, high), form),
            inLimits = power > 0,
            lines = inLimits ? `limits:\n  ${key}: ${w.text}\n` : `${key}: ${w.text}\n`;
          if (!fits(w, slides)) {
            counts.refused++;
            refusedWell(
              () => load(lines),
              slides,
              w,
              inLimits
                ? new RegExp(`a\\d+\\.yaml:6:\\d+ limits\\.${key}: got `)
                : new RegExp(`a\\d+\\.yaml:5:\\d+ ${key}: got `),
              power,
            );
            continue;
          }
          counts.taken++;
          const setup = load(lines),
            { limits } = setup.arm,
            measured = (): MeasuredJoints => new MeasuredJoints(setup);
          slides.forEach((s, j) => {
            const want = of(w, s),
              what = `${key}: ${w.text}, joint ${j} ${s ? "slides" : "turns"}`;
            if (key === "acceleration") near(limits.acceleration[j], want, what);
            else if (key === "jerk") near(limits.jerk![j], want, what);
            else if (key === "tracking_error") near(limits.hi[j], LIMIT - want, what);
            else if (key === "expected_tracking_error") near(new Sweep(setup.arm).error[j], want, what);
            else {
              const at = (x: number): string =>
                  measured().take(
                    {
                      stamp: 0,
                      names: setup.arm.jointNames,
                      positions: slides.map((_, i) => (i === j ? x : 0)),
                      velocities: [],
                    },
                    0,
                  ),
                unit = s ? "m" : "rad";
              assert.equal(at(LIMIT + want - 1e-6), "", what);
              assert.match(
                at(LIMIT + want + 1e-3),
                new RegExp(
                  `^got j${j} at [-\\d.]+ ${unit}, [\\d.]+ ${unit} beyond its limit 0\\.800, want at most [\\d.]+ ` +
                    `${unit}`,
                ),
                what,
              );
            }
          });
        }
    assert.ok(counts.taken > 60 && counts.refused > 50, JSON.stringify(counts));
  },
);

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
  "a scene's start takes angles and lengths, " +
    "each where the joint of the scene's own robot has one, also where a seed draws it",
  () => {
    let refused = 0,
      taken = 0;
    for (const { slides, rng, load, file } of arms()) {
      const setup = load("");
      for (let trial = 0; trial < 8; trial++) {
        const wrong = trial % 2 === 1 ? Math.floor(rng.uniform() * slides.length) : -1,
          values = slides.map(() => rng.range(-0.5, 0.5));
        const list = values.map((x, j) =>
          rng.uniform() < 0.2 && j !== wrong
            ? String(x)
            : slides[j] !== (j === wrong)
              ? `${x / 0.01} cm`
              : `${(x * 180) / Math.PI} deg`,
        );
        const drawn = trial % 4 >= 2,
          text =
            `name: s\nrobot: ${file}\nstart: [${(drawn ? values.map(() => 0) : list).join(", ")}]\n` +
            (drawn ? `random:\n  start: { choices: [[${list.join(", ")}]] }\n` : ""),
          scene = write("s.yaml", text);
        const place = drawn
          ? new RegExp(`s\\.yaml:5:\\d+ random\\.start\\.choices\\[0\\]\\[${wrong}\\]: got `)
          : new RegExp(`s\\.yaml:3:\\d+ start\\[${wrong}\\]: got `);
        if (wrong >= 0) {
          refused++;
          for (const act of [
            () => loadSceneFor(scene, setup.robot.name, setup.arm),
            () => loadSetup({ robot: file, agent: "default", scene }),
          ])
            assert.throws(
              act,
              (e: Error) =>
                (place.test(e.message) &&
                  e.message.includes(
                    `want a number in ${slides[wrong] ? "m" : "rad"} or with such a unit: j${wrong} ` +
                      (slides[wrong] ? "slides" : "turns"),
                  )) ||
                assert.fail(e.message),
            );
          continue;
        }
        taken++;
        const loaded = loadSceneFor(scene, setup.robot.name, setup.arm);
        if (!drawn) loaded.start!.forEach((x, j) => near(x, values[j], `start ${list[j]}`));
      }
      assert.throws(
        () =>
          loadSceneFor(
            write("s.yaml", `name: s\nrobot: ${file}\nstart: [${[...slides, true].map(() => 0).join(", ")}]\n`),
            setup.robot.name,
            setup.arm,
          ),
        new RegExp(
          `s\\.yaml:3:\\d+ start: got ${slides.length + 1} values, want ${slides.length}, one for each joint: j0, `,
        ),
      );
    }
    assert.ok(refused === 32 && taken === 32);
  },
);

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
