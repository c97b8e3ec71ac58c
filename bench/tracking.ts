import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Agent } from "../src/agent/Agent.js";
import { armOptions } from "../src/agent/robot/armOptions.js";
import { buildGuardrails } from "../src/agent/setup/buildGuardrails.js";
import { loadSetup, type AgentSetup } from "../src/agent/setup/AgentSetup.js";
import type { LevelModels } from "../src/agent/setup/loadModels.js";
import { wholeNumber } from "../src/cli/wholeNumber.js";
import { statusLine } from "../src/cli/statusLine.js";
import { loadSceneConfig } from "../src/config/index.js";
import type { Observation } from "../src/core/Observation.js";
import { Rng } from "../src/core/math/Rng.js";
import type { State } from "../src/core/State.js";
import { bindTask, loadTask } from "../src/cost/index.js";
import { guardrailSchemas } from "../src/guardrails/index.js";
import { armFromUrdf, Kinematics, parseUrdf } from "../src/kinematics/index.js";
import { Sweep } from "../src/kinematics/Sweep.js";
import { loadTrackingModel, resolveModel, type TrackingModel } from "../src/worldmodel/learned/onnx/index.js";
import { freeSegment } from "../src/planner/freeSegment.js";
import { Simulation } from "../src/sim/physics/Simulation.js";
import { SimRobot } from "../src/sim/physics/SimRobot.js";
import { quantile } from "../src/evaluation/quantile.js";

const AGENT = "tracking";
const SPREAD = 0.8; // rad, of the goals' postures to either side of home
const TOLERANCE = 1e-3; // m
const HOLD = 0.3; // s
const LIMIT = 4; // s, simulated, a goal

type Goal = readonly [number, number, number]; // m

/** Places that the tool can be at, of postures about home that the guardrails admit. */
function drawGoals(setup: AgentSetup, count: number, seed: number): Goal[] {
  const { arm } = setup,
    rng = new Rng(seed),
    kinematics = new Kinematics(arm);
  const still: State = {
    stamp: 0,
    q: arm.home,
    v: new Float64Array(arm.nq),
    objects: new Map(),
    bodies: [],
  };
  const free = freeSegment(arm, new Sweep(arm), buildGuardrails(setup), {
    from: () => still,
    pace: () => 1,
    latency: 0,
  });
  return Array.from({ length: count }, () => {
    let q: Float64Array;
    do q = arm.home.map((x) => x + rng.range(-SPREAD, SPREAD));
    while (!free(q, q));
    kinematics.forward(q, 0);
    return [kinematics.tool[3], kinematics.tool[7], kinematics.tool[11]] as const;
  });
}

/**
 * One goal from the scene's start, on simulated time.
 * @returns m, how far off the tool is in the end, and s until it was there to stay, NaN where it never was
 */
async function reach(
  setup: AgentSetup,
  simulation: Simulation,
  goal: Goal,
  seed: number,
  models: readonly LevelModels[],
): Promise<{ error: number; time: number }> {
  simulation.reset({ seed });
  const robot = new SimRobot(simulation);
  const text =
    `goal: [{ tool_pose: { position: [${goal.join(", ")}], tolerance: ${TOLERANCE} m } }]\n` + `hold: ${HOLD} s\n`;
  const agent = new Agent(
    setup,
    robot,
    bindTask(loadTask(text, guardrailSchemas), { jointNames: setup.arm.jointNames, objects: [], predicted: [] }),
    seed,
    undefined,
    models,
  );
  let seen!: Observation,
    done = false;
  robot.observations.subscribe((o) => (seen = o));
  robot.tell();
  while (simulation.time < LIMIT && !(done = await agent.step(seen, simulation.time)))
    robot.advance(setup.agent.reflex.period);
  return {
    error: Math.hypot(...simulation.tool().position.map((x, c) => x - goal[c])),
    time: done ? simulation.time - HOLD : NaN,
  };
}

/** The deviation stays as it was measured: what is known without learning. */
const held = (model: TrackingModel): TrackingModel => ({
  ...model,
  graph: {
    bind:
      ({ d0 }: { d0: Float32Array }, { d }: { d: Float32Array }) =>
      async (rows: number) => {
        const size = d0.length;
        for (let i = 0; i < rows * (model.manifest.horizon + 1); i++) d.set(d0, i * size);
      },
  } as unknown as TrackingModel["graph"],
});

new Command("bench:tracking")
  .description(
    "reach with an arm that gives way: planning with what is commanded, with the deviation measured, and with how " +
      "the arm was learned to follow",
  )
  .option("--scene <name>", "scene in config/scenes", "sagging")
  .option("--model <name>", "a name in models/, or a model's folder; default: the agent's own")
  .option("--goals <n>", "places to reach", wholeNumber, 40)
  .option("--seed <n>", "seed of the places", wholeNumber, 1)
  .action(
    async ({ scene, model: named, goals, seed }: { scene: string; model?: string; goals: number; seed: number }) => {
      const setup = loadSetup({ robot: loadSceneConfig(scene).robot, agent: AGENT, scene });
      const bottom = setup.agent.levels.length - 1;
      const model = await loadTrackingModel(resolveModel(named ?? setup.agent.levels[bottom].tracking!));
      const plain: AgentSetup = {
        ...setup,
        agent: { ...setup.agent, levels: setup.agent.levels.map((level) => ({ ...level, tracking: undefined })) },
      };
      const at = (tracking: TrackingModel): LevelModels[] =>
        setup.agent.levels.map((_, i) => (i === bottom ? { tracking } : {}));
      const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
      const simulation = await Simulation.create({
        urdf,
        arm: armFromUrdf(urdf, armOptions(setup.robot)),
        scene: loadSceneConfig(scene),
        seed,
      });
      const places = drawGoals(setup, goals, seed);
      process.stdout.write(
        `| lowest level plans with | within ${1000 * TOLERANCE} mm for ${HOLD} s | error, median | 95 % | time, ` +
          `median |\n|---|---|---|---|---|\n`,
      );
      for (const [name, own, models] of [
        ["what is commanded", plain, []],
        ["the deviation measured, held", setup, at(held(model))],
        ["the deviation learned", setup, at(model)],
      ] as const) {
        const ends: { error: number; time: number }[] = [];
        for (const [i, goal] of places.entries()) {
          statusLine(`${name}: ${i + 1} of ${goals}`);
          ends.push(await reach(own, simulation, goal, i + 1, models));
        }
        statusLine("");
        const errors = ends.map((e) => 1000 * e.error),
          times = ends.flatMap(({ time }) => (Number.isNaN(time) ? [] : [time]));
        process.stdout.write(
          `| ${name} | ${times.length} of ${goals} | ${quantile(errors, 0.5).toFixed(2)} mm | ` +
            `${quantile(errors, 0.95).toFixed(2)} mm | ${quantile(times, 0.5).toFixed(2)} s |\n`,
        );
      }
      process.exit(0); // MuJoCo leaves handles behind that would keep the event loop alive
    },
  )
  .parse();
