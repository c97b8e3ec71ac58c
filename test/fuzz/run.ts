import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { Checkpoint } from "../Checkpoint.js";
import { Progress } from "../Progress.js";
import { viableVelocities } from "../../src/guardrails/filter/viableVelocities.js";
import { arm, jerky, robots } from "../guardrails/setups.js";
import { CartesianFuzz, type CartesianReport } from "./CartesianFuzz.js";
import { TaskFuzz, type TaskReport } from "./TaskFuzz.js";
import { weak } from "./weak.js";
import { fuzzJerks, type JerkExcess } from "./jerkFuzz.js";
import { fuzzJoints, type JointExcess } from "./jointFuzz.js";

const PIECE = 1e7; // joint-steps
const EACH = 5000; // steps in one world
const HELP = `npm run fuzz [-- --long] [-- --seed N] [-- --joint-steps N] [-- --steps N] [-- --anew] [-- --models] \
[-- --configs]
             [-- --mutants] [-- --joins]

10^7 joint-steps, a tenth of that with jerk limits, 10^6 steps of arms among boxes and people, and a twentieth of that
of weak arms with tasks that lay shapes over them, evaluated by an oracle of their own. Prints what was tried
and the worst that was seen; ends with 1 if a bound was broken.

  --long             10^9 and 10^7: about an hour on one core for the joints, half an hour for the arms
  --seed N           others than those of seed 1
  --joint-steps N, --steps N   more or fewer
  --anew             forget an earlier run that was cut off; else it goes on where it ended, if the program is the same
  --models           mutates 10^5 files of learned models instead: refused where they are wrong, or sound; the process
                     must live
  --configs          mutates 10^5 configurations and tasks instead, likewise
  --joins            what released controllers make of the commands, in shares of the limits, and what they made of
                     those that began ahead
  --mutants          breaks the guardrails in every listed way instead, and looks whether a test notices
`;
const { values: o } = parseArgs({
  options: {
    long: { type: "boolean" },
    mutants: { type: "boolean" },
    models: { type: "boolean" },
    configs: { type: "boolean" },
    joins: { type: "boolean" },
    anew: { type: "boolean" },
    help: { type: "boolean", short: "h" },
    seed: { type: "string" },
    "joint-steps": { type: "string" },
    steps: { type: "string" },
  },
});
if (o.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (o.mutants)
  process.exit(
    spawnSync(process.execPath, ["--test", "dist/test/guardrails/mutation.test.js"], {
      env: { ...process.env, TELOS_MUTANTS: "all" },
      stdio: "inherit",
    }).status ?? 1,
  );
const seed = Number(o.seed ?? 1),
  jointSteps = Number(o["joint-steps"] ?? (o.long ? 1e9 : 1e7)),
  steps = Number(o.steps ?? (o.long ? 1e7 : 1e6));
for (const [name, x] of Object.entries({ seed, jointSteps, steps }))
  if (!(x >= 0 && x <= 1e12)) {
    console.error(`${name}: got ${x}, want a number from 0`);
    process.exit(2);
  }

/** What one part has found so far. Parts are run in pieces, each with a seed of its own, and saved after each. */
interface Part<T> {
  pieces: number;
  seconds: number;
  total: T | undefined;
}
const checkpoint = new Checkpoint<Record<string, Part<unknown>>>(`fuzz ${seed} ${jointSteps} ${steps}`);
const parts = (o.anew ? undefined : checkpoint.load()) ?? {};
if (o.joins) {
  const { tellJoins } = await import("./tellJoins.js");
  process.exit(tellJoins(seed, console.log) ? 0 : 1);
}
if (o.models) {
  const { fuzzModels } = await import("./modelFuzz.js");
  const began = performance.now();
  const { manifests, graphs, refused, wrong } = await fuzzModels(1e5, seed);
  for (const fault of wrong) console.log(fault);
  console.log(
    `models     ${manifests} manifests and ${graphs} graphs mutated, ${refused} refused at their place, ` +
      `${wrong.length} otherwise; ${((performance.now() - began) / 1e3).toFixed(1)} s`,
  );
  process.exit(wrong.length === 0 ? 0 : 1);
}

if (o.configs) {
  const { fuzzConfigs } = await import("./configFuzz.js");
  const began = performance.now();
  const { tried, refused, slowest, wrong } = fuzzConfigs(1e5, seed);
  for (const fault of wrong) console.log(fault);
  console.log(
    `configs    ${tried} files mutated, ${refused} refused at their place, ${wrong.length} otherwise; the slowest ` +
      `took ${slowest.toFixed(0)} ms; ${((performance.now() - began) / 1e3).toFixed(1)} s`,
  );
  process.exit(wrong.length === 0 ? 0 : 1);
}

let violations = 0;

/** Runs a part to its end, from where an earlier run left it. @param add what a piece found to what was found before */
function run<T extends { readonly steps: number; readonly violations: number }>(
  name: string,
  most: number,
  piece: (seed: number, steps: number) => T,
  add: (total: T, found: T) => T,
): Part<T> & { total: T } {
  const part = (parts[name] ??= { pieces: 0, seconds: 0, total: undefined }) as Part<T>;
  const progress = new Progress();
  for (let done = part.total?.steps ?? 0; part.total === undefined || done < most; done = part.total.steps) {
    progress.tell(name, done, most, `${part.total?.violations ?? 0} violations`);
    const began = performance.now();
    const own = seed * 1_000_003 + part.pieces;
    const found = piece(own, most - done);
    if (found.violations > 0) console.log(`  ${found.violations} violations in ${name}, seed ${own}`);
    part.total = part.total === undefined ? found : add(part.total, found);
    part.pieces++;
    part.seconds += (performance.now() - began) / 1e3;
    checkpoint.save(parts);
  }
  progress.end();
  return part as Part<T> & { total: T };
}

/** Counts are added; excesses are greatest. */
function worst<T extends object>(counts: readonly (keyof T)[]): (a: T, b: T) => T {
  return (a, b) =>
    Object.fromEntries(
      Object.entries(a).map(([key, x]) => [
        key,
        counts.includes(key as keyof T) ? x + b[key as keyof T] : Math.max(x, b[key as keyof T] as number),
      ]),
    ) as T;
}
const show = (x: number): string => (x <= 0 ? "0" : x.toExponential(1));

const { total: joints, seconds: jointTime } = run(
  "joints",
  jointSteps,
  (own, most) => fuzzJoints(Math.min(most, PIECE), own, viableVelocities),
  worst<JointExcess>(["steps", "violations", "empty"]),
);
violations += joints.violations + joints.empty;
console.log(
  `joints     ${joints.steps} joint-steps, ${joints.violations} violations, ${joints.empty} empty sets; worst ` +
    `excess ${show(joints.position)} rad, ${show(joints.velocity)} rad/s, acceleration ${show(joints.acceleration)} ` +
    `of the limit; ${jointTime.toFixed(1)} s`,
);

const { total: jerks, seconds: jerkTime } = run(
  "with jerk",
  jointSteps / 10,
  (own, most) => fuzzJerks(Math.min(most, PIECE / 10), own),
  worst<JerkExcess>(["steps", "violations", "moved"]),
);
violations += jerks.violations;
console.log(
  `with jerk  ${jerks.steps} joint-steps, ${jerks.violations} violations; worst excess ${show(jerks.position)} rad, ` +
    `velocity ${show(jerks.velocity)}, acceleration ${show(jerks.acceleration)}, jerk ${show(jerks.jerk)} of the ` +
    `limit; ${jerkTime.toFixed(1)} s`,
);

const arms = [
  ...robots.map((name) => [name, arm(name)] as const),
  ["arm7, jerk and error", { ...jerky("arm7"), trackingError: 0.002 }] as const,
];
for (const [name, of] of arms) {
  const { total, seconds: time } = run(name, steps / arms.length, (own) => new CartesianFuzz(of, own).run(EACH), add);
  violations += total.violations;
  const mm = (x: number): string => `${(1e3 * x).toFixed(3)} mm`;
  console.log(
    `${name.padEnd(20)} ${total.steps} steps (${total.moving} in motion, ${total.commands} commands, ${total.stops} ` +
      `on the fail-safe trajectory), ${total.violations} violations; least room beyond the bound: solid ` +
      `${mm(total.room.solid)}, ` +
      `self ${mm(total.room.self)}, person ${mm(total.room.person)}; joints exceed by ${show(-total.room.joints)}; ` +
      `${time.toFixed(1)} s`,
  );
}
for (const { name, of, load } of weak()) {
  const { total, seconds: time } = run(
    `tasks, ${name}`,
    steps / 60,
    (own) => new TaskFuzz(of, load, own).run(Math.min(400, steps)),
    add,
  );
  violations += total.violations;
  const mm = (x: number): string => `${(1e3 * x).toFixed(3)} mm`;
  console.log(
    `${`tasks, ${name}`.padEnd(20)} ${total.steps} steps (${total.moving} in motion, ${total.commands} commands, ` +
      `${total.recoveries} of them from within something), ${total.violations} violations; least room beyond what ` +
      `is allowed: solid ${mm(total.room.solid)}, self ${mm(total.room.self)}, at rest ${show(total.room.rest)}, ` +
      `torque ${(100 * total.room.torque).toFixed(1)} % of the effort; ${time.toFixed(1)} s`,
  );
}
console.log(violations === 0 ? "fuzz: no bound was broken" : `fuzz: ${violations} VIOLATIONS`);
checkpoint.done();
process.exitCode = violations === 0 ? 0 : 1;

/** Counts are added; of rooms the least stays. */
function add<T extends CartesianReport | TaskReport>(a: T, b: T): T {
  const sum = Object.fromEntries(Object.entries(a).map(([key, x]) => [key, x + (b[key as keyof T] as number)]));
  const room = Object.fromEntries(
    Object.entries(a.room).map(([key, x]) => [key, Math.min(x, (b.room as Record<string, number>)[key])]),
  );
  return { ...sum, room } as unknown as T;
}
