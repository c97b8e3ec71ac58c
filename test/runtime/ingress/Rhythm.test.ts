import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { AgentRuntime } from "../../../src/runtime/AgentRuntime.js";
import { tellBraking } from "../../../src/runtime/tellBraking.js";
import { Ingress } from "../../../src/runtime/ingress/Ingress.js";
import { Rhythm } from "../../../src/runtime/ingress/Rhythm.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { SharedClock } from "../../../src/core/time/SharedClock.js";

const setup = loadSetup({ robot: "arm7", agent: "default" }),
  { arm } = setup;
const most = setup.agent.perception.stale_after;

test(
  "of a stream drawn at random it is told, as it is, " +
    "how often it comes or how far its stamps are off; of one that is well, nothing",
  () => {
    const rng = new Rng(4);
    for (let k = 0; k < 400; k++) {
      const rate = Math.exp(rng.range(Math.log(2), Math.log(500))),
        behind = rng.uniform() < 0.5 ? rng.range(0, 0.6 * most) : rng.range(1.5 * most, 30);
      const rhythm = new Rhythm(),
        n = 8 + (rng.bits() % 40);
      for (let i = 0; i < n; i++) rhythm.hear(100 + i / rate - behind + rng.range(-1, 1) * 1e-3, 100 + i / rate);
      const told = rhythm.trouble({ name: "joint_states", most }, 100 + (n - 1) / rate);
      if (behind > most)
        assert.ok(
          Math.abs(Number(/stamped ([\d.]+) s behind the clock/.exec(told)?.[1]) - behind) < 0.01,
          `${behind}: ${told}`,
        );
      else if (rate < 0.9 / most)
        assert.ok(
          Math.abs(Number(/come at ([\d.]+) Hz, want more than 10 Hz/.exec(told)?.[1]) - rate) < 0.1,
          `${rate}: ${told}`,
        );
      else if (rate > 1.1 / most) assert.equal(told, "", `${rate} Hz, ${behind} s behind`);
      assert.equal(
        rhythm.trouble({ name: "joint_states", most }, 110 + n / rate),
        "",
        "what came long ago tells nothing of now",
      );
    }
  },
);

test("a clock that goes back begins it anew", () => {
  const rhythm = new Rhythm();
  for (let i = 0; i < 8; i++) rhythm.hear(1000 + i / 5, 1000 + i / 5);
  for (let i = 0; i < 8; i++) rhythm.hear(i / 100, i / 100);
  assert.equal(rhythm.trouble({ name: "joint_states", most }, 0.07), "");
});

test("what held the arm back most often since is named", () => {
  assert.equal(tellBraking({ a: 5, b: 1 }, { a: 6, b: 9, c: 2 }), "held back 8 times by b");
  assert.equal(tellBraking({ a: 5 }, { a: 5 }), "");
});

test(
  "joint states on another clock are told as such, and no silence; " +
    "another's joints are told where none of ours come, and are never refused",
  () => {
    let now = 50;
    const ingress = new Ingress(setup, { now: () => now }, undefined);
    const tell = (names: readonly string[], behind: number) =>
      ingress.joints({ stamp: now - behind, names, positions: names.map((_, j) => arm.home[j] ?? 0), velocities: [] });
    const stranger = ["finger_joint1", "finger_joint2"];
    for (let i = 0; i < 10; i++, now += 0.01) assert.equal(tell(stranger, 0), undefined);
    assert.equal(
      ingress.silence()?.why,
      "no joint states have come yet: those received name finger_joint1, finger_joint2, want " +
        `${arm.jointNames.join(", ")}`,
    );
    for (let i = 0; i < 200; i++, now += 0.01) {
      assert.equal(tell(arm.jointNames, 3.25), "taken");
      for (let k = 0; k < 10; k++) tell(stranger, k);
    }
    assert.equal(ingress.rejected, 0);
    assert.match(
      ingress.silence()?.why ?? "",
      /^joint states are stamped 3\.25 s behind the clock, want at most 0\.1 s/,
    );
    now += 4;
    assert.match(ingress.silence()?.why ?? "", /^no joint states for 7\.3 s: those received name finger_joint1/);
  },
);

test(
  "a task that joint states at 5 Hz keep from its end is told so; " +
    "one whose stamps are off is refused with the seconds",
  async () => {
    const clock = SharedClock.system(),
      agent = await AgentRuntime.start(setup, { clock });
    let behind = 0,
      mode = "";
    agent.status.subscribe((s) => (mode = s.mode));
    const tell = (): void =>
      agent.observeJoints({
        stamp: clock.now() - behind,
        names: arm.jointNames,
        positions: arm.home,
        velocities: arm.home.map(() => NaN),
      });
    let timer = setInterval(tell, 200);
    try {
      await agent.ready();
      for (
        const limit = Date.now() + 60_000;
        mode !== "active" && mode !== "stopping" && Date.now() < limit;
        await new Promise((r) => setTimeout(r, 100))
      )
        agent.activate();
      const { code, message } = await agent.accomplish("goal: [{ tool_pose: { position: [0.45, 0.25, 0.3] } }]", 2.5)
        .result;
      assert.deepEqual(
        [code, /^not done after 2\.5 s; .*joint states come at [2345]\.\d Hz, want more than 10 Hz/.test(message)],
        ["TIMEOUT", true],
        message,
      );
      clearInterval(timer);
      behind = 3.4;
      await new Promise((r) => setTimeout(r, 3600)); // an older stamp than the last would be a replay
      timer = setInterval(tell, 10);
      await new Promise((r) => setTimeout(r, 700));
      const late = await agent.accomplish("goal: [{ tool_pose: { position: [0.45, 0.25, 0.3] } }]", 1).result;
      behind = 0;
      await new Promise((r) => setTimeout(r, 500));
      agent.controllerHampered("nobody subscribes to /controller/joint_trajectory");
      // and the arm stands
      const still = await agent.accomplish("goal: [{ tool_pose: { position: [0.45, 0.25, 0.3] } }]", 20).result;
      assert.deepEqual(
        [still.code, still.message],
        ["GUARDRAIL", "stopped by tracking: nobody subscribes to /controller/joint_trajectory"],
      );
      assert.deepEqual(
        [late.code, /^joint states are stamped 3\.4\d s behind the clock/.test(late.message)],
        ["STALE_INPUT", true],
        late.message,
      );
    } finally {
      clearInterval(timer);
      await agent.dispose();
    }
  },
);
