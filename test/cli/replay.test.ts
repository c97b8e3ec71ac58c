import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RecordingWriter } from "../../src/memory/episodes/RecordingWriter.js";
import { telos } from "./telos.js";

test(
  "a recording that ends early is told as such, with exit code 1; " +
    "one without decisions, and what is none, by the file's name",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "telos-replay-")),
      path = join(folder, "r.mcap"),
      cut = join(folder, "cut.mcap");
    t.after(() => rmSync(folder, { recursive: true }));
    const writer = new RecordingWriter(path, (why) => assert.fail(why));
    for (let i = 0; i < 100; i++)
      writer.write(
        { topic: "/a", type: "std_msgs/msg/String", definition: "string data\n" },
        1 + i,
        new Uint8Array(10_000),
      );
    await writer.close();
    writeFileSync(cut, readFileSync(path).subarray(0, 600_000));
    const ended = await telos(["replay", cut]),
      whole = await telos(["replay", path]);
    assert.deepEqual([ended.code, whole.code], [1, 1]);
    assert.match(ended.stderr, /cut\.mcap holds no decisions \(it ends early\): record with telos run --record/);
    assert.match(whole.stderr, /r\.mcap holds no decisions: record with telos run --record/);
  },
);
