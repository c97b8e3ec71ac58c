import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { postureMargins } from "../../src/agent/setup/postureMargins.js";
import { configNames, packageRoot } from "../../src/config/index.js";
import { defaultAgent } from "../../src/cli/defaultAgent.js";
import type { LevelReport, PlanReport } from "../../src/cli/PlanReport.js";
import { bindTask, loadTask } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { learnedAgent } from "../agent/learned.js";
import { telos } from "./telos.js";

async function plan(...args: string[]): Promise<PlanReport & { code: number | null }> {
  const { code, stdout, stderr } = await telos(["plan", "--json", ...args]);
  assert.notEqual(stdout, "", stderr);
  return { ...(JSON.parse(stdout) as PlanReport), code };
}

const timeless = ({ levels }: PlanReport): Omit<LevelReport, "time_ms">[] =>
  levels.map(({ time_ms: _, ...level }) => level);

test("the same seed gives the same plan, bit for bit; another seed another", async () => {
  const [a, b, c] = await Promise.all([plan("--seed", "3"), plan("--seed", "3"), plan("--seed", "4")]);
  assert.ok(a.repeatable && b.repeatable && c.repeatable);
  assert.deepEqual(timeless(a), timeless(b));
  assert.notDeepEqual(timeless(a), timeless(c));
});

test("a plan begins where it is told to and ends at the goal, without a robot or ROS", async () => {
  const { code, stdout } = await telos(["plan", "--task", "reach", "--json"], {
    env: { AMENT_PREFIX_PATH: "", LD_LIBRARY_PATH: "", ROS_DISTRO: "" },
  });
  const report = JSON.parse(stdout) as PlanReport;
  assert.deepEqual(
    [code, report.success, report.scene, report.levels.map((l) => l.level)],
    [0, true, "table", ["subgoal", "motion"]],
  );
  const [top] = report.levels;
  const { tool } = top.waypoints.at(-1)!;
  assert.ok(Math.hypot(tool[0] - 0.45, tool[1] - 0.2, tool[2] - 0.3) <= 0.02, `${tool}`);
  const start = [0.3, 0.1, 0, 1.7, 0, 1.3, 0.2];
  const other = await plan("--task", "reach", "--start", start.join(", "));
  for (const level of other.levels) assert.deepEqual(level.waypoints[0].joints, start);
});

test("every shipped task has a plan in the scene that is its own, or names the model that it lacks", async () => {
  for (const name of configNames("tasks")) {
    const shipped = existsSync(join(packageRoot(), "models", "pucks"));
    if (defaultAgent(name) === "learned" && !shipped) {
      const { code, stderr } = await telos(["plan", "--task", name]);
      assert.deepEqual(
        [code, /models: got 'pucks', want one of: .*telos collect and telos train make one/.test(stderr)],
        [1, true],
        stderr,
      );
      continue;
    }
    const { success, error, levels } = await plan("--task", name);
    if (defaultAgent(name) === "learned")
      // a push may take longer than one plan looks ahead
      assert.ok(levels.length === 2 && levels.every((l) => l.feasible), `${name}: ${error}`);
    else assert.ok(success, `${name}: ${error}`);
  }
});

test(
  "an agent with a learned model plans from what the scene's camera shows, " + "the same for the same seed",
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "telos-plan-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const task = join(folder, "push.yaml");
    writeFileSync(
      task,
      "name: push\ngoal: [{ object_at: { object: red, position: [0.5 m, -0.15 m], tolerance: 2 cm } }]\n",
    );
    const args = [
      "--task",
      task,
      "--scene",
      "pucks",
      "--agent",
      learnedAgent("tiny", ["nearness: 0.5", "nearness: 0"]),
    ];
    const [a, b, other] = [
      await plan(...args),
      await plan(...args),
      await plan(...args, "--start", "0, 0.3, 0, 2, 0, 0.8, 0"),
    ];
    assert.deepEqual(
      a.levels.map((l) => [l.level, l.feasible]),
      [
        ["world", true],
        ["motion", true],
      ],
    );
    assert.ok(a.success && a.levels[0].energies.objects > 0, a.error);
    assert.deepEqual(timeless(a), timeless(b));
    assert.notDeepEqual(timeless(a), timeless(other));
  },
);

test("a way that is longer than one plan looks ahead is planned to its end, as the agent goes it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "telos-plan-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const robot = join(folder, "slow.yaml");
  writeFileSync(
    robot,
    `name: slow\nurdf: ${join(packageRoot(), "config", "robots", "arm7.urdf")}\ntool: tool\n` +
      `home: [0, 0.2457, 0, 1.6703, 0, 1.2256, 0]\nlimits: { velocity_scale: 0.05 }\n`,
  );
  const far = await plan(
    "--robot",
    robot,
    "--scene",
    "empty",
    "--task",
    "goal: [{ joint_positions: { joint1: 1.5 } }]",
  );
  const { limits } = loadSetup({ robot, agent: "default" }).arm;
  assert.deepEqual([far.code, far.success, far.error], [0, true, ""]);
  assert.ok(
    far.rounds >= 1.45 / limits.velocity[0] / far.levels[0].duration_s && far.rounds < 10,
    `${far.rounds} plans of ${far.levels[0].duration_s} s at ${limits.velocity[0]} rad/s`,
  );
});

test("a goal out of reach: exit 1, and why", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "telos-plan-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const task = join(folder, "far.yaml");
  writeFileSync(task, "name: far\ngoal: [{ tool_pose: { position: [3 m, 0 m, 0.3 m] } }]\n");
  const report = await plan("--task", task, "--deadline", "2");
  assert.deepEqual([report.code, report.success, report.error_code], [1, false, 10]);
  assert.match(report.error, /reach/);
});

test("margins of a posture name the guardrail that it breaks", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
  const task = bindTask(loadTask("reach", guardrailSchemas), {
    jointNames: setup.arm.jointNames,
    objects: [],
    predicted: [],
  });
  const broken = (q: Float64Array): string[] => {
    const state = {
      stamp: 0,
      q,
      v: new Float64Array(q.length),
      objects: new Map(),
      bodies: [],
    };
    return postureMargins(setup, task, state, q)
      .filter((m) => !(m.value >= 0))
      .map((m) => m.name);
  };
  assert.deepEqual(broken(setup.arm.home), []);
  assert.ok(broken(Float64Array.of(0, 1.9, 0, 0, 0, 0, 0)).includes("fixed_geometry")); // through the table
});

test("what is wrong is said in one line, with exit code 1", async () => {
  for (const [args, words] of [
    [["--task", "raech"], /got 'raech', did you mean 'reach'|reach/],
    [["--start", "1,2"], /--start: got 2 values, want 7/],
    [
      ["--start", "0,0,0,9,0,0,0"],
      /start: got joint4 at 9 rad, \d\.\d+ rad beyond its limit \d\.\d+, want at most 0\.1 rad/,
    ],
    [["--start", "north"], /want angles in rad/],
    [["--scene", "nowhere"], /got 'nowhere'/],
    [["--seed", "-1"], /whole number/],
  ] as const) {
    const { code, stdout, stderr } = await telos(["plan", ...args]);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, words);
  }
});
