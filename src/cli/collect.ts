import { Command, InvalidArgumentError, Option } from "commander";
import type { CollectJob } from "../collect/CollectJob.js";
import { wholeNumber } from "./wholeNumber.js";

interface Options {
  readonly scene?: string;
  readonly policy: "explore" | "model";
  readonly model?: string;
  readonly ros: boolean;
  readonly config: string;
  readonly episodes: number;
  readonly seed: number;
  readonly out: string;
  readonly workers: number;
  readonly json: boolean;
}

const HELP = `
Each episode is one MCAP file of standard ROS 2 messages (sensor_msgs/Image, JointState …), as \`ros2 bag record\`
writes it. The same seed and number give the same episode. Existing episodes are kept: after Ctrl-C the same command
continues, and a larger --episodes adds episodes. A folder holds episodes of one configuration, seed, policy and model.

With --policy model the top level of the agent \`learned\` acts, with a learned model, toward objects at random
places. This is for training in rounds.

With --ros a real arm explores, or an arm in any simulator. A running agent (telos agent) receives tool poses within
the configuration's box. Camera images, joint states, commands and objects are recorded. Only the agent moves the arm,
inside its guardrails. Ctrl-C stops the arm and keeps the episode as it is. ROS arguments follow --ros-args.

Examples:
  telos collect --scene pucks --episodes 1500 --out data/pucks
  telos collect --config pucks_randomised --episodes 100 --seed 7 --workers 4 --out data/randomised
  telos collect --policy model --model models/pucks --episodes 300 --out data/round2
  telos collect --ros --config my_arm.yaml --episodes 50 --out data/arm
`;

/** `telos collect`: records training data. */
export function collectCommand(): Command {
  return (
    new Command("collect")
      .description("let an arm explore inside its guardrails, and record it as training data")
      .addOption(
        new Option(
          "--scene <name or file>",
          "scene in config/scenes, or a YAML file (default: the configuration's)",
        ).conflicts("ros"),
      )
      .option(
        "--config <name or file>",
        "exploration, actions and randomisation: a name in config/collect, or a YAML file",
        "pucks",
      )
      .addOption(
        new Option("--policy <who>", "who acts: an explorer, or a learned model's plans")
          .choices(["explore", "model"])
          .default("explore")
          .conflicts("ros"),
      )
      .addOption(
        new Option(
          "--model <name or folder>",
          "model in models/, or its folder (default: the learned agent's)",
        ).conflicts("ros"),
      )
      .option("--ros", "explore with the arm of this ROS domain, through its agent, instead of in the simulator", false)
      .option("--episodes <n>", "total number of episodes", wholeNumber, 100)
      .option("--seed <n>", "seed of all random draws", wholeNumber, 1)
      .requiredOption("--out <folder>", "folder for the recordings")
      .addOption(
        new Option("--workers <n>", "threads; more threads than cores gain nothing")
          .argParser(positive)
          .default(2)
          .conflicts("ros"),
      )
      .option("--json", "print the summary as one JSON object on stdout", false)
      .addHelpText("after", HELP)
      // MuJoCo leaves handles behind that would keep the event loop alive
      .action(async (options: Options) => process.exit(await run(options)))
  );
}

async function run(o: Options): Promise<number> {
  const [{ readFileSync }, { join }, { loadCollectConfig, packageRoot }] = await Promise.all([
    import("node:fs"),
    import("node:path"),
    import("../config/index.js"),
  ]);
  if (o.model !== undefined && o.policy !== "model")
    throw new Error(`--model: got ${o.model} for --policy ${o.policy}, want --policy model`);
  const config = loadCollectConfig(o.config);
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  const stop = new AbortController();
  process.once("SIGINT", () => {
    process.stderr.write(
      `\n${o.ros ? "stopping the arm" : "finishing the episodes under way"}; Ctrl-C again ends at once\n`,
    );
    stop.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  let policy: CollectJob["policy"] = { name: o.ros ? "ros" : "explore" };
  if (!o.ros && o.policy === "model") policy = (await import("../collect/modelPolicy.js")).modelPolicy(o.model);
  const job = {
    config: o.scene === undefined ? config : { ...config, scene: o.scene },
    policy,
    seed: o.seed,
    folder: o.out,
    version,
  };
  await (o.ros ? withArm(job, o, stop.signal) : simulated(job, o, stop.signal));
  return stop.signal.aborted ? 130 : 0;
}

async function simulated(job: CollectJob, o: Options, signal: AbortSignal): Promise<void> {
  const [{ collect }, { CollectReport }] = await Promise.all([
    import("../collect/collect.js"),
    import("./CollectReport.js"),
  ]);
  const report = new CollectReport(o.episodes);
  await collect(job, {
    count: o.episodes,
    workers: o.workers,
    begin: (todo) => report.begin(todo),
    each: (e) => report.add(e),
    signal,
  });
  report.stop();
  process.stdout.write(`${o.json ? JSON.stringify(report.summary()) : report.text()}\n`);
}

async function withArm(job: CollectJob, o: Options, signal: AbortSignal): Promise<void> {
  const [{ collectRos }, { rosArguments }] = await Promise.all([
    import("../collect/collectRos.js"),
    import("../adapters/ros/rosArguments.js"),
  ]);
  let episodes = 0,
    images = 0,
    tasks = 0,
    reached = 0;
  await collectRos(job, {
    count: o.episodes,
    rcl: rosArguments(process.argv.slice(2)).rcl,
    tell: (words) => process.stderr.write(`telos collect: ${words}\n`),
    each: (e) => {
      (episodes++, (images += e.images), (tasks += e.tasks), (reached += e.reached));
      process.stderr.write(
        `episode ${e.number}: ${e.images} images in ${e.seconds.toFixed(1)} s, ${e.reached} of ${e.tasks} places ` +
          `reached, ${e.end}\n`,
      );
    },
    signal,
  });
  const text =
    episodes === 0 && !signal.aborted
      ? `nothing to do: all ${o.episodes} episodes exist already`
      : `${episodes} episodes, ${images} images, ${reached} of ${tasks} places reached`;
  process.stdout.write(`${o.json ? JSON.stringify({ episodes, images, tasks, reached }) : text}\n`);
}

function positive(text: string): number {
  const n = wholeNumber(text);
  if (n < 1 || n > 256) throw new InvalidArgumentError("want a whole number, 1 … 256");
  return n;
}
