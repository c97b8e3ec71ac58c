import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../../src/core/math/Rng.js";
import { Lately } from "../../../../src/adapters/ros/agent/Lately.js";
import { Silences } from "../../../../src/adapters/ros/agent/Silences.js";
import { agentDiagnostics, type Look } from "../../../../src/adapters/ros/agent/agentDiagnostics.js";
import { status } from "../samples.js";

const well: Look = {
  node: "/left/telos",
  robot: "arm7",
  lifecycle: "active",
  staleAfter: 0.1,
  period: 0.01,
  status,
  inputs: { joint_states: { rate: 100, malformed: 0, fault: "" } },
  skew: 0.002,
  silences: new Silences(),
  commands: 100,
  missed: 0,
  clock: { simulated: false, rate: 1, silence: 0, resets: 0 },
  loop: { p50: 0.0002, p99: 0.002, max: 0.004 },
  cpu: 0.1,
  memory: 200,
};

function finding(look: Partial<Look>, part: string): { level: number; message: string } {
  const found = agentDiagnostics({ ...well, ...look }).find((s) => s.name === `left/telos: ${part}`);
  assert.ok(found, part);
  return { level: found.level, message: found.message };
}

test("where all is well every status says so", () => {
  const all = agentDiagnostics(well);
  assert.deepEqual(
    all.map((s) => s.name.split(": ")[1]),
    ["node", "clock", "inputs", "planning", "reflex", "guardrails"],
  );
  assert.ok(all.every((s) => s.level === 0 && s.hardwareId === "arm7"));
});

test("each trouble is told in its place, with what to do", () => {
  const said: [Partial<Look>, string, number, RegExp][] = [
    [{ lifecycle: "inactive" }, "node", 1, /nothing moves/],
    [{ status: { ...status, unlogged: "the disk is full" } }, "node", 1, /the disk is full/],
    [{ loop: { p50: 0.01, p99: 0.05, max: 0.1 } }, "node", 1, /main thread is busy/],
    [{ skew: 1.7e9 }, "clock", 2, /use_sim_time/],
    [{ skew: -5 }, "clock", 2, /ahead of the clock/],
    [{ clock: { simulated: true, rate: 0, silence: Infinity, resets: 0 } }, "clock", 2, /\/clock/],
    [{ status: { ...status, inputs: { joint_states: 0.3 } } }, "inputs", 2, /0\.30 s old.*the arm brakes/],
    [{ status: { ...status, inputs: { joint_states: Infinity } } }, "inputs", 2, /joint_state_broadcaster/],
    [
      { inputs: { bodies: { rate: 0, malformed: 3, fault: "cut short" } } },
      "inputs",
      2,
      /bodies: 3 messages could not be read: cut short/,
    ],
    [{ inputs: { objects: { rate: 0, malformed: 3, fault: "cut short" } } }, "inputs", 1, /objects: 3 messages/],
    [
      {
        status: {
          ...status,
          bodies: {
            known: 2,
            handed: 2,
            hidden: [
              { id: "hand", age: 3.2 },
              { id: "arm", age: 0.1 },
            ],
          },
        },
      },
      "people",
      1,
      /^hand not reported for 3\.2 s: may still be there.*forget_after/,
    ],
    [
      { status: { ...status, bodies: { known: 300, handed: 64, hidden: [] } } },
      "people",
      1,
      /300 regions.*merged to 64: does the tracker keep its ids/,
    ],
    [
      { status: { ...status, hindrance: "joint states come at 5.0 Hz, want more than 10 Hz" } },
      "inputs",
      1,
      /^joint states come at 5\.0 Hz/,
    ],
    [
      {
        status: {
          ...status,
          inputs: { joint_states: Infinity },
          hindrance: "no joint states have come yet: those received name finger, want joint1",
        },
      },
      "inputs",
      2,
      /those received name finger, want joint1: is the joint_state_broadcaster active/,
    ],
    [
      { controller: { findings: [{ breaks: false, words: "nobody subscribes to /x" }], parameters: undefined } },
      "controller",
      1,
      /^nobody subscribes to \/x$/,
    ],
    [{ status: { ...status, rejected: 2, lastRejection: "NaN" } }, "inputs", 1, /2 messages refused, last: NaN/],
    [{ status: { ...status, cameraMoves: 1 } }, "inputs", 1, /camera was moved.*corrected/],
    [{ status: { ...status, levels: [{ ...status.levels[1], late: 30 }] } }, "planning", 1, /level motion: 30 of 120/],
    [
      { shape: ["link b (mesh gone.stl): is not found: a capsule of 60 mm radius along its bone replaces its shape"] },
      "shape",
      1,
      /link b \(mesh gone\.stl\): is not found/,
    ],
    [{ missed: 4 }, "reflex", 1, /4 deadlines/],
    [{ status: { ...status, rate: 20 } }, "reflex", 1, /20 Hz/],
    [
      { status: { ...status, mode: "latched", stoppedBy: "emergency_stop" } },
      "guardrails",
      2,
      /latched by emergency_stop.*~\/reset/,
    ],
    [
      {
        status: {
          ...status,
          mode: "latched",
          stoppedBy: "guard_silent",
          latch: {
            by: "guard_silent",
            since: "",
            resetAt: "/telos_guard/reset",
            trouble: "",
            silence: "telos_guard is silent",
          },
        },
      },
      "guardrails",
      2,
      /^telos_guard is silent$/,
    ],
    [{ status: { ...status, mode: "stopping", stoppedBy: "separation" } }, "guardrails", 1, /separation/],
  ];
  for (const [look, part, level, message] of said) {
    const found = finding(look, part);
    assert.equal(found.level, level, found.message);
    assert.match(found.message, message);
  }
});

test("what is not there yet is no fault of a node that has just begun; what is wrong in an active one is", () => {
  const early = {
    ...well,
    starting: true,
    missed: 3,
    status: { ...status, rate: 0, inputs: { joint_states: Infinity } },
  };
  for (const lifecycle of ["unconfigured", "inactive"]) {
    assert.deepEqual(
      agentDiagnostics({ ...early, lifecycle }).filter((s) => s.level > 0),
      [],
      lifecycle,
    );
    assert.deepEqual(
      agentDiagnostics({ ...early, lifecycle, starting: false })
        .filter((s) => s.level > 0)
        .map((s) => s.name),
      ["left/telos: node", "left/telos: inputs"],
    );
  }
  assert.deepEqual(
    agentDiagnostics({ ...early, lifecycle: "active" })
      .filter((s) => s.level > 0)
      .map((s) => s.name),
    ["left/telos: inputs", "left/telos: reflex"],
  );
  const first = { ...status, levels: [{ ...status.levels[1], plans: 2, late: 1 }] };
  assert.equal(finding({ status: first }, "planning").level, 0);
  assert.equal(finding({ status: { ...first, levels: [{ ...first.levels[0], late: 2 }] } }, "planning").level, 1);
});

test("one message that could not be taken is told of for a while, and not for ever", () => {
  const refused = new Lately(10),
    seen = { ...status, rejected: 1, lastRejection: "NaN" };
  const levels = Array.from(
    { length: 20 },
    (_, s) =>
      finding(
        {
          status: seen,
          refused: refused.grown("refused", s < 3 ? 0 : 1, s),
          inputs: { objects: { rate: 1, malformed: 1, lately: s < 12 ? 1 : 0, fault: "short" } },
        },
        "inputs",
      ).level,
  );
  assert.deepEqual(levels, [...Array(13).fill(1), ...Array(7).fill(0)]);
});

test(
  "how much a counter has grown lately: the sum of what it grew at the looks within the window, " +
    "whatever the looks, and all of it once it began anew",
  () => {
    const rng = new Rng(5),
      lately = new Lately(10),
      looks: { at: number; by: number }[] = [];
    for (let at = 0, count = 0; at < 200; at += 3 * rng.uniform()) {
      const by = Math.floor(3 * rng.uniform());
      looks.push({ at, by });
      count += by;
      assert.equal(
        lately.grown("x", count, at),
        looks.filter((l) => l.at > at - 10).reduce((sum, l) => sum + l.by, 0),
        `at ${at}`,
      );
    }
    assert.equal(lately.grown("x", 0, 201), 0);
    assert.equal(lately.grown("x", 2, 202), 2);
  },
);

test("an age that is no number is not fresh", () => {
  assert.equal(finding({ status: { ...status, inputs: { joint_states: NaN } } }, "inputs").level, 2);
});

test("without an agent there is still a node to tell of", () => {
  const all = agentDiagnostics({ ...well, status: undefined, lifecycle: "unconfigured" });
  assert.deepEqual(
    all.map((s) => s.level),
    [1, 0],
  );
});
