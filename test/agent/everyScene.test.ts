import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { FOREIGN, packagesAreHere } from "../../bench/pythonPackages.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { planOnce } from "../../src/agent/planOnce.js";
import { sceneFor } from "../../src/agent/setup/sceneFor.js";
import { configNames, drawScene, loadRobotConfig, loadSceneConfig, packageRoot } from "../../src/config/index.js";
import { defaultScene } from "../../src/cli/defaultScene.js";
import { Rng } from "../../src/core/math/Rng.js";
import { monotonic } from "../../src/core/time/SharedClock.js";
import { loadTask } from "../../src/cost/index.js";
import type { ToolPoseConfig } from "../../src/cost/goals/ToolPose.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";
import { rosIsHere } from "../../src/evaluation/World.js";
import { bind, InProcess } from "./inProcess.js";

/**
 * Every shipped robot in every shipped scene plans the task that the scene is for, of those that the kinematic agent
 * does. Where the agent says that no posture of this arm satisfies it, it must be one of the pairs below, and the arm
 * plans a task drawn instead: the tool's pose in a posture drawn evenly between its limits, of those that keep the
 * guardrails with the tool in front of it (`drawGoals`). Where people stand, the way may lead nearer only, if the goals
 * are reached with them gone: slow arms have to wait.
 */
const OUT_OF_REACH: Readonly<Record<string, readonly string[]>> = {
  so101: ["reach", "around_wall"], // its reach is 0.46 m, the goals are 0.49 and 0.55 m from its shoulder's axis
  // its links are twice as thick as arm7's: between wall and goal there is no room for the forearm
  ur5: ["around_wall"],
};
const DRAWN = 1;

const taskOf = (scene: string): string => (scene.startsWith("wall") ? "around_wall" : "reach");
const scenes = configNames("scenes");

/**
 * What a scene is for an arm, and the plan of a task in it, evaluated by geometry of the test's own.
 * @returns why the agent gives the task up
 */
async function plan(setup: AgentSetup, sceneName: string, task: string, people = true): Promise<string | undefined> {
  const { arm, fixed, agent } = setup,
    scene = drawScene(sceneFor(loadSceneConfig(sceneName), setup.robot.name, arm), new Rng(1));
  const spec = bind(setup, task),
    about = `${setup.robot.name} in ${sceneName}: ${task}`;
  const q = Float64Array.from(scene.start ?? arm.home),
    oracle = new OracleGeometry(arm);
  const bodies = (people ? scene.bodies : []).flatMap(({ id, kind, capsules }) =>
    capsules.map((c) => ({ id, kind, ...c, speedBound: 1.6, stamp: 0 })),
  );
  const state = { stamp: 0, q, v: new Float64Array(arm.nq), objects: new Map(), bodies };
  const { plans, error, refusal, rounds } = await planOnce(setup, spec, state, {
    seed: 1,
    clock: { now: monotonic },
    deadline: 30,
  });
  const spared = (shape: unknown): readonly number[] => arm.world?.find((w) => w.shape === shape)?.spared ?? [];
  const clear = (posture: Float64Array, when: string): void => {
    oracle.place(posture);
    for (const shape of fixed)
      arm.capsules.forEach((c, i) =>
        assert.ok(
          c.link === 0 || spared(shape).includes(i) || oracle.toShape(i, shape) > agent.guardrails.clearance - 1e-6,
          `${about}: ${c.name} in ${JSON.stringify(shape)} ${when}`,
        ),
      );
    for (let p = 0; p < arm.selfPairs.length; p += 2)
      assert.ok(
        oracle.between(arm.selfPairs[p], arm.selfPairs[p + 1]) > agent.guardrails.self_clearance - 1e-6,
        `${about}: links meet ${when}`,
      );
  };
  clear(q, "at the start");
  if (refusal !== undefined) return refusal;
  const [top] = plans,
    goal = loadTask(task, guardrailSchemas).config.goal[0].config as ToolPoseConfig;
  assert.ok(
    plans.length === agent.levels.length && plans.every((p) => p.feasible) && (error <= 1 || bodies.length > 0),
    `${about}: feasible ${plans.map((p) => p.feasible).join()}, ${error} tolerances off, ${rounds} rounds`,
  );
  for (let n = 0; n <= top.H * top.substeps; n++) clear(top.q.subarray(n * arm.nq, (n + 1) * arm.nq), `at knot ${n}`);
  if (error > 1) return plan(setup, sceneName, task, false);
  if (rounds > 1) return undefined;
  const { tool } = oracle.place(top.q.subarray(-arm.nq)),
    off = Math.hypot(...[3, 7, 11].map((i, c) => tool[i] - goal.position![c]));
  assert.ok(off <= goal.tolerance, `${about}: the plan ends ${off} m off`);
  return undefined;
}

async function everywhere(
  robot: string,
  tell: (text: string) => void,
  urdf?: string,
  told: readonly string[] = OUT_OF_REACH[robot] ?? [],
): Promise<void> {
  for (const scene of scenes) {
    const setup = loadSetup({ robot, agent: "default", scene, urdf }),
      task = taskOf(scene),
      refusal = await plan(setup, scene, task);
    if (refusal === undefined) continue;
    assert.ok(told.includes(task), `${robot} in ${scene}: ${refusal}`);
    for (const [i, drawn] of drawGoals(setup, DRAWN, 1).entries())
      assert.equal(await plan(setup, scene, drawn.task), undefined, `${robot} in ${scene}, ${i}: ${drawn.task}`);
    tell(`${scene}: ${task} is not for ${robot} (${refusal}), a drawn one is planned`);
  }
}

test("the scenes' tasks are those they are shipped for", () => {
  for (const task of ["reach", "around_wall"]) assert.equal(taskOf(defaultScene(task)), task);
});

for (const robot of configNames("robots").filter((name) => loadRobotConfig(name).urdf !== undefined))
  test(`${robot} plans a task in every shipped scene`, (t) => everywhere(robot, (text) => t.diagnostic(text)));

const skip = !rosIsHere
  ? "ROS 2, whose Python packages are needed, is not in the environment"
  : packagesAreHere(FOREIGN)
    ? false
    : "the arms by others are not here: npm run bench:foreign fetches them";
for (const [robot, urdf] of [
  ["ur5e", "ur5e"],
  ["xarm7", "xarm7"],
  ["fr3", "panda"],
] as const)
  test(`${robot} with a driver's description plans a task in every shipped scene`, { skip }, (t) => {
    const python =
      "import sys; sys.path.insert(0, " +
      `${JSON.stringify(join(packageRoot(), "test", "scenario", "foreign"))}); from descriptions import urdf; ` +
      `print(urdf(${JSON.stringify(urdf)}))`;
    const text = execFileSync("python3", ["-c", python], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      env: {
        ...process.env,
        MUJOCO_GL: "off",
        PYTHONDONTWRITEBYTECODE: "1",
        PYTHONPATH: [FOREIGN.folder, process.env.PYTHONPATH ?? ""].join(delimiter),
      },
    });
    return everywhere(robot, (told) => t.diagnostic(told), robot === "fr3" ? asFr3(text) : text);
  });

/** A Panda, FR3's elder sister, under the names that FR3's file has: base, joints, tool. */
const asFr3 = (text: string): string => text.replaceAll("panda_link0", "base").replaceAll("panda_", "fr3_");

for (const [robot, scene] of [["ur5", "wall"]] as const)
  test(`${robot} does a task in scene ${scene}, where its home is not clear of what stands there`, async () => {
    const setup = loadSetup({ robot, agent: "default", scene });
    const run = await InProcess.create({ scene, robot, task: drawGoals(setup, 1, 1)[0].task });
    assert.ok(
      (await run.run(30)) !== undefined,
      `${run.agent.monitor.error} tolerances off, ${run.agent.reflex.reason.by}`,
    );
    assert.deepEqual(run.contacts, []);
    run.simulation.dispose();
  });
