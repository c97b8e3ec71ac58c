import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { Rollouts } from "../../src/core/Rollouts.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { ToolDisplacement } from "../../src/worldmodel/analytic/ToolDisplacement.js";
import { levelsOf } from "./levelsOf.js";
import { searchTime } from "../../src/agent/searchTime.js";
import { InProcess } from "./inProcess.js";
import { trials } from "../trials.js";

const PIECE = 0.05; // s: work that a search ends although its time is over

const pose = (x: number, y: number, z: number): string =>
  `goal: [{ tool_pose: { position: [${x}, ${y}, ${z}], pointing: [0, 0, -1] } }]`;

describe("the whole agent in one process", () => {
  it("brings the tool to poses above the table, without a contact, within the limits", async () => {
    for (const [x, y, z] of [
      [0.45, 0.2, 0.3],
      [0.5, -0.25, 0.2],
      [0.35, 0, 0.45],
    ]) {
      const run = await InProcess.create({ scene: "table", task: pose(x, y, z) });
      const { limits } = run.setup.arm;
      const done = await run.run(15, () => {
        run.simulation.v.forEach((v, j) =>
          assert.ok(Math.abs(v) <= limits.velocity[j] * 1.02, `joint ${j} at ${v} rad/s`),
        );
      });
      assert.ok(done !== undefined, `not reached: ${run.agent.monitor.error} tolerances off`);
      const { position } = run.simulation.tool();
      assert.ok(Math.hypot(position[0] - x, position[1] - y, position[2] - z) < 0.02);
      assert.deepEqual(run.contacts, []);
    }
  });

  it("gives the same commands for the same seed, bit for bit", async () => {
    const commands = async (seed: number): Promise<Float64Array[]> => {
      const run = await InProcess.create({ scene: "wall", task: "around_wall", seed });
      await run.run(1.5);
      return run.commands;
    };
    const first = await commands(3);
    assert.deepEqual(await commands(3), first);
    assert.notDeepEqual(await commands(4), first);
  });

  for (const [scene, side] of [
    ["wall_left", 1],
    ["wall_right", -1],
  ] as const) {
    it(
      "goes round the wall by the " + `${side > 0 ? "left" : "right"} where that is cheaper, whatever the seed`,
      async () => {
        for (let seed = 1; seed <= trials(2); seed++) {
          const run = await InProcess.create({ scene, task: "around_wall", seed });
          const passed: number[] = [];
          const done = await run.run(20, () => {
            const [x, y] = run.simulation.tool().position;
            if (x > 0.34 && x < 0.4) passed.push(y);
          });
          assert.ok(
            done !== undefined,
            `seed ${seed}: ${run.agent.monitor.error} tolerances off, ${run.agent.reflex.reason.by}`,
          );
          assert.ok(
            passed.length > 0 && passed.every((y) => y * side > 0),
            `seed ${seed}: passed at y = ${passed.map((y) => y.toFixed(2)).join(" ")}`,
          );
          assert.deepEqual(run.contacts, []);
        }
      },
    );
  }

  it(
    "stops on the fail-safe trajectory it holds when joint states fall silent, " + "and goes on when they return",
    async () => {
      const run = await InProcess.create({ scene: "table", task: pose(0.45, 0.25, 0.3) });
      await run.run(0.3);
      assert.ok(Math.max(...run.simulation.v.map(Math.abs)) > 0.1);
      run.robot.sensors.disturb("joint_states", { drop: 1 }, 1);
      const begun = run.simulation.time;
      await run.run(0.6);
      assert.ok(
        Math.max(...run.simulation.v.map(Math.abs)) < 0.01,
        `still moving ${run.simulation.time - begun} s after silence`,
      );
      assert.ok((await run.run(15)) !== undefined);
    },
  );

  it("never meets an obstacle that a task forbids, and says that a goal inside it has no plan", async () => {
    const task =
      `${pose(0.5, 0.2, 0.25)}\nguardrails: [{ keep_out: { box: { center: [0.5, 0.2, 0.25], size: [0.2, ` +
      "0.2, 0.2] } } }]";
    const run = await InProcess.create({ scene: "table", task });
    const done = await run.run(3, () => {
      const { position: p } = run.simulation.tool();
      assert.ok(Math.max(Math.abs(p[0] - 0.5), Math.abs(p[1] - 0.2), Math.abs(p[2] - 0.25)) > 0.1);
    });
    assert.equal(done, undefined);
  });

  it(
    "plans with no more work than its deadlines allow where it begins in violation, " +
      "backs out of it and does its task, the same every time",
    async () => {
      const box = "{ center: [0.47, 0, 0.35], size: [0.05, 0.05, 0.05] }"; // 5 cm into the hand
      const task = `${pose(0.45, 0.2, 0.3)}\nguardrails: [{ keep_out: { box: ${box} } }]`;
      const ends: Float64Array[] = [];
      for (let i = 0; i < 2; i++) {
        const run = await InProcess.create({ scene: "table", task });
        const { levels } = run.setup.agent;
        let infeasible = 0;
        levelsOf(run.agent).forEach((level, l) => {
          const plan = level.plan.bind(level);
          level.plan = async (...request) => {
            const made = await plan(...request);
            if (!made.feasible) infeasible++;
            assert.ok(
              made.time <= searchTime(levels[l]) + PIECE,
              `${made.level}: ${made.time} s of work, allowed ${searchTime(levels[l])} s`,
            );
            return made;
          };
        });
        const done = await run.run(12);
        assert.ok(infeasible > 0, "it began in violation");
        assert.ok(done !== undefined, `${run.agent.monitor.error} tolerances off, ${run.agent.reflex.reason.by}`);
        ends.push(run.commands.at(-1)!);
      }
      assert.deepEqual(ends[0], ends[1]);
    },
  );

  it(
    "leaves the edge of a clearance, where only micrometres are left, " + "with the tool at a thing or in the air",
    async () => {
      const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
        { arm } = setup,
        sweep = new Sweep(arm);
      const [table] = buildGuardrails(setup).filter((g) => g.name === "fixed_geometry"),
        still = new Rollouts({ K: 1, H: 0, substeps: 1, dt: 0.01, nq: arm.nq, nc: sweep.nc }),
        margin = new Float64Array(1);
      const model = new ToolDisplacement(arm, sweep, {
        axes: ["x", "y", "z"],
        step: 0.06,
        dt: 0.4,
        substeps: 2,
        latency: 0,
      });
      for (const [i, [x, y, room]] of [
        [0.45, 0.1, 1e-6],
        [0.5, -0.2, 5e-6],
        [0.4, 0, 3e-5],
        [0.55, 0.1, 2e-4],
      ].entries()) {
        const start = new Float64Array(arm.nq);
        for (let low = 0, high = 0.3, i = 0; i < 60; i++) {
          const z = 0.5 * (low + high);
          model.posture(start, [x, y, z]);
          still.q.set(start);
          sweep.fill(still);
          table.margin(still, margin, 1);
          if (margin[0] < room) low = z;
          else high = z;
        }
        assert.ok(margin[0] >= 0 && margin[0] < 2 * room, `${margin[0]} m of room`);
        const to = i % 2 === 0 ? pose(x, y, 0.2) : pose(x + 0.05, y - 0.15, 0.06);
        const run = await InProcess.create({ scene: "table", task: to, start });
        assert.ok(
          (await run.run(8)) !== undefined,
          `still ${run.agent.monitor.error} tolerances off with ${room} m of room at first`,
        );
        assert.deepEqual(run.contacts, []);
        run.simulation.dispose();
      }
    },
  );

  it("works with another arm, by its configuration alone", async () => {
    for (const [robot, goal] of [
      ["ur5", [0.4, 0.3, 0.4]],
      ["so101", [0.2, 0.08, 0.2]],
    ] as const) {
      const run = await InProcess.create({
        scene: "empty",
        robot,
        task: `goal: [{ tool_pose: { position: [${goal.join(", ")}] } }]`,
      });
      const done = await run.run(20);
      assert.ok(
        done !== undefined,
        `${robot}: ${run.agent.monitor.error} tolerances off, ${run.agent.reflex.reason.by}`,
      );
    }
  });
});
