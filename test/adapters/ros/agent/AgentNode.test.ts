import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client, options, ready, startAgent, type Started } from "./agentProcess.js";

let agent: Started;
let client: Client;

if (ready) {
  before(async () => {
    [agent, client] = await Promise.all([startAgent(), Client.start()]);
  });
  after(() => {
    agent?.child.kill("SIGKILL");
    client?.kill();
  });
}

test(
  "a goal runs with feedback at 10 Hz to its result; commands go out at 100 Hz as the controller wants them",
  options,
  async () => {
    const watching = client.ask({ do: "goal", task: "quick" });
    const result = await watching;
    assert.deepEqual(
      [result.status, result.success, result.code, result.message, result.energy],
      [4, true, 0, "", 0.25],
    );
    assert.ok(result.feedback.length >= 1 && result.feedback[0].level === "motion");
    const cancelled = await client.ask({ do: "goal", task: "long", cancel_after: 0.5 });
    assert.deepEqual([cancelled.status, cancelled.success, cancelled.code, cancelled.canceling], [5, false, 4, 1]);
    assert.ok(cancelled.took >= 0.65, "the goal ended before the arm was at rest");
    assert.ok(cancelled.feedback.length >= 3);
  },
);

test("a new goal preempts the former", options, async () => {
  const { second, ...first } = await client.ask({ do: "goal", task: "long", then: "quick" });
  assert.deepEqual([first.status, first.success, first.code], [6, false, 5]);
  assert.match(first.message, /preempted by quick/);
  assert.deepEqual([second.status, second.success, second.code], [4, true, 0]);
});

test("a task that is none is told why, not rejected in silence", options, async () => {
  const result = await client.ask({ do: "goal", task: "nonsense" });
  assert.deepEqual([result.status, result.code, result.message], [6, 1, "got 'nonsense' ≠ quick"]);
});

test("topics come at their rates and say what they should", options, async () => {
  const seen = await client.ask({ do: "watch", task: "long", seconds: 2 });
  const rate = (topic: string): number => (seen.counts[topic] ?? 0) / 2;
  assert.ok(rate("commands") > 40, `commands ${rate("commands")} Hz`);
  assert.ok(rate("diagnostics") >= 0.5 && rate("diagnostics") <= 1.5);
  assert.ok(rate("markers") > 3 && rate("markers") <= 5.5, `markers ${rate("markers")} Hz`);
  assert.ok(rate("plan") > 20);
  assert.deepEqual(seen.markers, [
    "belief_names",
    "beliefs",
    "guardrail_fixed",
    "plan_motion",
    "plan_subgoal",
    "subgoals_subgoal",
  ]);
  assert.equal(seen.state.frame, "base_link");
  assert.equal(seen.state.beliefs[0][0], "puck");
  assert.ok(Math.abs(seen.state.beliefs[0][1] - 1) < 1e-6);
  const { names, times, positions, velocities, age } = seen.command;
  assert.equal(names.length, 7);
  assert.deepEqual(times, [0, 0.1, 0.2]);
  assert.deepEqual(velocities.at(-1), [0, 0, 0, 0, 0, 0, 0]);
  assert.ok(Math.abs(positions[2][6] - 0.7) < 1e-12);
  assert.ok(age > -0.02 && age < 0.5, `the command was stamped ${age} s before it came`);
  assert.deepEqual(
    Object.keys(seen.diagnostics).sort(),
    ["clock", "controller", "guardrails", "inputs", "node", "planning", "reflex"].map((p) => `left/telos: ${p}`),
  );
});

test("every input reaches the port, in our units and order", options, async () => {
  await client.ask({ do: "publish" });
  const heard = Object.fromEntries(agent.lines.filter((l) => l.heard).map((l) => [l.heard, l.what]));
  assert.deepEqual(
    [heard.joints.names, heard.joints.positions, heard.joints.velocities, heard.joints.efforts],
    [
      ["b", "a"],
      [0.5, -0.25],
      [1, 2],
      [3, 4],
    ],
  );
  assert.ok(Math.abs(heard.joints.behind) < 0.1, `the clock is ${heard.joints.behind} s off`);
  assert.deepEqual(
    { ...heard.bodies.bodies[0], stamp: 0 },
    { id: "hand", kind: "person", p0: [1, 0, 0], p1: [2, 0, 0], radius: 0.1, speedBound: 1.6, stamp: 0 },
  );
  assert.deepEqual(
    [heard.objects.objects[0].id, heard.objects.objects[0].position, heard.objects.objects[0].positionStd],
    ["puck", [0, 0, 0.5], 0.01],
  );
  assert.deepEqual(heard.objects.things, [
    {
      id: "puck",
      kind: "box",
      parts: [{ kind: "box", center: [0, 0, 0.25], size: [0.5, 0.25, 0.125], orientation: [0, 0, 0, 1] }],
      mass: 0.5,
      friction: 0.75,
    },
  ]);
  assert.deepEqual(heard.image, { camera: "camera", width: 2, height: 1, data: [3, 2, 1, 6, 5, 4] });
});

test("joint states that are nonsense reach the port's checks and kill nobody", options, async () => {
  await client.ask({ do: "garbage" });
  assert.equal((await client.ask({ do: "state" })).state, "active");
});

test("emergency stop latches, reset frees", options, async () => {
  assert.equal((await client.ask({ do: "trigger", name: "reset" })).success, false);
  assert.equal((await client.ask({ do: "trigger", name: "emergency_stop" })).success, true);
  const { state, diagnostics } = await client.ask({ do: "watch", seconds: 1.5 });
  assert.equal(state.mode, "latched");
  assert.equal(diagnostics["left/telos: guardrails"][0], 2);
  assert.equal((await client.ask({ do: "goal", task: "quick" })).code, 9);
  assert.equal((await client.ask({ do: "trigger", name: "reset" })).success, true);
  assert.equal((await client.ask({ do: "goal", task: "quick" })).code, 0);
});
