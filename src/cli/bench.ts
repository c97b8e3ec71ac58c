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

const LOAD_DOMAIN = 11; // the first of its worlds', added to ROS_DOMAIN_ID

const HELP = `
Random reachable goals, the same for the same seed: first in one process on simulated time (deterministic), then by
simulator and agent as processes over DDS. Times to goal are compared with the time-optimal trajectories that Ruckig
finds under the same limits; it is installed from PyPI when it is first needed. docs/bench.md explains every line.
`;

/** `telos bench`, and so `npm run bench`: the figures of this very machine. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("measure: success and time to goal against the time-optimal, planning times, what the processes take")
    .option("--free <n>", "goals a scene in one process, without DDS", wholeNumber, 50)
    .option("--goals <n>", "goals over DDS, half of them with a wall in the way", wholeNumber, 10)
    .option("--seed <n>", "seed of the goals", wholeNumber, 7)
    .option("--quick", "a few goals only: under a minute", false)
    .option(
      "--load [n]",
      "beside n cores' worth of other programs (default: 0, then 1, then 2): goals in three scenes over DDS, " +
        "--goals of them each",
      wholeNumber,
    )
    .option("--json", "one JSON object on stdout instead of the table", false)
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
