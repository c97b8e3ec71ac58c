import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

/**
 * The true node around a fake agent in a process of its own, over true DDS; needs the environment of ROS 2 and our
 * interfaces in it.
 */
const root = new URL("../../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));
const options = { skip: ready ? false : "ROS 2 is not in the environment" };
const domain = String(200 + (process.pid % 30));
const folder = mkdtempSync(join(tmpdir(), "telos-agent-"));

interface Started {
  readonly child: ChildProcess;
  readonly lines: any[]; // objects it printed
  readonly output: () => string;
}

/** Starts a process and resolves when it has said that it is ready. */
async function start(program: string, args: string[], sign: RegExp): Promise<Started> {
  const child = spawn(program, args, {
    env: { ...process.env, ROS_DOMAIN_ID: domain },
    cwd: fileURLToPath(root),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines: any[] = [];
  let text = "",
    rest = "";
  child.stderr!.on("data", (d) => (text += d));
  child.stdout!.on("data", (d) => {
    text += d;
    const parts = (rest + d).split("\n");
    rest = parts.pop()!;
    for (const part of parts) if (part.startsWith("{")) lines.push(JSON.parse(part));
  });
  const limit = Date.now() + 40_000;
  while (!sign.test(text)) {
    if (Date.now() > limit || child.exitCode !== null) throw new Error(`no sign of readiness:\n${text}`);
    await new Promise((r) => setTimeout(r, 20));
  }
  return { child, lines, output: () => text };
}

const startAgent = (args: string[] = [], sign = /"state":"active"/): Promise<Started> =>
  start(
    process.execPath,
    [
      fileURLToPath(new URL("dist/test/adapters/ros/fakeAgentMain.js", root)),
      "--ros-args",
      "-r",
      "__ns:=/left",
      ...args,
    ],
    sign,
  );

/** Ctrl-C; resolves to the exit code and how long it took [ms]. */
async function interrupt({ child }: Started, signal: NodeJS.Signals = "SIGINT"): Promise<[number | null, number]> {
  const began = performance.now();
  const closed = once(child, "close");
  child.kill(signal);
  const [code] = await closed;
  return [code, performance.now() - began];
}

let agent: Started;
let client: Started;

/** Asks the client process, which is agent_client.py, and resolves to its answer. */
async function ask(question: object): Promise<any> {
  const already = client.lines.length;
  client.child.stdin!.write(`${JSON.stringify(question)}\n`);
  for (const limit = Date.now() + 60_000; client.lines.length === already;) {
    if (Date.now() > limit)
      throw new Error(`no answer to ${JSON.stringify(question)}:\n${client.output()}\n${agent.output()}`);
    await new Promise((r) => setTimeout(r, 5));
  }
  const answer = client.lines[already];
  assert.equal(answer.error, undefined);
  return answer;
}

if (ready) {
  before(async () => {
    // As launch writes it: by the full name. And with the array of integers that would make rclnodejs throw.
    const parameters = join(folder, "parameters.yaml");
    writeFileSync(parameters, "/left/telos:\n  ros__parameters: { robot: arm7, somebody_elses: [1, 2] }\n");
    [agent, client] = await Promise.all([
      startAgent(["--params-file", parameters]),
      start("python3", [fileURLToPath(new URL("test/adapters/ros/agent_client.py", root)), "/left"], /client ready/),
    ]);
  });
  after(() => {
    agent?.child.kill("SIGKILL");
    client?.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });
}

test("it starts by itself and is active; parameters by full name reach it", options, async () => {
  assert.equal((await ask({ do: "state" })).state, "active");
  assert.equal((await ask({ do: "get", name: "robot" })).string, "arm7");
  assert.equal((await ask({ do: "get", name: "use_sim_time" })).bool, false);
});

test(
  "a goal runs with feedback at 10 Hz to its result; commands go out at 100 Hz as the controller wants them",
  options,
  async () => {
    const watching = ask({ do: "goal", task: "quick" });
    const result = await watching;
    assert.deepEqual(
      [result.status, result.success, result.code, result.message, result.energy],
      [4, true, 0, "", 0.25],
    );
    assert.ok(result.feedback.length >= 1 && result.feedback[0].level === "motion");
    const cancelled = await ask({ do: "goal", task: "long", cancel_after: 0.5 });
    assert.deepEqual([cancelled.status, cancelled.success, cancelled.code, cancelled.canceling], [5, false, 4, 1]);
    assert.ok(cancelled.took >= 0.65, "the goal ended before the arm was at rest");
    assert.ok(cancelled.feedback.length >= 3);
  },
);

test("a new goal preempts the former", options, async () => {
  const { second, ...first } = await ask({ do: "goal", task: "long", then: "quick" });
  assert.deepEqual([first.status, first.success, first.code], [6, false, 5]);
  assert.match(first.message, /preempted by quick/);
  assert.deepEqual([second.status, second.success, second.code], [4, true, 0]);
});

test("a task that is none is told why, not rejected in silence", options, async () => {
  const result = await ask({ do: "goal", task: "nonsense" });
  assert.deepEqual([result.status, result.code, result.message], [6, 1, "got 'nonsense' ≠ quick"]);
});

test("topics come at their rates and say what they should", options, async () => {
  const seen = await ask({ do: "watch", task: "long", seconds: 2 });
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
  await ask({ do: "publish" });
  const heard = Object.fromEntries(agent.lines.filter((l) => l.heard).map((l) => [l.heard, l.what]));
  assert.deepEqual(
    [heard.joints.names, heard.joints.positions, heard.joints.velocities],
    [
      ["b", "a"],
      [0.5, -0.25],
      [1, 2],
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
  assert.deepEqual(heard.image, { camera: "camera", width: 2, height: 1, data: [3, 2, 1, 6, 5, 4] });
});

test("emergency stop latches, reset frees", options, async () => {
  assert.equal((await ask({ do: "trigger", name: "reset" })).success, false);
  assert.equal((await ask({ do: "trigger", name: "emergency_stop" })).success, true);
  const { state, diagnostics } = await ask({ do: "watch", seconds: 1.5 });
  assert.equal(state.mode, "latched");
  assert.equal(diagnostics["left/telos: guardrails"][0], 2);
  assert.equal((await ask({ do: "goal", task: "quick" })).code, 9);
  assert.equal((await ask({ do: "trigger", name: "reset" })).success, true);
  assert.equal((await ask({ do: "goal", task: "quick" })).code, 0);
});

test("the lifecycle goes round; a transition that does not exist is refused and kills nobody", options, async () => {
  assert.deepEqual(await change("configure"), [false, "active"]);
  const down = await ask({ do: "change", transition: "deactivate" });
  assert.deepEqual([down.success, down.state], [true, "inactive"]);
  assert.ok(down.took >= 0.14, "answered before the arm was at rest");
  assert.equal((await ask({ do: "goal", task: "quick" })).code, 9);
  assert.deepEqual(await change("cleanup"), [true, "unconfigured"]);
  assert.equal((await ask({ do: "goal", task: "quick" })).code, 9);
  assert.equal((await ask({ do: "trigger", name: "emergency_stop" })).success, false);
  assert.deepEqual(await change("activate"), [false, "unconfigured"]);
  const bad = await ask({ do: "set", name: "scene", value: "wal" });
  assert.equal(bad.ok, false);
  assert.match(bad.reason, /'wal' \(did you mean 'wall'\?\)/);
  assert.equal((await ask({ do: "set", name: "scene", value: "wall" })).ok, true);
  assert.deepEqual(await change("configure"), [true, "inactive"]);
  assert.deepEqual(await change("activate"), [true, "active"]);
  assert.equal((await ask({ do: "goal", task: "quick" })).code, 0);
});

test(
  "the lifecycle is told as ROS 2 tells its own: all states and transitions, each with where it leads from and to",
  options,
  async () => {
    const oracle = await ask({ do: "lifecycle", node: "oracle" }),
      ours = await ask({ do: "lifecycle", node: "telos" });
    assert.ok(oracle.graph.length > 20 && oracle.states.length > 8);
    assert.deepEqual([ours.graph, ours.states], [oracle.graph, oracle.states]);
    assert.deepEqual(
      ours.offered,
      oracle.graph.filter(([, , from]: string[]) => from === "active"),
    );
    assert.deepEqual(
      oracle.offered,
      oracle.graph.filter(([, , from]: string[]) => from === "unconfigured"),
    );
  },
);

test("parameter events are told on the one topic that there is for them, out of a namespace too", options, async () => {
  const { topics, nodes } = await ask({ do: "events" });
  assert.deepEqual(topics, ["/parameter_events"]);
  assert.ok(nodes.includes("/left/telos"), `${nodes}`);
});

async function change(transition: string): Promise<[boolean, string]> {
  const { success, state } = await ask({ do: "change", transition });
  return [success, state];
}

test(
  "parameters are described, ranged and guarded; asking for one that does not exist kills nobody",
  options,
  async () => {
    const { parameters } = await ask({ do: "describe", names: ["robot", "markers_rate", "autostart", "use_sim_time"] });
    assert.deepEqual(
      parameters.map((p: any) => [p.name, p.range, p.read_only]),
      [
        ["robot", null, false],
        ["markers_rate", [0, 5], false],
        ["autostart", null, true],
        ["use_sim_time", null, true],
      ],
    );
    assert.ok(parameters.every((p: any) => p.description.length > 20));
    for (const [name, value, reason] of [
      ["markers_rate", 50, /0 to 5/],
      ["markers_rate", "fast", /markers_rate/],
      ["robot", "ur5", /clean up first/],
      ["robot", null, /cannot be taken away/],
      ["use_sim_time", true, /readonly/],
      ["autostart", false, /readonly/],
      ["nothing", 1, /not been declared/],
    ] as const) {
      const answer = await ask({ do: "set", name, value });
      assert.equal(answer.ok, false, name);
      assert.match(answer.reason, reason);
    }
    assert.equal((await ask({ do: "set", name: "markers_rate", value: 2.5 })).ok, true);
    await ask({ do: "describe", names: ["no_such_parameter"] });
    assert.equal((await ask({ do: "state" })).state, "active");
  },
);

test("joint states that are nonsense reach the port's checks and kill nobody", options, async () => {
  await ask({ do: "garbage" });
  assert.equal((await ask({ do: "state" })).state, "active");
});

test("Ctrl-C brakes and ends within a second", options, async () => {
  const [code, took] = await interrupt(agent);
  assert.equal(code, 0, agent.output());
  assert.ok(took < 1500, `${took} ms`);
});

test(
  "under use_sim_time the clock follows /clock at any rate; without autostart it waits to be asked",
  options,
  async () => {
    agent = await startAgent(["-p", "use_sim_time:=true", "-p", "autostart:=false"], /"event":"up"/);
    assert.equal((await ask({ do: "state" })).state, "unconfigured");
    assert.deepEqual(await change("configure"), [true, "inactive"]);
    for (const rate of [1, 2]) {
      const { errors } = await ask({ do: "clock", start: 1000 * rate, rate, seconds: 3 });
      const sorted = errors.map(Math.abs).sort((a: number, b: number) => a - b);
      assert.ok(
        sorted.length > 10 && sorted[Math.floor(sorted.length / 2)] < 0.02 * rate,
        `off by ${sorted[Math.floor(sorted.length / 2)]} s`,
      );
    }
    const { diagnostics } = await ask({ do: "watch", seconds: 4 });
    assert.match(diagnostics["left/telos: clock"][1], /nothing is heard on \/clock/);
    assert.deepEqual(await change("inactive_shutdown"), [true, "finalized"]);
    assert.deepEqual((await interrupt(agent, "SIGTERM"))[0], 0);
  },
);

test("what cannot be is told at the start, with its place", options, async () => {
  const failing = startAgent(["-p", "robot:=arm8"]);
  await assert.rejects(failing, /'arm8' \(did you mean 'arm7'\?\), want one of/);
  await assert.rejects(startAgent(["-p", "markers_rate:=fast"]), /parameter markers_rate: got fast, want a number/);
  const robot = join(folder, "mine.yaml");
  for (const [lines, words] of [
    ["urdf: mine.urdf", /mine\.yaml:2:7 urdf: got 'mine\.urdf', and .* is no file/],
    [
      `urdf: ${fileURLToPath(new URL("config/robots/arm7.urdf", root))}\njoints: [joint1, elbow]`,
      /mine\.yaml:3:18 joints\[1\]: URDF joints: got "elbow", want joints between base and tool: joint1/,
    ],
  ] as const) {
    writeFileSync(robot, `name: mine\n${lines}\n`);
    for (const autostart of [true, false])
      // launch configures the node: it must not stand there for ever
      await assert.rejects(startAgent(["-p", `robot:=${robot}`, "-p", `autostart:=${autostart}`]), words);
  }
});
