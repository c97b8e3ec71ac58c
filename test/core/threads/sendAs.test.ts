import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** Runs a program that prefers its threads, and reads what Linux says of their niceness; undefined if not allowed. */
function niceness(program: string): unknown {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { readdirSync, readFileSync } from "node:fs";
       import { getPriority } from "node:os";
       import * as threads from "${new URL("../../../src/core/threads/preferThread.js", import.meta.url).href}";
       const all = () => readdirSync("/proc/self/task").map((t) => getPriority(Number(t)));
       const own = () => Number(readFileSync("/proc/thread-self/stat", "utf8").split(") ")[1].split(" ")[16]);
       threads.preferThread(threads.LIVE);
       if (own() !== threads.LIVE) console.log("null");
       else { ${program} }`,
    ],
    { encoding: "utf8" },
  );
  assert.equal(stderr, "");
  return JSON.parse(stdout) ?? undefined;
}

test("a message leaves at the niceness of who waits for it, and the sender then works on at its own", (t) => {
  const seen = niceness(`
    threads.preferThread(5);
    const before = own();
    let during;
    threads.sendAs(5, () => (during = own()));
    let after;
    try { threads.sendAs(5, () => { throw new Error("no"); }); } catch { after = own(); }
    console.log(JSON.stringify([before, during, after]));`);
  if (seen === undefined) return t.skip("needs the right to prefer a thread");
  assert.deepEqual(seen, [5, -10, 5]);
});

test("V8's pool, which was there before, is preferred with the thread that waits for it", (t) => {
  const seen = niceness("threads.preferProcess(threads.LIVE); console.log(JSON.stringify(all()));");
  if (seen === undefined) return t.skip("needs the right to prefer a thread");
  assert.ok((seen as number[]).length > 4 && (seen as number[]).every((n) => n === -10), `${seen}`);
});
