import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, before, test, type TestContext } from "node:test";
import type { Checker, Rest, Verdict } from "../../src/evaluation/Checker.js";
import { rosIsHere, World, type WorldOptions } from "../../src/evaluation/World.js";

/** Joint acceleration limits of arm7, rad/s², which its URDF cannot say. */
export const ARM7 = [8, 8, 8, 8, 12, 12, 12] as const;

const ATTEMPTS = 3;
/**
 * By what simulator and agent say that the machine was too slow: commands did not come in time, plans take longer than
 * they may.
 */
export const TOO_SLOW = /the desired state jumped by \S+ mrad|cannot keep up: \S+ s skipped|the machine is busy/;
const LEAD = 0.033; // s: commands are for so far ahead
const SERVO = 0.03; // s: the joints lag behind what they are told
const STALL = 100; // ms this process, which only waits, was not let run: the machine stood still
const TRANSPORT = 0.25; // s: two messages, their wake-ups, the checker's own; a busy machine

/** At rest within the stopping time: what the fastest joint needs at its limit, and the way of the word to it. */
export function restsInTime(rest: Rest, delay = 0): void {
  const allowed = rest.needed + LEAD + SERVO + TRANSPORT + delay;
  assert.ok(rest.still, "the arm never came to rest");
  assert.ok(
    rest.taken <= allowed,
    `from ${rest.peak.toFixed(2)} rad/s the arm took ${rest.taken.toFixed(3)} s to rest, allowed ` +
      `${allowed.toFixed(3)} s`,
  );
}

/**
 * The guarantees hold while a command needs less time to the controller than it is ahead. Where the machine broke that,
 * by the simulator's word or by this idle process's own clock, what failed is tried again.
 * @param failed looks after what a failure left, and says by what word of the simulator's the machine was too slow
 * @param stall ms that this process was not let run; Infinity where it does not only wait
 */
export async function tried(
  t: TestContext,
  body: () => Promise<void>,
  failed: (error: Error) => Promise<string | undefined> = async () => undefined,
  stall = STALL,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const pauses = monitorEventLoopDelay({ resolution: 10 });
    pauses.enable();
    try {
      return await body();
    } catch (error) {
      const said = await failed(error as Error),
        pause = pauses.max / 1e6;
      if ((said === undefined && pause < stall) || attempt === ATTEMPTS) throw error;
      t.diagnostic(
        "this machine broke the bound on delay under which the law holds " +
          `(${said ?? `it stood still for ${pause.toFixed(0)} ms`}); once more`,
      );
    } finally {
      pauses.disable();
    }
  }
}

/**
 * A world for the tests of one file, and `law` to test in it. Whatever a law is about, throughout it the arm keeps the
 * limits of its URDF, touches nothing but movable objects, is not touched by a person while it moves, and rests at the
 * end. What the processes said is shown when one fails.
 */
export function lawsOf(options: WorldOptions): {
  world: World;
  law: (name: string, body: (checker: Checker) => Promise<unknown>, check?: (verdict: Verdict) => void) => void;
} {
  const world = new World(options);
  const healthy = options.checker?.includes("--only-source") ? "" : null;
  if (rosIsHere) {
    before(async () => {
      await world.open().catch((error: Error) => {
        throw new Error(`${error.message}\n${world.output()}`);
      });
    });
    after(() => world.close());
  }
  const law = (
    name: string,
    body: (checker: Checker) => Promise<unknown>,
    check: (verdict: Verdict) => void = () => undefined,
  ): void => {
    test(name, { skip: rosIsHere ? false : "ROS 2 is not in the environment" }, (t) => {
      let began = 0;
      const hold = async (): Promise<void> => {
        began = world.sim?.moment ?? 0;
        await holds(body, check);
      };
      return tried(t, hold, async (error) => {
        process.stderr.write(`\nfailed: ${name}\n${error.message}\n${world.output()}`);
        await recover(world, healthy).catch(() => undefined); // one law broken shall not fail those after it
        return TOO_SLOW.exec(`${world.sim?.since(began) ?? ""}${error.message}`)?.[0];
      });
    });
  };
  const holds = async (
    body: (checker: Checker) => Promise<unknown>,
    check: (verdict: Verdict) => void,
  ): Promise<void> => {
    await world.checker.begin();
    await body(world.checker);
    await world.checker.sleep(0.2); // a servo settles a moment after its reference has come to rest
    const verdict = await world.checker.verdict();
    assert.deepEqual(verdict.violations, []);
    assert.ok(verdict.speed < 0.01, `at the end the arm moves at ${verdict.speed} rad/s`);
    assert.ok(verdict.limited_joints >= 5, "the checker knows the limits of too few joints");
    assert.ok(
      verdict.messages > 80 * verdict.seconds,
      `the checker saw ${verdict.messages} messages in ${verdict.seconds} s`,
    );
    assert.ok(world.sim.alive && world.agent.alive, "a process died");
    check(verdict);
  };
  return { world, law };
}

/** @param healthy what the checker's own joint states shall be: none, or good ones where nobody else sends any */
async function recover(world: World, healthy: "" | null): Promise<void> {
  const { checker } = world;
  await checker.act({ what: "joint_states", fault: healthy });
  await checker.act({ what: "perturb", action: "clear", target: "" });
  await checker.sleep(0.5);
  if (!world.agent.alive) await world.restartAgent();
  if (world.guard !== undefined) {
    if (!world.guard.alive) await world.restartGuard();
    await checker.reset("telos_guard");
  }
  world.agent.child.kill("SIGCONT");
  await checker.reset();
}

/** Swings arm7 about its first joint, which meets nothing in any scene without a wall. */
export const swing = (to: number): string =>
  `name: swing\ngoal:\n  - joint_positions: { joint1: ${to} rad }\ntimeout: 20 s\n`;

/** The tool's distance from a pose: m, and degrees. */
export function poseError(
  tool: Verdict["tool"],
  position: readonly number[],
  orientation?: readonly number[],
): { distance: number; angle: number } {
  const distance = Math.hypot(...position.map((x, i) => tool.position[i] - x));
  const dot =
    orientation === undefined ? 1 : Math.abs(orientation.reduce((sum, x, i) => sum + x * tool.orientation[i], 0));
  return { distance, angle: (2 * Math.acos(Math.min(1, dot)) * 180) / Math.PI };
}
