import { Rng } from "../../src/core/math/Rng.js";
import { ARM7, TOO_SLOW } from "../scenario/law.js";
import type { Verdict } from "../../src/evaluation/Checker.js";
import { rosIsHere, World } from "../../src/evaluation/World.js";
import type { FaultCase, Outcome } from "./FaultCase.js";

const ROUTES = 1.2; // rad of joint 1, to and fro
const DELAY = 0.45; // s: the lead of a command, transport, the servo's lag, the checker's own way on a busy machine
const AGAIN = 2; // s within which a new agent has its guardrails in force
const POSTURE =
  // arm7's home: joints that no goal names stray, trial by trial, until the arm lies on the table
  "joint2: 0.2457 rad, joint3: 0 rad, joint4: 1.6703 rad, joint5: 0 rad, joint6: 1.2256 rad, joint7: 0 rad";
const swing = (to: number): string =>
  `name: swing\ngoal:\n  - joint_positions: { joint1: ${to} rad, ${POSTURE} }\ntimeout: 30 s\n`;
const NOT_MOVED = 0.02; // rad
// trials of one world: after about 750 participants that died without a word Fast DDS hears a new one only when the
// lease of the last has ended, 20 s
const LIVES = 250;

/**
 * The true agent and the true simulator over true DDS; kept open over the seeds of a class, closed with the process.
 */
const worlds = new Map<string, Promise<World>>();
const trials = new Map<string, number>();
async function worldOf(scene: string, domain: number, apart: readonly string[]): Promise<World> {
  const key = `${scene}${domain}`;
  const trial = trials.get(key) ?? 0;
  trials.set(key, trial + 1);
  let world = worlds.get(key);
  if (world !== undefined && trial % LIVES === 0) {
    worlds.delete(key);
    await (await world).close();
    world = undefined;
  }
  if (world === undefined) {
    const w = new World({ domain, sim: ["--scene", scene, "--no-camera"], agent: ["--scene", scene, ...apart] });
    world = w.open().then(
      () => w,
      async (error: unknown) => {
        worlds.delete(key); // the next seed tries anew, and nothing of this one is left
        await w.close().catch(() => undefined);
        throw error;
      },
    );
    worlds.set(key, world);
  }
  return world;
}

/** Ends a world in which a trial broke off, so that the next one has another. */
async function abandon(world: World, error: unknown): Promise<never> {
  for (const [key, w] of worlds) if ((await w.catch(() => undefined)) === world) worlds.delete(key);
  await world.close().catch(() => undefined);
  throw error;
}

/** Ends what the process classes have left open. */
export async function closeWorlds(): Promise<void> {
  for (const world of worlds.values()) await (await world.catch(() => undefined))?.close();
  worlds.clear();
}

/** Lets the arm swing the long way, on which no task is done before the act, and acts at some instant of that. */
async function interrupt(
  world: World,
  rng: Rng,
  act: (world: World, rng: Rng) => Promise<readonly string[]>,
): Promise<Outcome> {
  const { checker } = world,
    began = world.sim.moment;
  await checker.begin();
  await checker.sleep(0.1); // of one message alone no speed is known
  const side = (await checker.verdict()).joints.joint1 > 0 ? -1 : 1;
  for (const to of [side, -side]) {
    const task = swing(to * ROUTES);
    // once in some hundred kills a new agent never answers (decision 30): ask once more, then it has failed
    await checker.goal(task).catch(() => checker.goal(task));
    if (
      await checker.moving(0.3).then(
        () => true,
        () => false,
      )
    )
      break;
  }
  await checker.sleep(rng.range(0, 0.5));
  const wrong = [...(await act(world, rng))];
  const end = wrong.length === 0 ? "at rest" : "not as expected",
    violations = leaps(await checker.verdict());
  const slow = TOO_SLOW.exec(world.sim.since(began));
  if (slow !== null && wrong.length + violations.length > 0) wrong.push(slow[0]);
  return { end, violations, fault: wrong.join("; ") };
}

/**
 * A signal to the agent at an instant drawn by the seed, while the arm moves: at rest in time, no bound broken, nothing
 * moves by itself afterwards.
 */
const signalled = (
  name: string,
  domain: number,
  act: (world: World, rng: Rng) => Promise<readonly string[]>,
): FaultCase => ({
  group: "process",
  name: `over DDS: ${name}`,
  expect: "stops",
  run: async (seed): Promise<Outcome> => {
    if (!rosIsHere) return { end: "skipped: no ROS 2", violations: [], fault: "" };
    const world = await worldOf("table", domain, []);
    return interrupt(world, new Rng(seed), act).catch((error: unknown) => abandon(world, error));
  },
});

const leaps = (verdict: Verdict): string[] => verdict.violations.map((v) => `${v.kind}: ${v.how}`);

async function rests(world: World): Promise<string[]> {
  const rest = await world.checker.rest(ARM7);
  if (!rest.still) return ["the arm never came to rest"];
  return rest.taken <= rest.needed + DELAY
    ? []
    : [`at rest after ${rest.taken.toFixed(2)} s, allowed ${(rest.needed + DELAY).toFixed(2)} s`];
}

export const processFaults: readonly FaultCase[] = [
  signalled(
    "kill -9 of the agent; a new one does not move by itself and knows what was unfinished",
    20,
    async (world) => {
      await world.checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGKILL" });
      const wrong = await rests(world);
      await world.checker.sleep(0.3); // the servo settles
      const before = (await world.checker.verdict()).joints;
      const took = await world.restartAgent();
      const { joints, speed } = await world.checker.verdict();
      const moved = Math.max(...Object.keys(joints).map((j) => Math.abs(joints[j] - before[j])));
      if (moved > NOT_MOVED || speed > 0.01) wrong.push(`the new agent moved by ${moved.toFixed(3)} rad by itself`);
      if (!world.agent.told(/ended in the middle of task/))
        wrong.push("the new agent does not tell what was unfinished");
      if (took > AGAIN)
        process.stderr.write(`    a new agent was inactive after ${took.toFixed(1)} s, want ${AGAIN} s\n`);
      return wrong;
    },
  ),
  signalled("SIGSTOP of the agent, and SIGCONT after a second", 21, async (world) => {
    await world.checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGSTOP" });
    const wrong = await rests(world);
    await world.checker.sleep(0.5);
    await world.checker.act({ what: "signal", pid: world.agent.pid, signal: "SIGCONT" });
    await world.checker.sleep(0.5);
    await world.checker.act({ what: "emergency_stop" }); // it had gone on with its task, as it may
    await rests(world);
    let reset = await world.checker.act({ what: "reset" });
    for (let i = 0; i < 10 && !reset.success; i++) {
      await world.checker.sleep(0.2); // the arm rests before the agent knows it
      reset = await world.checker.act({ what: "reset" });
    }
    if (!reset.success) wrong.push(`it could not be reset: ${reset.message}`);
    return wrong;
  }),
];
