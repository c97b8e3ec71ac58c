import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { monotonic } from "../../../src/core/time/SharedClock.js";

test("all threads read the same monotonic clock, also when they start on a busy machine", async () => {
  const source = new URL("../../../src/core/time/SharedClock.js", import.meta.url).href;
  const code =
    `import(${JSON.stringify(source)}).then(({ monotonic }) => { const { parentPort } = ` +
    `require("node:worker_threads"); const t = process.hrtime.bigint(); parentPort.postMessage(monotonic() - ` +
    "Number(t) / 1e9); });";
  const offsets = await Promise.all(
    Array.from(
      { length: 12 },
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(code, { eval: true });
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    ),
  );
  const t = process.hrtime.bigint();
  offsets.push(monotonic() - Number(t) / 1e9);
  // One reading may be interrupted as well, so most of them must agree, and none may be early: an early clock was what
  // stopped commands.
  assert.ok(Math.min(...offsets) > -1e-4, `${offsets}`);
  assert.ok(offsets.filter((x) => x < 2e-3).length >= 9, `${offsets}`);
});
