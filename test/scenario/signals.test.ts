import assert from "node:assert/strict";
import { after, test } from "node:test";
import { closeWorlds, processFaults } from "../fault/processFaults.js";
import { TOO_SLOW, tried } from "./law.js";
import { rosIsHere } from "../../src/evaluation/World.js";
import { trials } from "../trials.js";

// twenty by `npm run faults`, a thousand: npm run faults -- "kill -9 of the agent" --seeds 1000
const INSTANTS = trials(4);

after(closeWorlds);

for (const { name, run } of processFaults)
  test(
    `${name}: at rest in time, no bound broken, ${INSTANTS} random instants`,
    { skip: rosIsHere ? false : "ROS 2 is not in the environment" },
    async (t) => {
      for (let seed = 1; seed <= INSTANTS; seed++)
        await tried(
          t,
          async () => {
            const { violations, fault } = await run(seed);
            assert.deepEqual([violations, fault], [[], ""], `seed ${seed}`);
          },
          async ({ message }) => TOO_SLOW.exec(message)?.[0],
        );
    },
  );
