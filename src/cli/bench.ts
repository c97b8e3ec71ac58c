import { Command } from "commander";
import { wholeNumber } from "./wholeNumber.js";
import { statusLine } from "./statusLine.js";

interface Options {
  readonly free: number;
  readonly goals: number;
  readonly seed: number;
  readonly quick: boolean;
  readonly load?: number | true;
  readonly json: boolean;
}

const LOAD_DOMAIN = 11; // the first domain of the runs beside busy programs, added to ROS_DOMAIN_ID

const HELP = `
Goals are random and reachable, and the same for the same seed. They run first in one process on simulated time
(deterministic), then with simulator and agent as processes over DDS. Times to goal are compared with time-optimal
trajectories under the same limits, which Ruckig computes; it is installed from PyPI when first needed.
docs/experiments/bench.md explains every line.
`;

/** `telos bench`, and so `npm run bench`: measures on this machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("measure success, time to goal against the time-optimal one, planning times, and CPU use")
    .option("--free <n>", "goals per scene in one process, without DDS", wholeNumber, 50)
    .option("--goals <n>", "goals over DDS, half of them with a wall in the way", wholeNumber, 10)
    .option("--seed <n>", "seed of the goals", wholeNumber, 7)
    .option("--quick", "a few goals only: under a minute", false)
    .option(
      "--load [n]",
      "run beside n busy programs (default: 0, then 1, then 2): goals in three scenes over DDS, --goals in each",
      wholeNumber,
    )
    .option("--json", "print one JSON object on stdout instead of the table", false)
    .addHelpText("after", HELP)
    .action(async ({ free, goals, seed, quick, load, json }: Options) => {
      if (load !== undefined) {
        const { loadTable, underLoad } = await import("../evaluation/underLoad.js");
        const figures = [];
        for (const busy of load === true ? [0, 1, 2] : [load])
          figures.push(...(await underLoad(busy, quick ? 4 : goals, seed, LOAD_DOMAIN, statusLine)));
        statusLine("");
        process.stdout.write(`${json ? JSON.stringify(figures) : loadTable(figures)}\n`);
        process.exit(0);
      }
      const { runBench } = await import("../evaluation/runBench.js");
      const { benchTable } = await import("../evaluation/benchTable.js");
      const report = await runBench(quick ? { free: 5, goals: 4, seed } : { free, goals, seed }, statusLine);
      statusLine("");
      process.stdout.write(`${json ? JSON.stringify(report) : benchTable(report)}\n`);
      process.exit(0); // rclnodejs and MuJoCo leave handles behind that would keep the event loop alive
    });
}
