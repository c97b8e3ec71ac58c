import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { armOptions } from "../src/agent/robot/armOptions.js";
import { loadSetup } from "../src/agent/setup/AgentSetup.js";
import { sceneFor } from "../src/agent/setup/sceneFor.js";
import { readTask } from "../src/agent/setup/readTask.js";
import { statusLine } from "../src/cli/statusLine.js";
import { wholeNumber } from "../src/cli/wholeNumber.js";
import { loadSceneConfig, thingOf } from "../src/config/index.js";
import { Rng } from "../src/core/math/Rng.js";
import { armFromUrdf, parseUrdf } from "../src/kinematics/index.js";
import { quantile } from "../src/evaluation/quantile.js";
import { wilson } from "../src/evaluation/worldmodel/wilson.js";
import { Simulation } from "../src/sim/physics/Simulation.js";
import { families } from "./hands/families.js";
import { runTask, type Trial } from "./hands/runTask.js";

interface Options {
  readonly family: string;
  readonly tasks: number;
  readonly first: number;
  readonly robot: string;
  readonly agent: string;
  readonly objects: number; // m
  readonly seed: number;
}

/** A number of successes with its interval. */
function share(trials: readonly Trial[]): string {
  const { successes, trials: n, share, low, high } = wilson(trials.filter((t) => t.success).length, trials.length);
  const percent = (x: number): string => `${(100 * x).toFixed(0)} %`;
  return `${successes} of ${n}, ${percent(share)} (${percent(low)} … ${percent(high)})`;
}

async function bench(o: Options): Promise<void> {
  const family = families[o.family];
  const setup = loadSetup({ robot: o.robot, agent: o.agent, scene: family.scene });
  const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
  const arm = armFromUrdf(urdf, armOptions(setup.robot));
  const base = sceneFor(loadSceneConfig(family.scene), setup.robot.name, arm);
  const simulation = await Simulation.create({ urdf, arm, scene: base, seed: o.seed });
  const trials: Trial[] = [],
    idle: Trial[] = [];
  for (let i = o.first; i < o.first + o.tasks; i++) {
    const seed = 1000 * o.seed + i,
      drawn = family.draw(base, i, new Rng(seed));
    const things = drawn.scene.objects.map(thingOf);
    const ids = things.map(({ id }) => id);
    const read = readTask(drawn.task, setup, ids, things);
    if ("code" in read) throw new Error(read.message);
    const how = { ...family, seed, noise: o.objects };
    const reset = (): void => simulation.reset({ scene: drawn.scene, seed });
    reset();
    idle.push(await runTask(setup, simulation, read.spec, { ...how, idle: true }));
    reset();
    const trial = await runTask(setup, simulation, read.spec, how);
    trials.push(trial);
    const { success, time, plans, violations, why } = trial;
    statusLine("");
    console.log(
      `${i}: ${drawn.words}: ${success ? "done" : "FAILED"} after ${time.toFixed(1)} s, ${plans} plans` +
        `${why === "" ? "" : `: ${why}`}${violations.length > 0 ? `; VIOLATIONS: ${violations.join(", ")}` : ""}`,
    );
  }
  simulation.dispose();
  const times = trials.filter((t) => t.success).map((t) => t.time),
    planning = trials.flatMap((t) => t.planning);
  const spread = (x: readonly number[], digits: number): string =>
    [0.5, 0.9, 1].map((p) => quantile([...x], p).toFixed(digits)).join(", ");
  console.log(
    [
      "",
      `${o.family}, ${o.robot}, seed ${o.seed}`,
      `done, ground truth            ${share(trials)}`,
      `nothing done                  ${share(idle)}`,
      `told and not true             ${trials.filter((t) => t.told && !t.success).length}`,
      `seconds, p50, p90, max        ${spread(times, 1)}`,
      `plans of a task, p50, p90, max  ${spread(
        trials.map((t) => t.plans),
        0,
      )}`,
      `task level, ms, p50, p90, max ${spread(planning, 0)}`,
      `violations, ground truth      ${trials.filter((t) => t.violations.length > 0).length} tasks`,
    ].join("\n"),
  );
}

new Command("hands")
  .description("tasks for a hand: the whole agent in one process and simulated time, evaluated by ground truth")
  .addOption(new Option("--family <name>", "kind of tasks").choices(Object.keys(families)).default("pick"))
  .option("--tasks <n>", "tasks, drawn", wholeNumber, 10)
  .option("--first <n>", "number of the first, to run one of them again", wholeNumber, 0)
  .option("--robot <name>", "robot in config/robots, or a file", "arm7")
  .option("--agent <name>", "agent in config/agents, or a file", "hands")
  .option("--objects <m>", "noise of the places of things, standard deviation", Number, 0.001)
  .option("--seed <n>", "of the draws", wholeNumber, 1)
  .action(bench)
  .parse();
