import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import type { ReflexReport } from "../../src/reflex/ReflexReport.js";
import { ReflexThread } from "../../src/runtime/threads/ReflexThread.js";
import type { Command } from "../../src/core/Command.js";
import { sampleCommand } from "../../src/core/commands/sampleCommand.js";
import { monotonic, SharedClock } from "../../src/core/time/SharedClock.js";
import { SharedVector } from "../../src/core/threads/SharedVector.js";

test(
  "a clock that begins anew while a command is on its way to the controller: " +
    "the arm is known to rest where its fail-safe trajectory ends, and may move again",
  async () => {
    const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
      n = setup.arm.nq,
      H = 30;
    const clock = new SharedClock(),
      measured = new SharedVector(1 + 2 * n),
      out = new Float64Array(1 + 2 * n);
    clock.set(1000, monotonic(), 1);
    const sent: Command[] = [],
      q = setup.arm.home.slice(),
      v = new Float64Array(n);
    let report: ReflexReport | undefined,
      rests = false;
    const shared = {
      clock: clock.buffer,
      measured: measured.buffer,
      commanded: new SharedVector(2 + 2 * n).buffer,
      claim: new SharedArrayBuffer(4),
    };
    const reflex = new ReflexThread(setup, shared, clock, {
      command: (c) => sent.push({ ...c, q: c.q.slice(), v: c.v.slice() }),
      report: (r) => (report = r),
      died: () => undefined,
    });
    const until = async (condition: () => boolean): Promise<void> => {
      for (const limit = performance.now() + 5000; !condition(); await new Promise((r) => setTimeout(r, 5)))
        assert.ok(
          performance.now() < limit,
          `${String(condition)}: ${report?.state.mode} by ${report?.by}, ${sent.length} commands`,
        );
    };
    const arm = setInterval(() => {
      const now = clock.now(),
        c = sent.findLast(({ stamp }) => stamp <= now);
      if (rests) v.fill(0);
      else if (c !== undefined) sampleCommand(q, v, c, now);
      out[0] = now;
      out.set(q, 1);
      out.set(v, 1 + n);
      measured.write(out);
    }, 5);
    try {
      await reflex.started();
      await until(() => measured.read(out) > 20);
      reflex.post({ kind: "event", event: "activate", by: "" });
      reflex.post({ kind: "task", generation: 1, guardrails: [], written: "", begun: true });
      await until(() => report?.state.mode === "active" && report.fresh);
      const turn = Float64Array.from(
        { length: (H + 1) * n },
        (_, i) => q[i % n] + (i % n === 0 ? 0.05 * Math.floor(i / n) : 0),
      );
      const speed = Float64Array.from({ length: (H + 1) * n }, (_, i) => (i % n === 0 && i >= n ? 0.5 : 0));
      const plan = {
        level: "motion",
        stamp: clock.now(),
        dt: 0.1,
        H,
        substeps: 1,
        nu: n,
        nq: n,
        a: new Float32Array(H * n),
        q: turn,
        v: speed,
        z: new Float32Array(0),
        energy: 0,
        energies: {},
        feasible: true,
        iterations: 1,
        rollouts: 1,
        time: 0,
      };
      reflex.post({ kind: "plan", generation: 1, plan });
      await until(() => sent.length > 20);
      rests = true;
      clock.set(0, monotonic(), 1);
      await until(() => report?.state.mode === "stopping");
      await until(() => report?.state.mode === "active" && report.idle);
    } finally {
      clearInterval(arm);
      await reflex.end();
    }
  },
);
