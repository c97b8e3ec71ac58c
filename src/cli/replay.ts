import { Command } from "commander";
import type { Difference } from "../agent/replayDecisions.js";

const SHOWN = 10; // differences told one by one

const HELP = `
A recording is made by telos run --record. Every plan in it is made again from what it was made from: state, beliefs,
the plan above, the level's last plan, random numbers and clock readings. With the same build all are the same bit for
bit; what differs shows where a change of the code, a model or a library changed a decision. The exit code is 0 when
nothing differs, 1 when something does or the file ends early.

Examples:
  telos run --task reach --record reach.mcap && telos replay reach.mcap
`;

/** `telos replay`: the decisions of a recorded run, made again. Needs no ROS. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("make the decisions of a recorded run again, and say where they differ")
    .argument("<file>", "an MCAP file of telos run --record")
    .option("--json", "one JSON object: plans and differences", false)
    .addHelpText("after", HELP)
    .action(run);
}

async function run(file: string, { json }: { readonly json: boolean }): Promise<void> {
  const [{ replayDecisions }, { readDecisions }] = await Promise.all([
    import("../agent/replayDecisions.js"),
    import("../adapters/ros/client/readDecisions.js"),
  ]);
  const differences: Difference[] = [];
  let whole = true;
  const decisions = (function* () {
    whole = yield* readDecisions(file);
  })();
  const levels = await replayDecisions(decisions, (d) => differences.push(d));
  if (levels.length === 0)
    throw new Error(`${file} holds no decisions${whole ? "" : " (it ends early)"}: record with telos run --record`);
  if (json)
    process.stdout.write(`${JSON.stringify({ identical: differences.length === 0, whole, levels, differences })}\n`);
  else {
    for (const { level, plans, different } of levels)
      process.stdout.write(
        `${level}: ${plans} plans made again, ` +
          `${different === 0 ? "all the same bit for bit" : `${different} differ`}\n`,
      );
    for (const d of differences.slice(0, SHOWN))
      process.stdout.write(
        `  ${d.level} plan ${d.number} at ${d.stamp.toFixed(3)} s: ${d.field} was ${String(d.recorded)}, is ` +
          `${String(d.replayed)}\n`,
      );
    if (differences.length > SHOWN) process.stdout.write(`  … and ${differences.length - SHOWN} more\n`);
  }
  if (!whole) process.stderr.write(`${file} ends early: what came after is lost, and not compared\n`);
  process.exitCode = whole && differences.length === 0 ? 0 : 1;
}
