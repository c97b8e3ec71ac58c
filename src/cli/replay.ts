import { existsSync } from "node:fs";
import { Command } from "commander";
import type { Difference } from "../agent/replayDecisions.js";

const SHOWN = 10; // differences printed one by one

const HELP = `
telos run --record makes the recording. It holds the inputs of every plan: state, beliefs, the plan above, the level's
last plan, random numbers and clock readings. This command computes every plan again from these inputs. With the same
build all plans are equal bit for bit. A difference shows where a change of code, model or library changed a decision.
The exit code is 0 if nothing differs, and 1 if a plan differs or the file is incomplete.

Examples:
  telos run --task reach --record reach.mcap && telos replay reach.mcap
`;

/** `telos replay`: recomputes the decisions of a recorded run. Needs no ROS. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("recompute the plans of a recorded run, and report where they differ")
    .argument("<file>", "MCAP file that telos run --record wrote")
    .option("--json", "print one JSON object with plans and differences", false)
    .addHelpText("after", HELP)
    .action(run);
}

async function run(file: string, { json }: { readonly json: boolean }): Promise<void> {
  if (!existsSync(file)) throw new Error(`${file}: got no file, want an MCAP file that telos run --record wrote`);
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
        `${level}: ${plans} plans recomputed, ` +
          `${different === 0 ? "all equal bit for bit" : `${different} differ`}\n`,
      );
    for (const d of differences.slice(0, SHOWN))
      process.stdout.write(
        `  ${d.level} plan ${d.number} at ${d.stamp.toFixed(3)} s: ${d.field} was ${String(d.recorded)}, is ` +
          `${String(d.replayed)}\n`,
      );
    if (differences.length > SHOWN) process.stdout.write(`  … and ${differences.length - SHOWN} more\n`);
  }
  if (!whole) process.stderr.write(`${file} ends early: the rest of the run is lost and not compared\n`);
  process.exitCode = whole && differences.length === 0 ? 0 : 1;
}
