import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { packageRoot } from "../../src/config/index.js";

const root = packageRoot(),
  examples = join(root, "examples"),
  names = readdirSync(examples)
    .filter((name) => name !== "README.md")
    .sort();
// where commands run: what they write lies beside the examples, and not among them
const place = mkdtempSync(join(tmpdir(), "telos-examples-"));
symlinkSync(examples, join(place, "examples"));
after(() => rmSync(place, { recursive: true }));

const NUMBER = /-?\d+(\.\d+)?/g;
const numbers = (line: string): number[] => (line.match(NUMBER) ?? []).map(Number);

/** What must be true of what each example prints, beside that it ends well. */
const laws: Readonly<Record<string, (lines: readonly string[]) => void>> = {
  // by hand, θ from the vertical: upper arm 0.36 m at 30°, forearm 0.42 m at 120°, hand 0.18 m at 180°, shoulder 0.28 m
  "03_your_arm": (lines) => {
    const rad = Math.PI / 180,
      along = (f: (angle: number) => number): number => 0.36 * f(30 * rad) + 0.42 * f(120 * rad) + 0.18 * f(180 * rad);
    const [x, , z] = numbers(lines.at(-1)!);
    assert.ok(Math.abs(x - along(Math.sin)) < 1e-3 && Math.abs(z - 0.28 - along(Math.cos)) < 1e-3, lines.at(-1));
  },
  "04_your_cost": (lines) => {
    const [free, high] = lines.map((line) => numbers(line).at(-1)!); // E
    assert.ok(high < 0.8 * free, lines.join("\n"));
  },
  "05_your_guardrail": (lines) => {
    const below = numbers(lines.at(-1)!).at(-1)!; // mm
    assert.ok(below >= 0 && below < 20, lines.at(-1));
  },
  "06_the_agent_in_a_loop": (lines) => {
    assert.ok(numbers(lines[0])[1] > 1, "it begins where the goal does not hold");
    assert.match(lines.at(-1)!, /the goal holds/);
  },
  "08_your_own_world_model": (lines) => {
    assert.ok(numbers(lines.at(-1)!)[1] <= 20, lines.at(-1)); // mm, the goal's tolerance
  },
};

/** Those that need neither a graph of ROS nor hours. */
const QUICK = /^(npx telos (plan|robot|collect)|npm run example) /;

/** A README's commands, without their remarks. */
const commandsOf = (readme: string): string[] =>
  [...readme.matchAll(/^```sh\n([^]*?)^```/gm)]
    .flatMap(([, text]) => text.split("\n"))
    .map((line) => line.replace(/\s+#.*/, "").trim())
    .filter((line) => line !== "");

/** Runs a README's command with this build, which is up to date. */
function run(name: string, command: string): Promise<string> {
  const words = command.split(/\s+/);
  const args = command.startsWith("npm run example")
    ? [join(root, "dist", "examples", name, "main.js")]
    : [join(root, "dist", "src", "main.js"), ...words.slice(2)];
  const child = spawn(process.execPath, args, { cwd: place, stdio: ["ignore", "pipe", "pipe"] });
  let out = "",
    all = "";
  child.stdout.on("data", (data: Buffer) => ((out += String(data)), (all += String(data))));
  child.stderr.on("data", (data: Buffer) => (all += String(data)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command}: ended with ${code}\n${all}`)),
    );
  });
}

describe("examples", { concurrency: 2 }, () => {
  it("are numbered from 01 without a gap", () =>
    assert.deepEqual(
      names.map((name) => name.slice(0, 3)),
      names.map((_, i) => `${String(i + 1).padStart(2, "0")}_`),
    ));

  it("README.md names each once, in order", () => {
    const index = readFileSync(join(examples, "README.md"), "utf8");
    assert.deepEqual(
      [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link),
      names,
    );
  });

  for (const name of names) {
    const files = readdirSync(join(examples, name)),
      readme = readFileSync(join(examples, name, "README.md"), "utf8"),
      commands = commandsOf(readme);

    it(`${name} is short, and its README names all there is`, () => {
      const lines = (file: string): number =>
        readFileSync(join(examples, name, file), "utf8")
          .trimEnd()
          .split("\n").length;
      assert.ok(lines("README.md") >= 5 && lines("README.md") <= 15, `README.md has ${lines("README.md")} lines`);
      for (const file of files) assert.ok(lines(file) <= 60, `${file} has ${lines(file)} lines`);
      const named = commands.join("\n");
      for (const file of files.filter((f) => /^(task|reach|collect)\.yaml$/.test(f)))
        assert.match(named, new RegExp(file));
      assert.equal(files.includes("main.ts"), named.includes(`npm run example -- ${name.slice(0, 2)}`));
      assert.ok(
        commands.some((c) => QUICK.test(c)),
        "none of its commands is run here",
      );
    });

    for (const command of commands.filter((c) => QUICK.test(c)))
      it(`${name}: ${command}`, async () => {
        const out = await run(name, command);
        if (command.startsWith("npm")) laws[name](out.trimEnd().split("\n"));
        const folder = / --out (\S+)/.exec(command)?.[1];
        if (folder === undefined) return;
        const recordings = readdirSync(join(place, folder)).filter((f) => f.endsWith(".mcap"));
        assert.equal(recordings.length, Number(/ --episodes (\d+)/.exec(command)![1]));
        for (const file of recordings)
          assert.equal(readFileSync(join(place, folder, file)).toString("latin1", 1, 5), "MCAP", file);
      });
  }
});
