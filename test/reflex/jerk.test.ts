import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { TIME_STEP } from "../../src/sim/physics/buildMjcf.js";
import { InProcess } from "../agent/inProcess.js";

const folder = mkdtempSync(join(tmpdir(), "telos-jerk-"));
after(() => rmSync(folder, { recursive: true }));

/** arm7 with a jerk limit on all joints but one that has its own. */
function robot(jerk: number): string {
  const file = join(folder, `arm7_${jerk}.yaml`),
    text = readFileSync("config/robots/arm7.yaml", "utf8");
  writeFileSync(
    file,
    text
      .replace("urdf: arm7.urdf", `urdf: ${resolve("config/robots/arm7.urdf")}`)
      .replace("  acceleration: 8 rad/s^2", `  acceleration: 8 rad/s^2\n  jerk: ${jerk} rad/s^3`)
      .replace(
        "joint5: { acceleration: 12 rad/s^2 }",
        `joint5: { acceleration: 12 rad/s^2, jerk: ${2 * jerk} rad/s^3 }`,
      ),
  );
  return file;
}

for (const jerk of [400, 100])
  test(
    `an arm whose jerk is limited to ${jerk} rad/s³ reaches its goals round obstacles, ` +
      "on the plan but for one step in ten, and no joint's jerk exceeds what it declares",
    async () => {
      for (const [scene, task] of [
        ["table", "goal: [{ tool_pose: { position: [0.5, -0.25, 0.2], pointing: [0, 0, -1] } }]"],
        ["wall", "around_wall"],
      ]) {
        const run = await InProcess.create({ scene, task, robot: robot(jerk) });
        const {
            agent: { reflex },
            simulation: { controller },
          } = run,
          { limits } = run.setup.arm,
          last = new Float64Array(limits.lo.length);
        assert.deepEqual([...limits.jerk!], [jerk, jerk, jerk, jerk, 2 * jerk, jerk, jerk]);
        const sample = controller.sample.bind(controller);
        controller.sample = (t, ...measured) => {
          sample(t, ...measured);
          controller.a.forEach((a, j) =>
            assert.ok(
              Math.abs(a - last[j]) <= limits.jerk![j] * TIME_STEP * (1 + 1e-3),
              `joint ${j + 1}: from ${last[j]} to ${a} rad/s² in 2 ms at ${t} s`,
            ),
          );
          last.set(controller.a);
        };
        const done = await run.run(15);
        assert.ok(done !== undefined, `${scene}: ${run.agent.monitor.error} tolerances off, ${reflex.reason.by}`);
        assert.ok(
          reflex.stopped <= 0.1 * reflex.checks,
          `${scene}: ${reflex.stopped} of ${reflex.checks} steps refused`,
        );
        assert.deepEqual(run.contacts, []);
      }
    },
  );
