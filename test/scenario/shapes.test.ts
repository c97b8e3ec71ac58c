import assert from "node:assert/strict";
import { test } from "node:test";
import { FOREIGN, packagesAreHere } from "../../bench/pythonPackages.js";
import { SIX_ARMS } from "./ArmByOthers.js";
import { skipWithout } from "../skipWithout.js";
import { measureShape } from "./measureShape.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const EXCESS = 2.2,
  WORST = 3.5; // of all capsules over all links' hulls, of one moving link's
const SHUT = 0.06,
  SHUT_TIAGO = 0.35; // of clear postures: no single cut parts its arm_1 from arm_3, or its swept head from these

const skip = skipWithout(
  [rosIsHere, "ROS 2 is not in the environment"],
  [packagesAreHere(FOREIGN), "the arms by others are not here: npm run bench:shapes fetches them"],
);
for (const name of SIX_ARMS)
  test(
    `${name}, fitted to its makers' meshes: capsules of bounded excess that shut off no links which their hulls ` +
      "keep apart; " +
      "in motions that the guardrail lets pass no triangles meet",
    { skip },
    async () => {
      const m = await measureShape(name, { postures: 150, motions: 20 }),
        { shown, ...told } = m,
        about = JSON.stringify(told);
      assert.ok(m.held < EXCESS && m.worst < WORST, about);
      assert.deepEqual([m.always, m.unseen, m.touches], [[], [], []], about);
      assert.ok(m.shut <= (name === "tiago" ? SHUT_TIAGO : SHUT) * m.clear, about);
      assert.equal(m.passage, "48 of 48", about);
      assert.match(
        shown,
        new RegExp(
          String.raw`\nlink +capsules +links \(l\) +capsules \(l\) +excess +made from\n[^]*pairs of capsules ` +
            String.raw`are kept apart; these pairs are excluded:\n[^]*home is connected to 48 of 48 sampled postures`,
        ),
      );
    },
  );
