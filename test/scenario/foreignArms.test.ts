import assert from "node:assert/strict";
import { test } from "node:test";
import { FOREIGN, packagesAreHere } from "../../bench/pythonPackages.js";
import { FOREIGN_ARMS, ForeignArm } from "./ForeignArm.js";
import { skipWithout } from "../skipWithout.js";
import { tried } from "./law.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const GOALS = 2;
const GOAL = { tolerance: 0.02, angle: 5, hold: 0.2 };
const STALL = 0.05; // s

const skip = skipWithout(
  [rosIsHere, "ROS 2 is not in the environment"],
  [packagesAreHere(FOREIGN), "the arms by others are not here: npm run bench:foreign fetches them"],
);
for (const [i, name] of FOREIGN_ARMS.entries())
  test(
    `${name} on physics and a controller by others: ` +
      "success is told where the goal holds at rest, within the limits, touching nothing",
    { skip },
    (t) =>
      tried(
        t,
        async () => {
          const world = await ForeignArm.open(name, { domain: 12 + i, goals: GOALS, seed: 20 });
          try {
            for (let n = 0; n < GOALS; n++) {
              const end = await world.goal(n, GOAL),
                stalled = Math.max(0, ...end.stalls);
              if (stalled > STALL) throw new Stalled(`the physics stood still for ${stalled} s`);
              const about = `goal ${n}: ${JSON.stringify({ ...end, task: undefined })}\n${world.output()}`;
              assert.ok(end.success, about);
              assert.ok(end.holds && end.speed < 0.01, `told success, but it does not hold at rest: ${about}`);
              assert.ok(end.velocity <= 1, `${end.which} at ${end.velocity} of its velocity limit: ${about}`);
              assert.ok(end.over <= 0, `${end.over} rad beyond a limit: ${about}`);
              assert.deepEqual(end.contacts, {}, about);
            }
          } finally {
            await world.close();
          }
        },
        async (error) => (error instanceof Stalled ? error.message : undefined),
      ),
  );

class Stalled extends Error {}
