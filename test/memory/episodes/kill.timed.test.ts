import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Rng } from "../../../src/core/math/Rng.js";
import { monotonic } from "../../../src/core/time/SharedClock.js";
import { EpisodeLog } from "../../../src/memory/episodes/EpisodeLog.js";
import { readLog } from "../../../src/memory/episodes/readLog.js";
import { jointNames, limits, scratch } from "./logs.js";
import { trials } from "../../trials.js";

interface Killed {
  readonly at: number; // s, monotonic
  readonly path: string;
  readonly added: readonly { i: number; at: number; written: number }[];
}

/** Starts a writer and kills it -9 some time after it began to write. */
async function kill(folder: string, after: number): Promise<Killed> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./killedWriter.js", import.meta.url)), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  let at = 0;
  child.stdout.on("data", (data: Buffer) => {
    if (text === "") setTimeout(() => ((at = monotonic()), child.kill("SIGKILL")), after);
    text += String(data);
  });
  await new Promise((done) => child.on("close", done));
  const lines = text
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split(" "));
  return {
    at,
    path: lines.find(([word]) => word === "path")![1],
    added: lines
      .filter(([word]) => word !== "path")
      .map(([i, t, written]) => ({ i: Number(i), at: Number(t), written: Number(written) })),
  };
}

test(
  "kill -9 at random instants: a gapless beginning is there, " +
    "with all that was acknowledged, and all that is older than 200 ms",
  async (t) => {
    const folder = scratch(t);
    const rng = new Rng(5);
    for (let n = 0; n < trials(8); n++) {
      const { at, path, added } = await kill(folder, 250 + 500 * rng.uniform());
      const stamps = [...readLog(path)].filter((m) => m.topic !== "~/episode").map((m) => m.stamp);
      stamps.forEach((stamp, k) => assert.equal(stamp, k + 1));
      const acknowledged = Math.max(...added.map((a) => a.written)) - 1; // the first entry is the episode's beginning
      assert.ok(stamps.length >= acknowledged, `${stamps.length} on disk, ${acknowledged} acknowledged`);
      const old = added.filter((a) => a.at < at - 0.2).at(-1)?.i ?? 0;
      assert.ok(stamps.length >= old, `${stamps.length} on disk, ${old} older than 200 ms`);
    }
  },
);

test("the next start tells what the last run left unfinished, once, and makes its file whole", async (t) => {
  const folder = scratch(t);
  const { path } = await kill(folder, 400);
  const notice = async (): Promise<string> => {
    const log = await EpisodeLog.open({ folder, jointNames, limits });
    const notices: string[] = [];
    log.notices.subscribe((text) => notices.push(text));
    await log.close();
    return notices.join();
  };
  assert.match(await notice(), /^the last run ended in the middle of task endless after [\d.-]+ s \(.*\.mcap\)$/);
  assert.ok([...readLog(path)].length > 10);
  assert.equal(await notice(), "");
});
