import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Arrival } from "../../../src/agent/task/Arrival.js";
import { GoalMonitor } from "../../../src/agent/task/GoalMonitor.js";
import { loadSetup, type AgentSetup } from "../../../src/agent/setup/AgentSetup.js";
import type { Belief } from "../../../src/core/Belief.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { State } from "../../../src/core/State.js";
import { createGoal, type Residual } from "../../../src/cost/index.js";
import { drawGoals } from "../../../src/evaluation/drawGoals.js";
import { bind, InProcess } from "../inProcess.js";
import { latePlans } from "../../reflex/latePlans.js";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "empty" });
const { arm } = setup;
const DT = 0.01; // s, between joint states
const LEAD = 0.043;

/** An arm whose first joint alone moves, as `motion` says, and whose goal is that joint within `tolerance` of 0. */
function arrival(
  hold: number,
  goals: readonly Residual[] = bind(setup, "goal: [{ joint_positions: { joint1: 0, tolerance: 0.1 } }]").goal.map((g) =>
    createGoal(g, { nq: arm.nq, limits: arm.limits }),
  ),
): Arrival {
  return new Arrival(new GoalMonitor(arm, goals, hold), hold, arm.limits, LEAD);
}
const state = (stamp: number, q: number, v: number, objects: State["objects"] = new Map()): State => {
  const s = {
    stamp,
    q: new Float64Array(arm.nq),
    v: new Float64Array(arm.nq),
    objects,
    bodies: [],
  };
  s.q[0] = q;
  s.v[0] = v;
  return s;
};

describe("success is told at rest", () => {
  it(
    "whatever the arm does: only where it was told to rest, " +
      "was measured to, the goal holds there, and did for the hold time",
    () => {
      const rng = new Rng(3);
      let told = 0,
        refused = 0;
      for (let trial = 0; trial < 200; trial++) {
        const hold = [0, 0.05, 0.2, 0.5][trial % 4];
        const a = arrival(hold);
        let q = rng.range(-0.5, 0.5),
          v = rng.range(-1, 1);
        const noise = trial % 3 === 0 ? 1e-4 : 0;
        const seen: { t: number; q: number; v: number; resting: boolean; idle: boolean }[] = [];
        for (let t = 0; t < 4; t += DT) {
          // a plan that itself wanders in and out
          const requested = a.resting ? 0 : Math.max(-1, Math.min(1, -8 * (q + 0.15 * Math.sin(trial + 3 * t))));
          v += Math.max(-0.05, Math.min(0.05, requested - v)); // 5 rad/s²
          q += v * DT + noise * rng.normal();
          // one in seven lies: it says so while the arm still moves
          const idle = a.resting && (Math.abs(v) < 1e-9 || trial % 7 === 0);
          seen.push({ t, q, v, resting: a.resting, idle });
          if (!a.update(state(t, q, v), idle)) continue;
          told++;
          const last = seen.slice(-10); // the last 0.1 s
          assert.ok(
            last.length === 10 && last.every((s) => s.resting && s.idle),
            "told to rest and nothing sent that moves",
          );
          assert.ok(Math.abs(last[9].q - last[0].q) / (9 * DT) < 0.02, "at measured rest");
          const holding = seen.findLastIndex((s) => Math.abs(s.q) > 0.1);
          assert.ok(t - seen[holding + 1].t >= hold - 1e-9, `held for ${t - seen[holding + 1].t} s of ${hold}`);
          break;
        }
        if (a.tried !== "") refused++;
      }
      assert.ok(told > 100, `${told} told`);
    },
  );

  it("an arm that is carried out of tolerance while it comes to rest goes on, and says so, later each time", () => {
    const a = arrival(0.1);
    const rests: number[] = [];
    for (let t = 0, since = -1, was = false; t < 8; t += DT) {
      if (a.resting && !was) ((since = t), rests.push(t));
      was = a.resting;
      const slid = a.resting ? Math.min(0.2, 2 * (t - since)) : 0.05; // brakes that do not hold
      assert.equal(a.update(state(t, slid, 0), a.resting && t - since > 0.15), false);
    }
    assert.ok(rests.length >= 3 && rests.length <= 8, `${rests.length} rests`);
    assert.match(a.tried, new RegExp(`not at rest after it, (${rests.length - 1}|${rests.length}) times$`));
    const waits = rests.slice(1).map((t, i) => t - rests[i]);
    assert.ok(waits.at(-1)! > 2 * waits[0], `${waits}`);
  });

  it("a goal of speed is not met by an arm at rest, and never told", () => {
    const goals = bind(setup, 'goal: [{ expression: { value: "v[1] - 0.5 rad/s", tolerance: 0.1 rad/s } }]').goal.map(
      (g) => createGoal(g, { nq: arm.nq, limits: arm.limits }),
    );
    const a = arrival(0.1, goals);
    for (let t = 0; t < 3; t += DT) assert.equal(a.update(state(t, 0.1 * t, 0.5), true), false);
    assert.equal(a.resting, false);
  });

  it(
    "what moves by itself is looked at again: " +
      "an object that slides away after the arm has come to rest is no success",
    () => {
      const goals: Residual[] = [
        {
          name: "puck",
          dim: 1,
          blocks: [1],
          evaluate: (x, r) => void (r[0] = (x.from.objects.get("puck")!.position[0] - 0.5) / 0.02),
        },
      ];
      for (const slides of [true, false]) {
        const a = arrival(0.5, goals);
        let told = false;
        for (let t = 0; t < 2 && !told; t += DT) {
          const x = slides ? 0.49 + 0.1 * t : 0.49;
          told = a.update(
            state(
              t,
              0,
              0,
              new Map([
                [
                  "puck",
                  { id: "puck", position: [x, 0, 0], orientation: [0, 0, 0, 1], positionStd: 0, stamp: t } as Belief,
                ],
              ]),
            ),
            true,
          );
        }
        assert.equal(told, !slides);
      }
    },
  );

  it("one goal without a value does not hold because another does", () => {
    const none: Residual = { name: "none", dim: 1, blocks: [1], evaluate: (_, r) => void (r[0] = NaN) },
      met: Residual = { ...none, evaluate: (_, r) => void (r[0] = 0) };
    for (const goals of [
      [none, met],
      [met, none],
      [met, none, met],
    ]) {
      const monitor = new GoalMonitor(arm, goals, 0);
      assert.equal(monitor.update(state(0, 0, 0)), false);
      assert.equal(monitor.error <= 1, false);
    }
  });
});

describe("an arm with joints to spare stays at a goal that it has reached", () => {
  const slow =
    <T>(x: number) =>
    (_: T): number =>
      x;
  /** Slow enough that it is on its way while several plans are made. */
  const adapt = (s: AgentSetup): AgentSetup => ({
    ...s,
    arm: {
      ...s.arm,
      limits: {
        ...s.arm.limits,
        velocity: s.arm.limits.velocity.map(slow(0.8)),
        acceleration: s.arm.limits.acceleration.map(slow(4)),
      },
    },
  });
  const [{ position, orientation }] = drawGoals(setup, 1, 7);

  for (const [hold, bare] of [
    [2, false],
    [2, true],
    [0, false],
  ] as const) {
    it(
      `once within tolerance it stays, where plans of the top level come late, with a hold of ${hold} s, ` +
        `${bare ? "without" : "with"} guardrails at the safety filter; success is told at rest, and the goal holds ` +
        "there",
      async () => {
        const task =
          `goal: [{ tool_pose: { position: [${position.join(", ")}], orientation: ` +
          `[${orientation.join(", ")}] } }]\nhold: ${hold} s`;
        const run = await InProcess.create({ scene: "empty", task, adapt });
        if (bare) run.agent.reflex.guard([]);
        latePlans(run.agent);
        const within = (): boolean => {
          const { position: p, orientation: o } = run.simulation.tool();
          const turned = 2 * Math.acos(Math.min(1, Math.abs(o.reduce((sum, x, i) => sum + x * orientation[i], 0))));
          return Math.hypot(...p.map((x, c) => x - position[c])) <= 0.02 && turned <= (5 * Math.PI) / 180;
        };
        let entered = false,
          exits = 0;
        const done = await run.run(20, () => {
          if (entered && !within()) exits++;
          entered ||= within();
        });
        assert.ok(done !== undefined, `${run.agent.monitor.error} tolerances off`);
        assert.equal(exits, 0, "it left after it had been there");
        assert.ok(
          run.simulation.v.every((v) => Math.abs(v) < 0.01),
          "at rest when success is told",
        );
        for (let i = 0; i < 100; i++) {
          run.robot.advance(0.01);
          assert.ok(within(), "and afterwards");
        }
        run.simulation.dispose();
      },
    );
  }
});
