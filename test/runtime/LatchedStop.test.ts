import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { LatchedStop } from "../../src/runtime/LatchedStop.js";
import { LatchFile } from "../../src/runtime/LatchFile.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Mode, ModeEvent } from "../../src/guardrails/mode.js";
import { idleReport } from "./idleReport.js";

const folder = mkdtempSync(join(tmpdir(), "telos-latched-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;
const fresh = (): string => join(folder, `${number++}.latch`);
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const GO = { ok: true, message: "" };

/**
 * A reflex in another thread, as far as a latch goes: it hears a while later, brakes for a while, and reports when
 * something changed.
 */
class FarReflex {
  mode: Mode = "active";
  next: Mode = "active";
  by = "";
  deaf = false;
  private inbox = Promise.resolve(); // what is said comes in its order, both ways
  private outbox = Promise.resolve();
  readonly stop: LatchedStop;

  constructor(
    path: string,
    private readonly rng: Rng,
  ) {
    this.stop = new LatchedStop(new LatchFile(path), (event, by) => {
      this.inbox = this.inbox.then(() => later(rng.range(0, 8))).then(() => void (this.deaf || this.take(event, by)));
    });
    this.report();
  }

  take(event: ModeEvent, by: string): void {
    if (event === "fault" && this.next !== "latched") {
      [this.mode, this.next, this.by] = ["stopping", "latched", by];
      void later(this.rng.range(0, 15)).then(() => {
        this.mode = "latched";
        this.report();
      });
    }
    if (event === "reset" && this.mode === "latched") [this.mode, this.next] = ["active", "active"];
    if (event === "deactivate" && this.mode === "active") [this.mode, this.next] = ["inactive", "inactive"];
    this.report();
  }

  get held(): boolean {
    return this.next === "latched";
  }

  private report(): void {
    const { mode, next, by } = this;
    const report = idleReport({ state: { mode, next }, by });
    this.outbox = this.outbox.then(() => later(this.rng.range(0, 5))).then(() => this.stop?.hear(report));
  }
}

test(
  "a stop is answered with success only once it was seen to hold and is on disk; " +
    "a reset tells what had latched and since when",
  async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const path = fresh();
      const far = new FarReflex(path, new Rng(seed));
      const stopped = await far.stop.stop();
      assert.equal(stopped.ok, true, stopped.message);
      assert.match(
        stopped.message,
        new RegExp(
          String.raw`^latched by emergency_stop since 20\S+Z; the arm (brakes, ` +
            "then stays|stands) latched until a person resets it$",
        ),
      );
      assert.ok(far.held);
      const kept = new LatchFile(path).latch;
      assert.equal(kept?.by, "emergency_stop", "answered before it was on disk");
      const again = await far.stop.stop();
      assert.match(again.message, new RegExp(`^already latched by emergency_stop since ${kept!.since}`));
      await later(30);
      const reset = await far.stop.reset(GO, true);
      assert.deepEqual(reset, { ok: true, message: `was latched by emergency_stop since ${kept!.since}` });
      assert.equal(new LatchFile(path).latch, undefined);
      assert.equal(far.mode, "active");
    }
  },
);

test(
  "a reflex that does not hear: a stop fails with the reason, " + "and so does a reset, which leaves what is kept",
  async () => {
    const path = fresh();
    const far = new FarReflex(path, new Rng(1));
    await later(20);
    far.deaf = true;
    const stopped = await far.stop.stop();
    assert.equal(stopped.ok, false);
    assert.match(
      stopped.message,
      /the stop is not confirmed within 1 s, the guardrails are active: use the arm's own stop/,
    );
    far.deaf = false;
    await far.stop.stop();
    await later(30);
    far.deaf = true;
    assert.match((await far.stop.reset(GO, true)).message, /not done within 1 s; latched by emergency_stop/);
    assert.equal(new LatchFile(path).latch?.by, "emergency_stop");
  },
);

test(
  "every latch is kept, whatever made it, " +
    "and whoever comes up where one is kept is latched by it before anything else",
  async () => {
    for (const by of [
      "tracking",
      "moved",
      "contact_force",
      "exception: x is not a function\nat y",
      "controller: aborted",
      "ü",
    ]) {
      const path = fresh();
      const far = new FarReflex(path, new Rng(3));
      far.take("fault", by);
      await later(60);
      const next = new FarReflex(path, new Rng(4));
      await later(60);
      assert.deepEqual([next.mode, next.by, next.stop.latch!.by], ["latched", by, by]);
      assert.equal(
        (await next.stop.reset({ ok: false, message: "the arm still moves" }, true)).message,
        `the arm still moves; latched by ${by} since ${next.stop.latch!.since}`,
      );
    }
  },
);

test("a node that is not active is inactive once its latch is left", async () => {
  const far = new FarReflex(fresh(), new Rng(5));
  await far.stop.stop();
  await later(30);
  await far.stop.reset(GO, false);
  await later(30);
  assert.equal(far.mode, "inactive");
});

test("of two resets at once the second is refused, and the first is done", async () => {
  const path = fresh();
  const far = new FarReflex(path, new Rng(3));
  await far.stop.stop();
  await later(60);
  const [first, second] = await Promise.all([far.stop.reset(GO, true), far.stop.reset(GO, true)]);
  assert.deepEqual([first.ok, second.ok], [true, false]);
  assert.match(second.message, /^a reset is under way; latched by emergency_stop/);
  assert.deepEqual([far.held, new LatchFile(path).latch], [false, undefined]);
});

test("a stop while a reset is under way wins: once it is answered the disk is never free again", async () => {
  await Promise.all(
    Array.from({ length: 30 }, async (_, seed) => {
      const rng = new Rng(seed + 1),
        path = fresh();
      const far = new FarReflex(path, rng);
      await far.stop.stop();
      await later(60);
      const reset = far.stop.reset(GO, true);
      await later(rng.range(0, 3));
      if ((await far.stop.stop()).ok) {
        for (let i = 0; i < 60; i++, await later(1))
          assert.ok(new LatchFile(path).latch !== undefined, `seed ${seed}: free ${i} ms after the answer`);
      }
      await reset;
      assert.equal(new LatchFile(path).latch !== undefined, far.held, `seed ${seed}`);
    }),
  );
});

test(
  "stops, resets and faults in any order, several at once: " +
    "when a stop was answered and no reset after it, the disk holds a latch at every instant",
  async () => {
    await Promise.all(
      Array.from({ length: 40 }, async (_, seed) => {
        const rng = new Rng(seed + 100),
          path = fresh();
        const far = new FarReflex(path, rng);
        let stopped = false,
          resets = 0;
        const look = (): void =>
          assert.ok(
            !stopped || resets > 0 || new LatchFile(path).latch !== undefined,
            `seed ${seed}: a stop was answered, nobody has reset, and it would come up free`,
          );
        const acts: Promise<unknown>[] = [];
        for (let i = 0; i < 12; i++) {
          const draw = rng.uniform();
          if (draw < 0.4) acts.push(far.stop.stop().then(({ ok }) => (stopped = ok && resets === 0)));
          else if (draw < 0.6) far.take("fault", "tracking");
          else {
            resets++;
            stopped = false;
            acts.push(
              far.stop.reset(far.mode === "latched" ? GO : { ok: false, message: "" }, true).finally(() => resets--),
            );
          }
          await later(rng.range(0, 12));
          look();
        }
        await Promise.all(acts);
        await later(200);
        assert.equal(
          new LatchFile(path).latch !== undefined,
          far.held,
          `seed ${seed}: the disk and the reflex differ in the end`,
        );
      }),
    );
    assert.deepEqual(
      readdirSync(folder).filter((f) => f.endsWith(".new")),
      [],
    );
  },
);
