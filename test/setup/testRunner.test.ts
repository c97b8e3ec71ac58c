import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "./checkout.js";

interface Result {
  readonly file: string;
  readonly ms: number;
  readonly cpu: number; // ms
  readonly output: string;
  readonly failures: readonly { readonly name: string; readonly failure: string }[];
  readonly passed: number;
  readonly skipped: number;
}
let runFile: (path: string, o: object) => Promise<Omit<Result, "file">>;
let summary: (results: readonly Result[], ms: number, idle: number) => string;

const linux = process.platform === "linux" ? false : "only Linux tells";
const folder = mkdtempSync(join(tmpdir(), "telos-runner-"));
before(async () => {
  const load = (name: string): Promise<any> => import(join(root, "scripts", "test", `${name}.mjs`));
  ({ runFile } = await load("runFile"));
  ({ summary } = await load("summary"));
});
after(() => rmSync(folder, { recursive: true }));

async function run(name: string, text: string, timeout = 20_000): Promise<Result> {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(file, `import { after, describe, it, test } from "node:test";\n${text}\n`);
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  return { file: name, ...(await runFile(file, { cwd: folder, env, timeout })) };
}

test("every failed test is told by its name, its suites' and its message, and no other", async () => {
  const { failures, passed, skipped, output } = await run(
    "some",
    `test("well", () => undefined);
     test("ill", () => { throw new Error("first line\\nsecond line"); });
     test("no error", () => { throw 5; });
     test("to do", { todo: true }, () => { throw new Error("known"); });
     describe("suite", () => {
       it("well too", () => undefined);
       it("ill too", () => Promise.reject(new Error("deep")));
       it.skip("left out", () => undefined);
     });
     describe("suite left out", { skip: true }, () => it("in it", () => undefined));`,
  );
  assert.deepEqual(
    failures.map((f) => [f.name, f.failure]),
    [
      ["ill", "first line\nsecond line"],
      ["no error", "5"],
      ["suite > ill too", "deep"],
    ],
  );
  assert.deepEqual([passed, skipped], [2, 3]);
  assert.match(output, /✔ well[^]*✖ ill[^]*second line/);
  assert.doesNotMatch(output, /failing tests:|ℹ pass/, "what the whole run tells once");
});

test("a file that cannot be read, hangs, dies, or throws beside its tests is told with its last words", async () => {
  for (const [name, text, words] of [
    ["empty", "", /ended with 0 and reported no test/],
    ["unread", 'import "no-such-package";', /ended with 1[^]*no-such-package/],
    ["hangs", 'test("well", () => undefined); setInterval(() => undefined, 100);', /did not end within 1 s/],
    [
      "dies",
      'test("well", () => { console.log("the last word"); process.exit(3); });',
      /ended with 3[^]*the last word/,
    ],
    ["after", 'test("well", () => undefined); after(() => { throw new Error("too late"); });', /too late/],
    ["beside", 'test("well", () => { setTimeout(() => { throw new Error("stray"); }, 20); });', /stray/],
  ] as const) {
    const { failures } = await run(name, text, name === "hangs" ? 1000 : 20_000);
    assert.equal(failures.length, 1, `${name}: ${JSON.stringify(failures)}`);
    assert.match(failures[0].failure, words, name);
  }
});

test("the CPU of a file is that of its process and of those that it waited for", { skip: linux }, async () => {
  const burn = "const end = Date.now() + 400; while (Date.now() < end);";
  const { cpu } = await run(
    "burns",
    `import { spawnSync } from "node:child_process";
     test("well", () => { spawnSync(process.execPath, ["-e", ${JSON.stringify(burn)}]); });`,
  );
  const { cpu: other } = await run("waits", 'test("well", () => new Promise((done) => setTimeout(done, 400)));');
  assert.ok(
    cpu > other + 100,
    `${cpu} ms of one that burnt for 400 ms in a process of its own, ${other} of one that waited`,
  );
});

test("a file that ends itself has told of what it ran", async () => {
  const text = 'test("well", () => undefined); setInterval(() => undefined); setTimeout(() => process.exit(), 300);';
  const { failures, passed } = await run("ends", text);
  assert.deepEqual([failures, passed], [[], 1]);
});

test("the last lines tell the ten slowest files, then each failure with at most 15 lines, then the numbers", () => {
  const of = (n: number, failures: Result["failures"]): Result => ({
    file: `f${n}`,
    ms: 1000 * n,
    cpu: 500,
    output: "",
    failures,
    passed: 2,
    skipped: 0,
  });
  const long = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
  const all = Array.from({ length: 12 }, (_, n) => of(n, n === 3 ? [{ name: "a law", failure: long }] : []));
  const lines = summary(all, 61_000, 0.25).trim().split("\n");
  assert.deepEqual(
    lines.slice(1, 11).map((line) => line.trim().split(/\s+/).at(-1)),
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((n) => `f${n}`),
  );
  const failed = lines.indexOf("✖ f3: a law");
  assert.ok(failed > 10 && failed + 18 === lines.length - 1, lines.join("\n"));
  assert.match(lines[failed + 15], /line 14$/);
  assert.match(lines[failed + 16], /25 lines more/);
  assert.equal(lines.at(-1), "24 passed, 1 failed in 1 min 01 s (6 s of CPU, the cores idle for 25%)");
});
