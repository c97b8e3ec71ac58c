import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { LatchFile } from "../../src/runtime/LatchFile.js";
import { Rng } from "../../src/core/math/Rng.js";
import { latchFolder, latchPath } from "../../src/adapters/ros/guard/latchPath.js";

const folder = mkdtempSync(join(tmpdir(), "telos-latch-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const LATCH = { by: "emergency_stop", since: "2026-11-30T08:00:00.000Z" };
let number = 0;
const fresh = (): string => join(folder, `${number++}`, "node.latch");

/** A file as it lies on the disk after LATCH. */
async function latched(): Promise<string> {
  const path = fresh();
  await new LatchFile(path).set(LATCH);
  return path;
}

test("what was latched is latched for whoever comes after, with its words; what was freed is free", async () => {
  const path = fresh();
  const first = new LatchFile(path);
  assert.deepEqual([first.latch, first.trouble], [undefined, ""]);
  await first.set(LATCH);
  assert.deepEqual([new LatchFile(path).latch, first.trouble], [LATCH, ""]);
  await first.set({ ...LATCH, by: "tracking" });
  assert.equal(new LatchFile(path).latch?.by, "tracking");
  await first.clear();
  assert.equal(new LatchFile(path).latch, undefined);
  void first.set(LATCH);
  void first.clear();
  await first.set(LATCH);
  assert.deepEqual(new LatchFile(path).latch, LATCH, "the last word stays");
});

test(
  "no damage to the file frees: every byte of it changed, " + "every byte lost, every length, nothing, another's words",
  async () => {
    const path = await latched();
    const good = readFileSync(path);
    const damaged: Buffer[] = [
      Buffer.alloc(0),
      Buffer.alloc(good.length),
      Buffer.from("null"),
      Buffer.from("{}"),
      Buffer.from('{"by":"","since":""}'),
      Buffer.alloc(1e6, 255),
    ];
    for (let i = 0; i < good.length; i++) {
      damaged.push(good.subarray(0, i), Buffer.concat([good.subarray(0, i), good.subarray(i + 1)]));
      for (const flip of [255, 1 << (i % 8)]) {
        const bytes = Buffer.from(good);
        bytes[i] ^= flip;
        damaged.push(bytes);
      }
    }
    for (const bytes of damaged) {
      writeFileSync(path, bytes);
      const { latch } = new LatchFile(path);
      assert.ok(latch !== undefined, `freed by ${bytes.toString("latin1").slice(0, 200)}`);
      // words that nobody wrote are not told
      if (latch.by !== LATCH.by || latch.since !== LATCH.since) assert.match(latch.by, /^latch_file: /);
    }
  },
);

test(
  "what is there and cannot be read latches: a folder in its place, " +
    "links that lead nowhere or in a loop, a folder that is a file",
  () => {
    const place = fresh();
    mkdirSync(place, { recursive: true });
    assert.match(new LatchFile(place).latch!.by, /^latch_file: EISDIR/);
    const loop = join(folder, "loop.latch");
    symlinkSync(loop, loop);
    assert.match(new LatchFile(loop).latch!.by, /^latch_file: ELOOP/);
    const nowhere = join(folder, "nowhere.latch");
    symlinkSync(join(folder, "not there"), nowhere);
    assert.match(new LatchFile(nowhere).latch!.by, /^latch_file: ENOENT/);
    const file = join(folder, "file");
    writeFileSync(file, "");
    assert.match(new LatchFile(join(file, "node.latch")).latch!.by, /^latch_file: ENOTDIR/);
  },
);

test(
  "what no latch can be written to is told with path and reason, before and after; " +
    "the latch holds in memory, and a reset that would not last is refused",
  { skip: process.platform !== "linux" },
  async () => {
    const place = fresh(),
      full = fresh(),
      file = join(folder, "a file");
    mkdirSync(place, { recursive: true });
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(file, "");
    const cases: [string, RegExp, boolean][] = [
      [place, /EISDIR|EEXIST|ENOTEMPTY/, true],
      [full, /ENOSPC/, false],
      [join(file, "node.latch"), /ENOTDIR|EEXIST/, true],
      ["/proc/telos/node.latch", /ENOENT|EACCES|EROFS|EPERM/, false],
    ];
    for (const [path, reason, fast] of cases) {
      const latch = new LatchFile(path);
      if (path === full) symlinkSync("/dev/full", `${full}.new`); // a disk without room
      await latch.set(LATCH);
      assert.deepEqual(latch.latch, LATCH, path);
      assert.match(latch.trouble, reason);
      assert.ok(latch.trouble.includes(dirname(path)), `${latch.trouble} names ${path}`);
      assert.equal(latch.fastened() !== "", fast, path);
      if (fast) assert.match(latch.fastened(), path === place ? /is a folder: remove it/ : /ENOTDIR/);
      if (path === full) continue; // what a device holds has no end
      const next = new LatchFile(path).latch;
      if (next !== undefined) assert.ok(next.by.includes(path), next.by);
      assert.equal(next === undefined, path.startsWith("/proc"), "what is there latches");
      await latch.clear();
    }
  },
);

test("the half that a kill leaves latches, and is taken away with the rest", async () => {
  const path = await latched();
  writeFileSync(`${path}.new`, '{"by":"emer');
  rmSync(path);
  const file = new LatchFile(path);
  assert.match(file.latch!.by, /^latch_file: /);
  await file.clear();
  assert.equal(new LatchFile(path).latch, undefined);
});

test(
  "where nothing can be written the latch holds in memory, and the reason is told; no folder given is one",
  { skip: process.platform !== "linux" },
  async () => {
    for (const path of ["/proc/telos/node.latch", ""]) {
      const file = new LatchFile(path);
      assert.equal(file.latch, undefined);
      assert.notEqual(file.trouble, "", "told before anybody needs it");
      await file.set(LATCH);
      assert.deepEqual(file.latch, LATCH);
      assert.match(file.trouble, path === "" ? /latch_folder/ : /ENOENT|EACCES|EROFS|EPERM/);
      assert.equal(file.fastened(), "");
      await file.clear();
      assert.equal(file.latch, undefined);
    }
  },
);

test("killed at any instant of latching and freeing: what was answered holds", async () => {
  const rng = new Rng(20);
  const path = fresh();
  const seen = new Set<string>();
  for (let trial = 0; trial < 25; trial++) {
    const child = spawn(process.execPath, [fileURLToPath(new URL("./latchWriter.js", import.meta.url)), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout!.on("data", (d) => (text += d));
    while (!text.includes("free\n")) await once(child.stdout!, "data");
    const closed = once(child, "close");
    setTimeout(() => child.kill("SIGKILL"), rng.range(0, 15));
    await closed;
    const last = text.trimEnd().split("\n").at(-1)!;
    seen.add(last);
    const { latch } = new LatchFile(path);
    if (last === "latched") assert.match(latch?.by ?? "it was free", /^emergency_stop x*$/);
    if (last === "free") assert.equal(latch, undefined, "killed after 'free' it was latched");
  }
  assert.ok(seen.size >= 2, [...seen].join());
});

test("no two nodes share a file: domains, namespaces, names", () => {
  const rng = new Rng(6);
  const word = (): string => Array.from({ length: 1 + (rng.bits() % 3) }, () => "ab_1"[rng.bits() % 3]).join("");
  const names = new Set<string>(["0 /telos", "0 /left/telos", "0 /right/telos", "1 /telos", "0 /telos_guard"]);
  for (let i = 0; i < 3000; i++)
    names.add(`${rng.bits() % 3} /${Array.from({ length: 1 + (rng.bits() % 3) }, word).join("/")}`);
  const paths = new Set([...names].map((n) => latchPath("/state", n.split(" ")[1], n.split(" ")[0])));
  assert.equal(paths.size, names.size);
  assert.equal(latchPath("", "/telos"), "");
  assert.equal(latchFolder({ TELOS_STATE: "/a", XDG_STATE_HOME: "/b" }), "/a");
  assert.equal(latchFolder({ XDG_STATE_HOME: "/b" }), "/b/telos");
});
