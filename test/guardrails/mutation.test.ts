import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { mutants } from "./mutants.js";
import type { Mutant } from "./mutants/Mutant.js";

/** Where a text stands in another, however their lines are broken. */
const placeOf = (text: string): RegExp =>
  new RegExp(
    text
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("\\s+"),
  );

/**
 * A copy of the compiled product in which files may be spoilt. Its tests are the same, but fewer steps of them tell as
 * much.
 */
function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), "telos-mutants-"));
  for (const part of ["src", "test"]) cpSync(resolve("dist", part), join(folder, "dist", part), { recursive: true });
  for (const part of ["config", "node_modules", "package.json"]) symlinkSync(resolve(part), join(folder, part));
  const shorten = (file: string, from: string, to: string): void => {
    const path = join(folder, "dist", "test", file),
      text = readFileSync(path, "utf8");
    assert.match(text, placeOf(from), `${file} holds '${from}'`);
    writeFileSync(
      path,
      text.replace(placeOf(from), () => to),
    );
  };
  shorten("guardrails/setups.js", 'robots = ["arm7", "ur5", "so101"]', 'robots = ["arm7"]');
  shorten("fuzz/amongBoxes.js", "STEPS = 4000", "STEPS = 2500");
  shorten("fuzz/task.test.js", "WORLDS = trials(4)", "WORLDS = 3");
  shorten("guardrails/margins/margins.test.js", "[0, 1].flatMap", "[0].flatMap");
  shorten("guardrails/filter/viableVelocities.test.js", "fuzzJoints(3e6", "fuzzJoints(3e5");
  shorten("guardrails/filter/JerkLimiter.test.js", "fuzzJerks(3e5", "fuzzJerks(2e4");
  shorten("guardrails/filter/SafetyFilter.test.js", "run(20_000)", "run(3_000)");
  shorten("guardrails/filter/SafetyFilter.test.js", "bytes < 160_000", "bytes < Infinity");
  shorten("guardrails/filter/jerk.test.js", "bytes < 80_000", "bytes < Infinity");
  shorten("guardrails/allocated.js", "ROUNDS = 8", "ROUNDS = 1");
  return folder;
}

// s of processor time, which other programs do not use up; what takes longer is noticed too, and told
const LIMIT = 60;
const WAIT = 1_200_000; // ms: what waits for ever, rather than loops
type Outcome = "passes" | "fails" | "never ended" | "did not run";

/** What becomes of a file of tests. One that cannot be run at all tells nothing of the product. */
const outcome = (folder: string, tests: string): Promise<Outcome> =>
  new Promise((done) =>
    execFile(
      "sh",
      [
        "-c",
        `ulimit -t ${LIMIT}; exec "$@"`,
        "sh",
        process.execPath,
        "--test-reporter=tap",
        join(folder, "dist", "test", tests),
      ],
      { cwd: folder, env: { ...process.env, NODE_TEST_CONTEXT: undefined }, timeout: WAIT },
      (error, out) => {
        if (error === null) done("passes");
        else if (/^# fail [1-9]/m.test(out)) done("fails");
        else done(typeof error.signal === "string" ? "never ended" : "did not run");
      },
    ),
  );

// `npm run fuzz -- --mutants` tries all, a test run every thirty-second
const EACH = process.env.TELOS_MUTANTS === "all" ? 1 : 32;

const covered = new Set(mutants.map((m) => m.file));

test("every mutation is of a text that is there once or is told by its first place", () => {
  for (const m of mutants)
    assert.match(readFileSync(resolve("dist/src", m.file), "utf8"), placeOf(m.from), `${m.file} holds '${m.from}'`);
});

test("every file of the guardrails that decides anything has mutants", () => {
  // types, and how errors tell numbers
  const without = ["Guardrail.js", "GuardrailKind.js", "filter/PathSweep.js", "margins/rounded.js"];
  const files = readdirSync(resolve("dist/src/guardrails"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((f) => f.endsWith(".js")))
    assert.ok(covered.has(`guardrails/${file}`) || without.includes(file), `${file} has none`);
});

test(
  "each predicate deleted, sign turned or term dropped makes a law's test fail",
  { timeout: 7_200_000 },
  async (t) => {
    const folders = [copy(), copy()];
    try {
      const queue = mutants.filter((_, i) => i % EACH === 0),
        survived: (Mutant & { readonly outcome: Outcome })[] = [];
      const sound = [...new Set(queue.map((m) => m.tests))];
      await Promise.all(
        folders.map(async (folder) => {
          for (let tests = sound.shift(); tests !== undefined; tests = sound.shift())
            assert.equal(await outcome(folder, tests), "passes", `${tests} without a mutation`);
        }),
      );
      await Promise.all(
        folders.map(async (folder) => {
          for (let m = queue.shift(); m !== undefined; m = queue.shift()) {
            const path = join(folder, "dist", "src", m.file),
              text = readFileSync(path, "utf8");
            assert.match(text, placeOf(m.from), `${m.file} holds '${m.from}'`);
            writeFileSync(
              path,
              text.replace(placeOf(m.from), () => m.to),
            );
            const o = await outcome(folder, m.tests);
            if (o === "passes" || o === "did not run") survived.push({ ...m, outcome: o });
            if (o === "never ended")
              t.diagnostic(`${m.file}: '${m.from}' to '${m.to}': ${m.tests} had not ended after ${LIMIT} s`);
            writeFileSync(path, text);
          }
        }),
      );
      assert.deepEqual(survived, []);
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true });
    }
  },
);
