import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { packageRoot } from "../config/index.js";
import { statusLine } from "./statusLine.js";
import { trainingPython } from "./trainingPython.js";

const count = (text: string): number => {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("want a whole number of at least 1.");
  return n;
};

/** `telos train`: a world model from recordings, in Python with PyTorch. */
export function trainCommand(): Command {
  return new Command("train")
    .description(
      "train a world model, self-supervised, from recordings of an arm (telos collect, ros2 bag record -s mcap); an " +
        "interrupted run continues where it stopped",
    )
    .requiredOption("--config <file>", "training configuration: config/models/….yaml")
    .requiredOption("--data <folders...>", "folders of MCAP recordings")
    .requiredOption("--out <folder>", "folder for the model: graphs, manifest, golden vectors, log")
    .option("--set <key=value...>", "override values of the file, by their path: representation.regulariser=vicreg")
    .option("--encoder <kind>", "short for --set encoder=…: keypoints, conv, or frozen:FILE.onnx")
    .option("--seeds <n>", "models per variant of a comparison", count, 1)
    .option("--threads <n>", "threads per process", count, 2)
    .option(
      "--processes <n>",
      "processes that share each batch (torchrun); for several hosts run torchrun -m telos_training yourself",
      count,
      1,
    )
    .option("--force", "export a model even if it fails the quality gates; its manifest then says so", false)
    .addHelpText(
      "after",
      "\nExample:\n  telos collect --scene pucks --episodes 3000 --seed 1 --out data/pucks\n" +
        "  telos train --config config/models/pucks.yaml --data data/pucks --out models/pucks\n",
    )
    .action(
      async (o: {
        config: string;
        data: string[];
        out: string;
        set?: string[];
        encoder?: string;
        seeds: number;
        threads: number;
        processes: number;
        force: boolean;
      }) => {
        const python = trainingPython((line) => process.stderr.write(`setting up: ${line} …\n`));
        const args = [
          resolve(o.config),
          "--data",
          ...o.data.map((d) => resolve(d)),
          "--out",
          resolve(o.out),
          "--seeds",
          String(o.seeds),
          "--threads",
          String(o.threads),
        ];
        const set = [...(o.encoder === undefined ? [] : [`encoder=${o.encoder}`]), ...(o.set ?? [])];
        if (set.length > 0) args.push("--set", ...set);
        if (o.force) args.push("--force");
        const launcher =
          o.processes > 1
            ? [
                "-m",
                "torch.distributed.run",
                "--standalone",
                "--nproc-per-node",
                String(o.processes),
                "-m",
                "telos_training",
              ]
            : ["-m", "telos_training"];
        const child = spawn(python, [...launcher, ...args], {
          stdio: "inherit",
          env: { ...process.env, PYTHONPATH: resolve(packageRoot(), "training") },
        });
        const signals = ["SIGINT", "SIGTERM"] as const;
        const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
        for (const signal of signals) process.on(signal, pass);
        process.exitCode = await new Promise<number>((done) => child.once("close", (code) => done(code ?? 130)));
        for (const signal of signals) process.off(signal, pass);
        if (process.exitCode !== 0) return;
        const { ship, waits } = await import("../evaluation/worldmodel/ship.js");
        if (!waits(o.out)) return; // part of a comparison, or from a real arm: it is exported already
        const say = (text: string): void => {
          statusLine("");
          process.stdout.write(`${text}\n`);
        };
        const shipped = await ship(o.out, o.force, statusLine, say);
        process.exit(shipped ? 0 : 1); // MuJoCo leaves handles behind that would keep the event loop alive
      },
    );
}
