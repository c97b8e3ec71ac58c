import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { McapIndexedReader } from "@mcap/core";
import { EpisodeLog } from "../../../src/memory/episodes/EpisodeLog.js";
import { readLog, type LogMessage } from "../../../src/memory/episodes/readLog.js";
import { command, jointNames, limits, plan, scratch } from "./logs.js";

const NOW = 1.7e9; // s: instants as they are, where 64-bit seconds resolve 0.24 µs

test("everything comes back as it was given", async (t) => {
  const log = await EpisodeLog.open({ folder: scratch(t), jointNames, limits });
  const c = command(NOW + 0.01, 3);
  const first = plan("subgoal", NOW);
  log.begin(1, NOW, "reach", { name: "reach", goal: [] });
  log.joints(NOW + 0.005, Float64Array.of(0.1, Math.PI), Float64Array.of(0, -1e-300));
  log.command(c);
  log.plan([first]);
  log.plan([first, plan("motion", NOW + 0.02)]); // the first is remembered already
  log.bodies(NOW + 0.03, [
    { id: "p", kind: "person", p0: [0, 0, 0], p1: [0, 0, 1], radius: 0.1, speedBound: 1.6, stamp: NOW + 0.03 },
  ]);
  log.objects(NOW + 0.03, [
    { id: "puck", position: [0.1, 0.2, 0.3], orientation: [0, 0, 0, 1], positionStd: 0.01, stamp: NOW },
  ]);
  log.state(NOW + 0.1, { mode: "active", margin: NaN });
  log.end(1, NOW + 0.2, "reach", { success: true, code: "NONE", message: "", energy: 0, duration: 0.2 });
  await log.close();

  const messages = [...readLog(log.path)];
  assert.deepEqual(
    messages.map((m) => m.topic),
    [
      "~/episode",
      "joint_states",
      "joint_trajectory_controller/joint_trajectory",
      "~/plan",
      "~/plan",
      "bodies",
      "objects",
      "~/state",
      "~/episode",
    ],
  );
  const data = messages.map((m) => m.data as Record<string, never>);
  assert.deepEqual(data[0], { event: "begin", number: 1, task: "reach", definition: { name: "reach", goal: [] } });
  assert.deepEqual([data[1].name, data[1].position, data[1].velocity], [jointNames, [0.1, Math.PI], [0, -1e-300]]);
  const points = data[2].points as { positions: number[]; velocities: number[]; time_from_start: object }[];
  assert.deepEqual(
    points.flatMap((p) => p.positions),
    [...c.q],
  );
  assert.deepEqual(
    points.flatMap((p) => p.velocities),
    [...c.v],
  );
  assert.deepEqual(points[2].time_from_start, { sec: 0, nanosec: 20_000_000 });
  assert.deepEqual(
    [data[3].level, data[3].a, data[3].energy, data[3].energies],
    ["subgoal", [0.5, -0.5], null, { travel: 1 / 3 }],
  );
  assert.equal(data[7].margin, null);
  assert.deepEqual([data[8].event, data[8].success], ["end", true]);
  assert.ok(Math.abs(messages[1].stamp - (NOW + 0.005)) < 1e-6);
});

test("a closed log is indexed: a reader can jump to a topic and a time", async (t) => {
  const log = await EpisodeLog.open({ folder: scratch(t), jointNames, limits });
  for (let k = 0; k < 4; k++) {
    for (let i = 0; i < 10; i++) log.joints(NOW + k + i / 100, Float64Array.of(k, i), new Float64Array(2));
    log.command(command(NOW + k));
    await new Promise((r) => setTimeout(r, 60));
  }
  await log.close();
  const handle = await open(log.path);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: async () => BigInt(statSync(log.path).size),
      read: async (offset, length) => {
        const block = Buffer.alloc(Number(length));
        await handle.read(block, 0, block.length, Number(offset));
        return block;
      },
    },
  });
  assert.equal(reader.statistics?.messageCount, 44n);
  assert.ok(reader.chunkIndexes.length >= 4);
  const found: unknown[] = [];
  for await (const m of reader.readMessages({
    topics: ["joint_states"],
    startTime: BigInt(NOW + 2) * 1_000_000_000n,
    endTime: BigInt(NOW + 3) * 1_000_000_000n - 1n,
  }))
    found.push(JSON.parse(Buffer.from(m.data).toString()).position);
  await handle.close();
  assert.deepEqual(
    found,
    Array.from({ length: 10 }, (_, i) => [2, i]),
  );
});

test("a file cut off at any byte of its last record reads up to the record before", async (t) => {
  const folder = scratch(t);
  const log = await EpisodeLog.open({ folder, jointNames, limits });
  const ends = [0];
  for (let k = 0; k < 3; k++) {
    log.joints(NOW + k, Float64Array.of(k, 0), new Float64Array(2));
    log.command(command(NOW + k, 2));
    while (log.written < 2 * (k + 1)) await new Promise((r) => setTimeout(r, 5));
    ends.push(statSync(log.path).size);
  }
  const bytes = readFileSync(log.path);
  await log.close();
  const cut = join(folder, "cut.mcap");
  const read = (length: number): LogMessage[] => {
    writeFileSync(cut, bytes.subarray(0, length));
    return [...readLog(cut)];
  };
  assert.equal(read(ends[3]).length, 6);
  let whole = 4;
  for (let length = ends[2]; length < ends[3]; length++) {
    const { length: n } = read(length);
    assert.ok(n === 4 || n === 6, `${n} messages of a file of ${length} bytes`); // the last batch wholly or not at all
    assert.ok(n >= whole);
    whole = n;
  }
  for (let length = 0; length < ends[1]; length += 7) assert.ok(read(length).length <= 2);
});

test(
  "old runs beyond the number or the size go, oldest first; " +
    "a log that its process still writes stays, another of the same process's number does not",
  async (t) => {
    const folder = scratch(t);
    const old = [
      "20200101T000000.000Z-999999.mcap",
      "20210101T000000.000Z-999999.mcap",
      "20220101T000000.000Z-999999.mcap",
    ];
    const held = `20190101T000000.000Z-${process.pid}.mcap`,
      reused = `20180101T000000.000Z-${process.pid}.mcap`;
    for (const name of [...old, held, reused, "notes.txt"]) writeFileSync(join(folder, name), "x".repeat(1000));
    const handle = await open(join(folder, held));
    t.after(() => handle.close());
    const kept = async (keep: number, size: number): Promise<string[]> => {
      const log = await EpisodeLog.open({ folder, jointNames, limits: { keep, size } });
      await log.close();
      return readdirSync(folder).filter((name) => name !== log.path.slice(folder.length + 1));
    };
    assert.deepEqual((await kept(5, 1e9)).sort(), [reused, held, ...old, "notes.txt"].sort());
    const left = await kept(3, 1e9);
    assert.ok(left.includes(held) && left.includes("notes.txt"));
    assert.ok(!left.includes(reused) && !left.includes(old[0]), left.join());
  },
);

test(
  "a disk that is too slow leaves a gap that is told with its size, " + "and the log goes on once it has caught up",
  async (t) => {
    const log = await EpisodeLog.open({ folder: scratch(t), jointNames, limits, waiting: 50 });
    const notices: string[] = [];
    log.notices.subscribe((notice) => notices.push(notice));
    const burst = (first: number): void => {
      for (let i = 0; i < 100; i++) log.joints(NOW + first + i, Float64Array.of(0, 0), new Float64Array(2));
      for (const until = performance.now() + 60; performance.now() < until;); // the disk has no turn
      log.joints(NOW + first + 100, Float64Array.of(0, 0), new Float64Array(2)); // late enough for a batch
    };
    burst(0);
    burst(1000);
    assert.match(notices.join(), /too slow: 101 entries are waiting/);
    assert.equal(log.trouble, notices[0]);
    while (log.trouble !== "") await new Promise((r) => setTimeout(r, 5));
    assert.match(notices[1], /has caught up; 101 entries were not logged/);
    burst(2000);
    await log.close();
    const stamps = [...readLog(log.path)].map((m) => Math.round(m.stamp - NOW));
    assert.deepEqual(stamps, [
      ...Array.from({ length: 101 }, (_, i) => i),
      ...Array.from({ length: 101 }, (_, i) => 2000 + i),
    ]);
  },
);

test("a folder that cannot be written ends the log with a word, and nothing else", async (t) => {
  const file = join(scratch(t), "file");
  writeFileSync(file, "");
  const log = await EpisodeLog.open({ folder: join(file, "runs"), jointNames, limits });
  const notices: string[] = [];
  log.notices.subscribe((notice) => notices.push(notice));
  for (let i = 0; i < 100; i++) log.command(command(NOW + i));
  await log.close();
  assert.match(notices.join(), /^episodes are no longer logged: .*ENOTDIR|EEXIST/);
  assert.equal(log.trouble, notices[0]);
});

test("what comes after the end is not logged, and is no trouble", async (t) => {
  const log = await EpisodeLog.open({ folder: scratch(t), jointNames, limits }),
    notices: string[] = [];
  log.notices.subscribe((notice) => notices.push(notice));
  log.command(command(NOW));
  const closed = Promise.all([log.close(), log.close()]); // two signals
  // the agent's last words while its threads end
  for (const end = performance.now() + 300; performance.now() < end;) log.command(command(NOW + 1));
  await closed;
  assert.deepEqual([notices, log.trouble ?? "", [...readLog(log.path)].length], [[], "", 1]);
});

test("a run's log stops at its limit and stays a whole file", async (t) => {
  const log = await EpisodeLog.open({ folder: scratch(t), jointNames, limits: { keep: 5, size: 100_000 } });
  const notices: string[] = [];
  log.notices.subscribe((notice) => notices.push(notice));
  for (let i = 0; notices.length === 0 && i < 1000; i++) {
    log.command(command(NOW + i / 100));
    await new Promise((r) => setTimeout(r, 1));
  }
  await log.close();
  assert.match(notices[0], /its limit/);
  assert.ok([...readLog(log.path)].length > 20 && statSync(log.path).size < 400_000);
});
