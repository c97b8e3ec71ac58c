import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AgentRuntime } from "../../src/runtime/AgentRuntime.js";
import { RealTime } from "../fault/RealTime.js";
import { tried } from "../scenario/law.js";

const pose = (x: number, y: number, z: number, hold = 0): string =>
  `goal: [{ tool_pose: { position: [${x}, ${y}, ${z}] } }]\nhold: ${hold} s`;

describe("the agent in its threads, on the simulator in real time", () => {
  it(
    "tells success at rest, says what cannot be reached before it moves, " +
      "and leaves a goal that it rests at for another",
    async (t) => {
      let world: RealTime;
      await tried(
        t,
        async () => {
          world = new RealTime();
          const agent = await world.connect((setup, clock) => AgentRuntime.start(setup, { clock }));
          for (const [x, y] of [
            [0.45, 0.25],
            [0.5, -0.2],
            [0.4, 0],
          ]) {
            const end = await agent.accomplish(pose(x, y, 0.3), 20).result;
            assert.equal(end.code, "NONE", end.message);
            assert.ok(world.speed < 0.02, `told at ${world.speed} rad/s`);
          }
          for (const [goal, why] of [
            [pose(2, 0, 0.3), /out of reach: the tool comes no nearer/],
            [pose(0.5, 0, -0.02), /breaks fixed_geometry .* inside 'table'/],
          ] as const) {
            const before = world.q.slice();
            const end = await agent.accomplish(goal, 20).result;
            assert.equal(end.code, "NO_PLAN", end.message);
            assert.match(end.message, why);
            assert.ok(
              world.q.every((q, j) => Math.abs(q - before[j]) < 2e-3),
              "nothing has moved",
            );
          }
          const held = agent.accomplish(pose(0.4, 0, 0.3, 30), 60);
          await world.rest(10);
          const next = await agent.accomplish(pose(0.45, 0.2, 0.3), 20).result;
          assert.deepEqual([(await held.result).code, next.code], ["PREEMPTED", "NONE"]);
          assert.deepEqual(world.violations, []);
          await world.end();
        },
        async () => {
          await world.end();
          return world.slow;
        },
        Infinity,
      );
    },
  );
});
