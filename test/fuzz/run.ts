import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { viableVelocities } from "../../src/guardrails/viableVelocities.js";
import { arm, jerky, robots } from "../guardrails/setups.js";
import { CartesianFuzz, type CartesianReport } from "./CartesianFuzz.js";
import { fuzzJerks } from "./jerkFuzz.js";
import { fuzzJoints } from "./jointFuzz.js";

/**
 * `npm run fuzz`: 10⁷ joint-steps and 10⁶ steps of arms among boxes and people; `-- --long`: 10⁹ and 10⁷. Prints what was tried and the worst
 * that was seen; exits 1 if a bound was broken. `--seed N` tries others, `--joint-steps N` and `--steps N` more or fewer. `-- --mutants` breaks the
 * guardrails in every listed way instead, and looks whether a test notices.
 */
const { values: o } = parseArgs({ options: { long: { type: "boolean" }, mutants: { type: "boolean" }, seed: { type: "string" }, "joint-steps": { type: "string" }, steps: { type: "string" } } });
if (o.mutants) process.exit(spawnSync(process.execPath, ["--test", "dist/test/guardrails/mutation.test.js"], { env: { ...process.env, TELOS_MUTANTS: "all" }, stdio: "inherit" }).status ?? 1);
const seed = Number(o.seed ?? 1), jointSteps = Number(o["joint-steps"] ?? (o.long ? 1e9 : 1e7)), steps = Number(o.steps ?? (o.long ? 1e7 : 1e6));
for (const [name, x] of Object.entries({ seed, jointSteps, steps }))
  if (!(x >= 0 && x <= 1e12)) {
    console.error(`${name}: got ${x}, want a number from 0`);
    process.exit(2);
  }

let violations = 0;
const timed = <T>(f: () => T): [T, number] => {
  const began = performance.now();
  return [f(), (performance.now() - began) / 1e3];
};
const show = (x: number): string => (x <= 0 ? "0" : x.toExponential(1));

const [joints, jointTime] = timed(() => fuzzJoints(jointSteps, seed, viableVelocities));
violations += joints.violations + joints.empty;
console.log(`joints     ${joints.steps} joint-steps, ${joints.violations} violations, ${joints.empty} empty sets; worst excess ${show(joints.position)} rad, ${show(joints.velocity)} rad/s, acceleration ${show(joints.acceleration)} of the limit; ${jointTime.toFixed(1)} s`);

const [jerks, jerkTime] = timed(() => fuzzJerks(jointSteps / 10, seed));
violations += jerks.violations;
console.log(`with jerk  ${jerks.steps} joint-steps, ${jerks.violations} violations; worst excess ${show(jerks.position)} rad, velocity ${show(jerks.velocity)}, acceleration ${show(jerks.acceleration)}, jerk ${show(jerks.jerk)} of the limit; ${jerkTime.toFixed(1)} s`);

const EACH = 5000; // steps in one world
const arms = [...robots.map((name) => [name, arm(name)] as const), ["arm7, jerk and error", { ...jerky("arm7"), trackingError: 0.002 }] as const];
for (const [name, of] of arms) {
  const total: CartesianReport = { steps: 0, moving: 0, commands: 0, stops: 0, violations: 0, room: { solid: Infinity, self: Infinity, workspace: Infinity, person: Infinity, joints: Infinity } };
  const [, time] = timed(() => {
    for (let world = 0; total.steps < steps / arms.length; world++) add(total, new CartesianFuzz(of, seed * 1_000_003 + world).run(EACH), `${name}, world ${world}`);
  });
  violations += total.violations;
  const mm = (x: number): string => `${(1e3 * x).toFixed(3)} mm`;
  console.log(`${name.padEnd(20)} ${total.steps} steps (${total.moving} in motion, ${total.commands} commands, ${total.stops} on the tail), ${total.violations} violations; least room beyond the bound: solid ${mm(total.room.solid)}, self ${mm(total.room.self)}, person ${mm(total.room.person)}; joints exceed by ${show(-total.room.joints)}; ${time.toFixed(1)} s`);
}
console.log(violations === 0 ? "fuzz: no bound was broken" : `fuzz: ${violations} VIOLATIONS`);
process.exitCode = violations === 0 ? 0 : 1;

function add(total: CartesianReport, r: CartesianReport, where: string): void {
  if (r.violations > 0) console.log(`  ${r.violations} violations in ${where}`);
  for (const key of ["steps", "moving", "commands", "stops", "violations"] as const) total[key] += r[key];
  for (const key of Object.keys(total.room) as (keyof CartesianReport["room"])[]) total.room[key] = Math.min(total.room[key], r.room[key]);
}
