import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readLog } from "../../src/memory/episodes/readLog.js";
import { summarySchema } from "../cli/summarySchema.js";
import { telos } from "../cli/telos.js";

const REACH = "name: near\ngoal: [{ tool_pose: { position: [0.45 m, 0.1 m, 0.35 m] } }]\ntimeout: 20 s\n";

/** A folder with an agent that logs into it, so that the runs of tests do not push out the user's own. */
function scratch(t: TestContext): { path: (name: string) => string; args: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "telos-run-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("near.yaml"), REACH);
  return { path, args: ["run", "--task", path("near.yaml")] };
}

/** The simulators that descend from us. */
const simulators = (): number =>
  execFileSync("ps", ["-eo", "args"])
    .toString()
    .split("\n")
    .filter((line) => line.includes("main.js sim --gate") && line.includes(MARK)).length;
const MARK = "--seed 4711";
const marked = MARK.split(" ");

test(
  "simulator and agent accomplish a task over DDS; " + "stdout is one JSON object; everything that left is in the log",
  async (t) => {
    const { args } = scratch(t);
    const { code, stdout, stderr } = await telos([...args, "--json", ...marked]);
    const lines = stdout.trim().split("\n");
    assert.equal(lines.length, 1, stdout);
    const summary = summarySchema.parse(JSON.parse(lines[0]));
    t.after(() => rmSync(summary.log, { force: true }));
    assert.deepEqual(
      [code, summary.success, summary.error_code, summary.guardrail.violations],
      [0, true, 0, 0],
      `${stdout}${stderr}`,
    );
    assert.ok(
      summary.first_motion_s > 0 && summary.replans > 2 && summary.sim_time_s > 0.5 && summary.guardrail.checks > 20,
    );
    assert.match(stderr, /near: (active|stopping), \d+ %/);
    assert.ok(statSync(summary.log).size > 10_000);
    const topics = new Map<string, number>();
    for (const { topic } of readLog(summary.log)) topics.set(topic, (topics.get(topic) ?? 0) + 1);
    assert.equal(topics.get("~/episode"), 2);
    const commands = topics.get("joint_trajectory_controller/joint_trajectory")!;
    const since = 10; // reflex periods of 10 ms for which the summary's count may be older than the log's end
    assert.ok(
      commands > 20 && commands <= summary.guardrail.checks + since,
      `${commands} commands of ${summary.guardrail.checks} checks`,
    );
    assert.equal(simulators(), 0);
  },
);

test("Ctrl-C: the arm comes to rest, both end, 130", async (t) => {
  const { args } = scratch(t);
  let sent = false;
  const { code, stdout, stderr } = await telos([...args, "--json", "--verbose", ...marked], {
    meanwhile: (child, said) => {
      if (sent || !said.includes("first motion")) return;
      sent = true;
      setTimeout(() => child.kill("SIGINT"), 200);
    },
  });
  const summary = summarySchema.parse(JSON.parse(stdout));
  t.after(() => rmSync(summary.log, { force: true }));
  assert.deepEqual([code, summary.success, summary.error_code], [130, false, 4], stderr);
  let last: readonly number[] = [];
  for (const { topic, data } of readLog(summary.log))
    if (topic === "joint_states") last = (data as { velocity: number[] }).velocity;
  assert.ok(
    last.every((v) => Math.abs(v) < 0.05),
    `at rest at the end: ${last.map((v) => v.toFixed(3)).join(" ")}`,
  );
  assert.equal(simulators(), 0);
});

test("a domain with another arm in it is left alone", async (t) => {
  const { args } = scratch(t);
  let second: ReturnType<typeof telos> | undefined;
  const first = telos([...args, "--keep", "--headless", ...marked], {
    meanwhile: (child, said) => {
      if (second !== undefined || !said.includes("both keep running")) return;
      second = telos([...args, "--headless", ...marked]);
      void second.then(() => child.kill("SIGINT"));
    },
  });
  const { stdout } = await first;
  t.after(() => rmSync(/^ *log +(.*)$/m.exec(stdout)![1], { force: true }));
  assert.match(stdout, /^done in /m);
  const { code, stdout: said } = await second!;
  assert.equal(code, 1);
  assert.match(
    said,
    new RegExp(
      String.raw`ROS domain \d+ is in use: (another telos run|another telos_sim is ` +
        String.raw`running|another node commands an arm on .*trajectory).*, .* --domain \d+`,
    ),
  ); // whichever was discovered first
  assert.equal(simulators(), 0);
});

test("a simulator that dies is told, with its last words; a scene it could not begin in, at its line", async (t) => {
  const { args, path } = scratch(t);
  let killed = false;
  const { code, stdout } = await telos([...args, "--headless", "--verbose", ...marked], {
    meanwhile: (child, said) => {
      if (killed || !said.includes("first motion")) return;
      killed = true;
      const [, pid] = new RegExp(`^ *(\\d+) +${child.pid} .*main.js sim --gate`, "m").exec(
        execFileSync("ps", ["-eo", "pid,ppid,args"]).toString(),
      )!;
      process.kill(Number(pid), "SIGKILL");
    },
  });
  t.after(() => rmSync(/^ *log +(.*)$/m.exec(stdout)![1], { force: true }));
  assert.equal(code, 1);
  assert.match(stdout, /not done: the simulator died \(SIGKILL\)/);

  writeFileSync(path("bad.yaml"), "name: bad\nrobot: arm7\nstart: [9, 9]\n");
  const bad = await telos([...args, "--scene", path("bad.yaml"), "--headless", ...marked]);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /not done: .*bad\.yaml:3:8 start: got 2 values, want 7, one for each joint/);
});

test("a wrong choice is told at once, before anything starts", async () => {
  for (const [args, words] of [
    [["--task", "raech"], /got 'raech'/],
    [["--scene", "wal"], /got 'wal'/],
    [["--robot", "arm9"], /got 'arm9'/],
  ] as const) {
    const { code, stdout } = await telos(["run", "--json", ...args]);
    const summary = summarySchema.parse(JSON.parse(stdout));
    assert.deepEqual([code, summary.success], [1, false]);
    assert.match(summary.error, words);
  }
});
