import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout } from "./checkout.js";

const checkout = new Checkout();
const lock = join(checkout.dir, ".ros", "lock");
let acquire: (o?: { onWait?: (pid: string) => void }) => Promise<() => void>;

before(async () => {
  ({ acquire } = await checkout.module("lock"));
  mkdirSync(join(checkout.dir, ".ros"));
});
after(() => checkout.remove());

test("a second set-up waits for the first", async () => {
  const release = await acquire();
  let waitsFor = "";
  let got = false;
  const second = acquire({ onWait: (pid) => (waitsFor = pid) }).then((free) => {
    got = true;
    return free;
  });
  await sleep(300);
  assert.equal(got, false);
  assert.equal(waitsFor, String(process.pid));
  release();
  (await second)();
  assert.equal(existsSync(lock), false);
});

test("the lock of a process that died is taken over", async () => {
  writeFileSync(lock, "4194304 1");
  (await acquire())();
  assert.equal(existsSync(lock), false);
});

test("the lock of a process whose pid was given to another is taken over", async () => {
  writeFileSync(lock, `${process.pid} 1`);
  (await acquire())();
  assert.equal(existsSync(lock), false);
});

test("of many that ask at once each gets its turn alone", async () => {
  writeFileSync(lock, "4194304 1");
  let inside = 0;
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      const release = await acquire();
      inside += 1;
      assert.equal(inside, 1);
      await sleep(5);
      inside -= 1;
      release();
    }),
  );
});
