import assert from "node:assert/strict";
import { test } from "node:test";
import { movingMass } from "../../../src/guardrails/margins/movingMass.js";
import { arm } from "../setups.js";
import { urdfText } from "../../kinematics/arms.js";

test("what a touch has to stop is half the mass of all links but those that stand still", () => {
  for (const name of ["arm7", "ur5"] as const) {
    const masses = [...urdfText(name).matchAll(/<link name="([^"]+)">[^]*?<\/link>/g)].map(([text, link]) => ({
      link,
      mass: Number(/<mass value="([^"]+)"/.exec(text)?.[1] ?? 0),
    }));
    const standing = { arm7: ["base_link"], ur5: ["base_link"] }[name];
    const moving = masses.filter(({ link }) => !standing.includes(link)).reduce((sum, { mass }) => sum + mass, 0);
    assert.ok(moving > 1 && Math.abs(movingMass(arm(name)) - moving / 2) < 1e-9, `${name}: ${moving} kg`);
  }
});
