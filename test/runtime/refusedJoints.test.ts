import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { Ingress } from "../../src/runtime/ingress/Ingress.js";

test(
  "who asks why nothing moves is told what was wrong with the joint states: " +
    "at first, and when they have been refused for a while",
  () => {
    const setup = loadSetup({ robot: "arm7", agent: "default" }),
      { arm } = setup;
    let now = 10;
    const ingress = new Ingress(setup, { now: () => now }, undefined);
    const tell = (scale: number): string | undefined =>
      ingress.joints({ stamp: now, names: arm.jointNames, positions: arm.home.map((x) => scale * x), velocities: [] });
    assert.match(ingress.silence()?.why ?? "", /^no joint states have come yet$/);
    assert.equal(tell(180 / Math.PI), undefined);
    assert.match(
      ingress.silence()?.why ?? "",
      new RegExp(
        String.raw`^no joint states have come yet: got joint2 at 14\.078 rad, ` +
          String.raw`12\.178 rad beyond its limit 1\.900, want at most 0\.1 rad: `,
      ),
    );
    assert.match(ingress.lastRejection, /^joint_states: got joint2 at 14\.078 rad/);
    now += 0.01;
    assert.equal(tell(1), "taken");
    assert.equal(ingress.silence()?.why ?? "", "");
    now += 2;
    tell(180 / Math.PI);
    assert.match(ingress.silence()?.why ?? "", /^no joint states for 2\.0 s: got joint2 moved by/);
  },
);
