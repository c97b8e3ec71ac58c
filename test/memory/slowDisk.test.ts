import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RecordingWriter } from "../../src/memory/episodes/RecordingWriter.js";
import { streamRecording } from "../../src/memory/episodes/streamRecording.js";
import { noTinyDisk, onTinyDisk } from "./tinyDisk.js";
import { jointNames, limits, scratch } from "./episodes/logs.js";

const topic = { topic: "/a", type: "std_msgs/msg/String", definition: "string data\n" };
const message = (i: number): Uint8Array => Buffer.alloc(1000, i);

test(
  "a disk that is too slow for a recording leaves a gap that is told with its size, " + "and no more waits than may",
  async (t) => {
    const path = join(scratch(t), "r.mcap"),
      told: string[] = [],
      writer = new RecordingWriter(path, (why) => told.push(why), 50_000);
    const burst = (first: number): void => {
      for (let i = 0; i < 100; i++) writer.write(topic, first + i, message(i)); // the disk has no turn
    };
    burst(1000);
    assert.deepEqual(told, [`the disk of ${path} is too slow: 0.1 MB are waiting, and new messages are not recorded`]);
    await new Promise((r) => setTimeout(r, 200));
    writer.write(topic, 2000, message(0));
    assert.deepEqual(told.slice(1), [`the disk of ${path} has caught up; 50 messages were not recorded`]);
    await writer.close();
    assert.deepEqual(
      [...streamRecording(path)].map((m) => m.stamp),
      [...Array.from({ length: 50 }, (_, i) => 1000 + i), 2000],
    );
  },
);

const modules = (name: string): string => new URL(`../../src/memory/episodes/${name}.js`, import.meta.url).href;

test(
  "a disk that is full ends log and recording with a word each, told once, and both can be closed",
  { skip: noTinyDisk },
  async (t) => {
    const folder = scratch(t);
    const program = `
    const { EpisodeLog } = await import("${modules("EpisodeLog")}"), { RecordingWriter } = \
await import("${modules("RecordingWriter")}"), { readLog } = await import("${modules("readLog")}");
    const alive = setInterval(() => undefined, 1000), told = [], log = await EpisodeLog.open({ folder: "${folder}", \
jointNames: ${JSON.stringify(jointNames)}, limits: ${JSON.stringify(limits)} });
    log.notices.subscribe((notice) => told.push(notice));
    const writer = new RecordingWriter("${folder}/r.mcap", (why) => told.push(why));
    for (let i = 0; told.length < 2 && i < 2000; i++) {
      log.joints(1000 + i, Float64Array.of(0, 0), new Float64Array(2));
      for (let k = 0; k < 20; k++) writer.write(${JSON.stringify(topic)}, 1000 + i, new Uint8Array(1000));
      await new Promise((r) => setTimeout(r, 2));
    }
    const trouble = log.trouble;
    for (let i = 0; i < 200; i++) log.joints(9000 + i, Float64Array.of(0, 0), \
new Float64Array(2)), writer.write(${JSON.stringify(topic)}, 9000 + i, new Uint8Array(1000));
    await new Promise((r) => setTimeout(r, 200));
    await Promise.all([log.close(), writer.close()]);
    clearInterval(alive);
    console.log(JSON.stringify({ told, trouble, read: [...readLog(log.path)].length }));`;
    const file = join(scratch(t), "program.mjs"); // none of the command line's: threads would inherit it
    writeFileSync(file, program);
    const { code, stdout, stderr } = await onTinyDisk(folder, "300k", `"${process.execPath}" "${file}"`);
    assert.equal(code, 0, stderr);
    const { told, trouble, read } = JSON.parse(stdout) as { told: string[]; trouble: string; read: number };
    assert.deepEqual([...told].sort(), [
      "episodes are no longer logged: ENOSPC: no space left on device, write",
      "recording has stopped: ENOSPC: no space left on device, write",
    ]);
    assert.equal(
      trouble,
      told.find((w) => w.startsWith("episodes")),
    );
    assert.ok(read > 10, `${read} entries of the log still read`);
  },
);
