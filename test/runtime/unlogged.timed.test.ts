import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { firstValueFrom } from "rxjs";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import { EpisodeLog } from "../../src/memory/episodes/EpisodeLog.js";
import { limits } from "../memory/episodes/logs.js";

const TASK = "goal: [{ joint_positions: { joint1: 0.5 rad } }]";

for (const unlogged of ["go_on", "stop"] as const) {
  test(
    "a disk that cannot be written is told in the status; " + `memory.unlogged: ${unlogged} decides of tasks`,
    async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "telos-unlogged-"));
      t.after(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, "file"), "");
      const plain = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
        { arm, agent: config } = plain;
      const setup = { ...plain, agent: { ...config, memory: { ...config.memory, unlogged } } };
      const clock = SharedClock.system(),
        log = await EpisodeLog.open({ folder: join(folder, "file", "runs"), jointNames: arm.jointNames, limits });
      const agent = await AgentRuntime.start(setup, { clock, log });
      const timer = setInterval(
        () => agent.observeJoints({ stamp: clock.now(), names: arm.jointNames, positions: arm.home, velocities: [] }),
        10,
      );
      try {
        await agent.ready();
        agent.activate();
        for (let mode = ""; mode !== "active";)
          (({ mode } = await firstValueFrom(agent.status)), await new Promise((r) => setTimeout(r, 20)));
        assert.match((await firstValueFrom(agent.status)).unlogged!, /no longer logged: .*(ENOTDIR|EEXIST)/);
        const { code, message } = await agent.accomplish(TASK, 0.5).result;
        if (unlogged === "stop") assert.deepEqual([code, /no longer logged/.test(message)], ["INTERNAL", true]);
        else
          assert.ok(
            code === "TIMEOUT" || /stopped by tracking/.test(message),
            `it went on, with an arm that follows no command: ${code}, ${message}`,
          );
      } finally {
        clearInterval(timer);
        await agent.dispose();
      }
    },
  );
}
