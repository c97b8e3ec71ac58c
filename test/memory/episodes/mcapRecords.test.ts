import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { McapWriter } from "@mcap/core";
import { loadRecording } from "../../../src/memory/episodes/loadRecording.js";
import { streamRecording } from "../../../src/memory/episodes/streamRecording.js";
import { RecordingWriter } from "../../../src/memory/episodes/RecordingWriter.js";
import { scratch } from "./logs.js";

/** What a recording holds, read to its end, and whether it was said to be whole. */
function read(path: string): { data: number[]; whole: boolean } {
  const messages = streamRecording(path),
    data: number[] = [];
  for (;;) {
    const { value, done } = messages.next();
    if (done) return { data, whole: value };
    data.push(value.data[0]);
  }
}

test("a recording cut off at any byte reads as its beginning, and is said not to be whole", async (t) => {
  const path = join(scratch(t), "run.mcap"),
    cut = `${path}.cut`;
  const writer = new RecordingWriter(path, (why) => assert.fail(why));
  for (let i = 0; i < 9; i++) writer.write({ topic: "/x", type: "p/msg/T", definition: "" }, i, Uint8Array.of(i));
  await writer.close(new Map([["k", "v"]]));
  const bytes = readFileSync(path),
    all = read(path);
  assert.deepEqual(all, { data: [0, 1, 2, 3, 4, 5, 6, 7, 8], whole: true });
  assert.equal(loadRecording(path).messages.length, 9);
  for (let n = 8; n < bytes.length; n++) {
    writeFileSync(cut, bytes.subarray(0, n));
    const { data, whole } = read(cut);
    assert.deepEqual(data, all.data.slice(0, data.length), `${n} bytes`);
    assert.equal(whole, false, `${n} of ${bytes.length} bytes`);
    assert.throws(() => loadRecording(cut), /run\.mcap\.cut: got a file that ends early/);
  }
});

test("what is no MCAP file, and one compressed in a way that is not read, are told with the file's name", async (t) => {
  const path = join(scratch(t), "other.mcap"),
    parts: Uint8Array[] = [];
  const writable = {
    position: () => BigInt(parts.reduce((sum, p) => sum + p.length, 0)),
    write: async (p: Uint8Array) => void parts.push(p.slice()),
  };
  const writer = new McapWriter({ writable, compressChunk: (data) => ({ compression: "lz4", compressedData: data }) });
  await writer.start({ profile: "", library: "" });
  const channelId = await writer.registerChannel({
    schemaId: 0,
    topic: "/x",
    messageEncoding: "cdr",
    metadata: new Map(),
  });
  await writer.addMessage({ channelId, sequence: 0, logTime: 0n, publishTime: 0n, data: Uint8Array.of(1) });
  await writer.end();
  for (const [bytes, why] of [
    [Buffer.concat(parts), /lz4/],
    [Buffer.from("no such thing at all"), /magic/i],
  ] as const) {
    writeFileSync(path, bytes);
    for (const reads of [read, loadRecording]) {
      assert.throws(
        () => reads(path),
        (error: Error) => error.message.startsWith(`${path}: `) && why.test(error.message),
      );
    }
  }
});
