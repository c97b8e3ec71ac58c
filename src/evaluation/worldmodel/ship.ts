import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closedLoop, closedLoopGates } from "./closedLoop.js";
import { runBench } from "./runBench.js";
import { plain, reportTables } from "./table.js";

/** Numbers of measurements. */
export interface Trials {
  readonly episodes: number; // per cell
  readonly oracle: number; // episodes with true dynamics
  readonly recorded: number; // explored episodes, and the same number of pushes whose plans are evaluated
}

const TRIALS: Trials = { episodes: 20, oracle: 3, recorded: 20 };
const SEED = 2; // for tasks that the bench does not draw
const STEPS = 15; // budget of a task
const MANIFEST = "manifest.json";

/** The folder in which the trainer leaves a model that has not been evaluated yet. */
const candidate = (out: string): string => join(out, "state", "candidate");

/** Whether a model waits in that folder. */
export const waits = (out: string): boolean => existsSync(join(candidate(out), MANIFEST));

/**
 * Evaluates a trained candidate in closed loop, in the world that its configuration names, and exports it to `out` with
 * the measurements in its manifest. A candidate that fails a gate stays where it is, unless `force` is set.
 * Measurements are kept in `out`/state, so that an interrupted evaluation continues.
 *
 * @returns whether it was exported
 * @throws ConfigError if there is no such world, ModelError if the model is for another robot
 */
export async function ship(
  out: string,
  force: boolean,
  progress: (text: string) => void,
  say: (text: string) => void,
  trials = TRIALS,
): Promise<boolean> {
  const from = candidate(out);
  const manifest = JSON.parse(readFileSync(join(from, MANIFEST), "utf8")) as {
    files: Record<string, { file: string }>;
    config: { world: string };
    metrics: Record<string, number>;
    gates: string[] | string;
  };
  const report = await runBench(
    {
      models: [from],
      ...trials,
      moved: 0,
      race: 0,
      steps: STEPS,
      world: manifest.config.world,
      seed: SEED,
      out: join(out, "state", "closed-loop.jsonl"),
    },
    progress,
  );
  const measured = closedLoop(report),
    missed = closedLoopGates(measured);
  const tell = (text: string): void => (say(text), appendFileSync(join(out, "train.log"), `${text}\n`));
  tell(
    reportTables(report)
      .map(([title, table]) => `${title}:\n${plain(table)}`)
      .join("\n\n"),
  );
  for (const gate of missed) tell(`gate: ${gate}`);
  if (missed.length > 0 && !force) {
    tell(
      "not exported: a model that fails its gates plans badly (--force exports it anyway, and its manifest " +
        "says so)",
    );
    return false;
  }
  const failed = [...(Array.isArray(manifest.gates) ? manifest.gates : []), ...missed];
  const evaluated = {
    ...manifest,
    metrics: { ...manifest.metrics, ...measured },
    gates: failed.length > 0 ? failed : "all passed",
    forced: failed.length > 0,
  };
  writeFileSync(join(from, MANIFEST), `${JSON.stringify(evaluated, null, 1)}\n`);
  rmSync(join(out, MANIFEST), { force: true }); // until the new manifest is written, the folder holds no model
  for (const file of [...Object.values(manifest.files).map((f) => f.file), "golden.json", MANIFEST])
    renameSync(join(from, file), join(out, file));
  rmSync(from, { recursive: true });
  tell(`exported to ${out}`);
  return true;
}
