import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { LatchFile } from "../../src/runtime/LatchFile.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { FaultCase, Outcome } from "./FaultCase.js";
import { RealTime } from "./RealTime.js";

const SWING = "name: swing\ngoal:\n  - joint_positions: { joint1: 2.2 rad }\ntimeout: 30 s\n";

/**
 * The true agent is stopped in motion; what is left of it on the disk suffers; another comes up on the same arm: it
 * stands latched and takes no task.
 */
const latch = (name: string, suffer: (path: string, rng: Rng) => void): FaultCase => ({
  group: "process",
  name,
  expect: "latches",
  run: async (seed): Promise<Outcome> => {
    const folder = mkdtempSync(join(tmpdir(), "telos-latch-fault-")),
      path = join(folder, "arm.latch");
    const rng = new Rng(seed),
      wrong: string[] = [];
    const first = new RealTime();
    try {
      const agent = await first.connect((setup, clock) =>
        AgentRuntime.start(setup, { clock, latch: new LatchFile(path) }),
      );
      agent.accomplish(SWING, 0);
      if (!(await first.until(() => first.speed > 0.3, 20))) wrong.push("it never moved");
      await new Promise((r) => setTimeout(r, rng.range(0, 300)));
      const { ok, message } = await agent.emergencyStop();
      if (!ok) wrong.push(message);
      suffer(path, rng);
      if ((await first.rest(3)) > 2) wrong.push("it did not come to rest");
    } finally {
      await first.end();
    }
    const second = new RealTime();
    try {
      let mode = "";
      const agent = await second.connect(
        (setup, clock) => AgentRuntime.start(setup, { clock, latch: new LatchFile(path) }),
        "latched",
      );
      agent.status.subscribe((s) => (mode = s.mode));
      const { message } = await agent.accomplish(SWING, 0).result;
      if (!/^latched by (emergency_stop|latch_file)/.test(message)) wrong.push(`a task was answered '${message}'`);
      if (mode !== "latched" || second.speed > 0.02) wrong.push(`${mode}, at ${second.speed.toFixed(2)} rad/s`);
    } finally {
      await second.end();
      rmSync(folder, { recursive: true, force: true });
    }
    return { end: "latched", violations: [...first.violations, ...second.violations], fault: wrong.join("; ") };
  },
});

export const latchFaults: readonly FaultCase[] = [
  latch("an agent stopped by hand, and begun again", () => undefined),
  latch("… its latch damaged at random", (path, rng) => {
    const bytes = readFileSync(path);
    for (let n = 0; n < 5; n++) bytes[rng.bits() % bytes.length] = rng.bits() & 255;
    writeFileSync(path, bytes);
  }),
  latch("… its latch cut short", (path, rng) => writeFileSync(path, readFileSync(path).subarray(0, rng.bits() % 20))),
  latch("… its latch grown", (path) => appendFileSync(path, "free\n")),
];
