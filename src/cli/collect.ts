import { Command, InvalidArgumentError } from "commander";

interface Options {
  readonly scene?: string;
  readonly config: string;
  readonly episodes: number;
  readonly seed: number;
  readonly out: string;
  readonly workers: number;
  readonly json: boolean;
}

const HELP = `
Every episode is one MCAP file of standard ROS 2 messages (sensor_msgs/Image, JointState …), as \`ros2 bag record\` would write it. The same seed and number
give the same episode. What is there already is not made again: stopped with Ctrl-C or otherwise, the same command goes on where it was, and a larger
--episodes adds to what there is.

Examples:
  telos collect --scene pucks --episodes 1500 --out data/pucks
  telos collect --config pucks_randomised --episodes 100 --seed 7 --workers 4 --out data/randomised
`;

/** `telos collect`: experience for learning. */
export function collectCommand(): Command {
  return new Command("collect")
    .description("let the simulated arm explore, inside its guardrails, and write what it lives as ROS 2 recordings")
    .option("--scene <name or file>", "scene in config/scenes, or a YAML file (default: the configuration's)")
    .option("--config <name or file>", "exploration, what an action means, randomisation: a name in config/collect, or a YAML file", "pucks")
    .option("--episodes <n>", "episodes there shall be in the end", natural, 100)
    .option("--seed <n>", "seed of all that is random", natural, 1)
    .requiredOption("--out <folder>", "where the recordings go")
    .option("--workers <n>", "threads; more than there are cores gain nothing", positive, 2)
    .option("--json", "the summary as one JSON object on stdout", false)
    .addHelpText("after", HELP)
    .action(async (options: Options) => process.exit(await run(options))); // MuJoCo leaves handles behind that would keep the event loop alive
}

async function run(o: Options): Promise<number> {
  const [{ readFileSync }, { join }, { loadCollectConfig, packageRoot }, { collect }, { CollectReport }] = await Promise.all([
    import("node:fs"),
    import("node:path"),
    import("../config/index.js"),
    import("../collect/collect.js"),
    import("./CollectReport.js"),
  ]);
  const config = loadCollectConfig(o.config);
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  const stop = new AbortController();
  process.once("SIGINT", () => {
    process.stderr.write("\nending with the episodes under way; Ctrl-C again ends at once\n");
    stop.abort();
    process.once("SIGINT", () => process.exit(130));
  });
  const report = new CollectReport(o.episodes);
  await collect(
    { config: o.scene === undefined ? config : { ...config, scene: o.scene }, seed: o.seed, folder: o.out, version },
    { count: o.episodes, workers: o.workers, begin: (todo) => report.begin(todo), each: (e) => report.add(e), signal: stop.signal },
  );
  report.stop();
  process.stdout.write(`${o.json ? JSON.stringify(report.summary()) : report.text()}\n`);
  return stop.signal.aborted ? 130 : 0;
}

function natural(text: string): number {
  const n = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(n) || n < 0) throw new InvalidArgumentError("want a whole number of at least 0");
  return n;
}

function positive(text: string): number {
  const n = natural(text);
  if (n < 1 || n > 256) throw new InvalidArgumentError("want a whole number, 1 … 256");
  return n;
}
