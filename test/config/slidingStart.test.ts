import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { loadSceneFor } from "../../src/agent/setup/sceneFor.js";
import { write, near, arms } from "./slidingArms.js";

test(
  "a scene's start takes angles and lengths, " +
    "each where the joint of the scene's own robot has one, also where a seed draws it",
  () => {
    let refused = 0,
      taken = 0;
    for (const { slides, rng, load, file } of arms()) {
      const setup = load("");
      for (let trial = 0; trial < 8; trial++) {
        const wrong = trial % 2 === 1 ? Math.floor(rng.uniform() * slides.length) : -1,
          values = slides.map(() => rng.range(-0.5, 0.5));
        const list = values.map((x, j) =>
          rng.uniform() < 0.2 && j !== wrong
            ? String(x)
            : slides[j] !== (j === wrong)
              ? `${x / 0.01} cm`
              : `${(x * 180) / Math.PI} deg`,
        );
        const drawn = trial % 4 >= 2,
          text =
            `name: s\nrobot: ${file}\nstart: [${(drawn ? values.map(() => 0) : list).join(", ")}]\n` +
            (drawn ? `random:\n  start: { choices: [[${list.join(", ")}]] }\n` : ""),
          scene = write("s.yaml", text);
        const place = drawn
          ? new RegExp(`s\\.yaml:5:\\d+ random\\.start\\.choices\\[0\\]\\[${wrong}\\]: got `)
          : new RegExp(`s\\.yaml:3:\\d+ start\\[${wrong}\\]: got `);
        if (wrong >= 0) {
          refused++;
          for (const act of [
            () => loadSceneFor(scene, setup.robot.name, setup.arm),
            () => loadSetup({ robot: file, agent: "default", scene }),
          ])
            assert.throws(
              act,
              (e: Error) =>
                (place.test(e.message) &&
                  e.message.includes(
                    `want a number in ${slides[wrong] ? "m" : "rad"} or with such a unit: j${wrong} ` +
                      (slides[wrong] ? "slides" : "turns"),
                  )) ||
                assert.fail(e.message),
            );
          continue;
        }
        taken++;
        const loaded = loadSceneFor(scene, setup.robot.name, setup.arm);
        if (!drawn) loaded.start!.forEach((x, j) => near(x, values[j], `start ${list[j]}`));
      }
      assert.throws(
        () =>
          loadSceneFor(
            write("s.yaml", `name: s\nrobot: ${file}\nstart: [${[...slides, true].map(() => 0).join(", ")}]\n`),
            setup.robot.name,
            setup.arm,
          ),
        new RegExp(
          `s\\.yaml:3:\\d+ start: got ${slides.length + 1} values, want ${slides.length}, one for each joint: j0, `,
        ),
      );
    }
    assert.ok(refused === 32 && taken === 32);
  },
);
