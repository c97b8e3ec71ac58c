import { join } from "node:path";
import { Command } from "commander";
import { wholeNumber } from "../../src/cli/wholeNumber.js";
import { statusLine } from "../../src/cli/statusLine.js";
import { modelNames } from "../../src/worldmodel/learned/onnx/index.js";
import { runBench } from "../../src/evaluation/worldmodel/runBench.js";
import { plain, reportTables } from "../../src/evaluation/worldmodel/table.js";
import { writeDocs } from "./writeDocs.js";

interface Options {
  readonly models?: readonly string[] | true;
  readonly episodes: number;
  readonly oracle: number;
  readonly moved: number;
  readonly recorded: number;
  readonly race: number;
  readonly world: string;
  readonly steps: number;
  readonly seed: number;
  readonly out: string;
  readonly docs?: string;
  readonly quick: boolean;
  readonly json: boolean;
}

const HELP = `
Tasks: goals are true later states of the same scene, shown as images. push: one puck moved by 5 to 15 cm, solved when
it ends within 3 cm of its goal; reach: the tool moved by 10 cm or more and no puck, solved when it ends within 3 cm.
Goals solved at the start are drawn again. The ladder: true dynamics with true poses; with poses as the model reads them
out of images; learned dynamics with the read-outs; with latent distance alone. An interrupted run goes on where it was:
what is measured is kept in the file --out names, by the weights and settings it was measured with.
`;

const command = new Command("bench:worldmodel")
  .description(
    "measure learned world models in closed loop, beside the true dynamics, random actions and doing nothing",
  )
  .option("--models [names...]", "names in models/ or folders; default: all of models/, without a name: none")
  .option("--episodes <n>", "tasks a cell", wholeNumber, 100)
  .option("--oracle <n>", "tasks with true dynamics, which are slow", wholeNumber, 40)
  .option(
    "--moved <n>",
    "tasks for each unseen view: the camera moved by three sizes, the floor a drifting picture",
    wholeNumber,
    50,
  )
  .option("--recorded <n>", "explored episodes on which predictions are measured", wholeNumber, 100)
  .option("--race <n>", "rounds of searches in turn with PyTorch's, by the same weights", wholeNumber, 7)
  .option(
    "--world <name>",
    "the world of config/collect/<name>.yaml: its scene and what is left to chance in it",
    "pucks",
  )
  .option("--steps <n>", "budget of a task, model steps of 0.4 s", wholeNumber, 15)
  .option("--seed <n>", "seed of the tasks", wholeNumber, 1)
  .option("--out <file>", "what was measured so far", join("runs", "bench-worldmodel.jsonl"))
  .option("--docs <file>", "write tables and plots into this Markdown file")
  .option("--quick", "few of everything: ten minutes", false)
  .option("--json", "one JSON object on stdout instead of the tables", false)
  .addHelpText("after", HELP)
  .action(async ({ quick, json, docs, models, ...rest }: Options) => {
    const few = quick ? { episodes: 10, oracle: 1, moved: 3, recorded: 10 } : {};
    const report = await runBench(
      { ...rest, ...few, models: models === true ? [] : (models ?? modelNames("world")) },
      statusLine,
    );
    statusLine("");
    if (docs !== undefined) writeDocs(docs, report);
    process.stdout.write(
      json
        ? `${JSON.stringify(report)}\n`
        : `${reportTables(report)
            .map(([, table]) => plain(table))
            .join("\n\n")}\n`,
    );
    process.exit(0); // MuJoCo leaves handles behind that would keep the event loop alive
  });

await command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`bench:worldmodel: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
