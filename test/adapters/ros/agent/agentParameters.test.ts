import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { Client, options, ready, root, startAgent, type Started } from "./agentProcess.js";

const folder = mkdtempSync(join(tmpdir(), "telos-agent-"));
after(() => rmSync(folder, { recursive: true }));
let agent: Started;
let client: Client;

if (ready) {
  before(async () => {
    // As launch writes it: by the full name. And with the array of integers that would make rclnodejs throw.
    const parameters = join(folder, "parameters.yaml");
    writeFileSync(parameters, "/left/telos:\n  ros__parameters: { robot: arm7, somebody_elses: [1, 2] }\n");
    [agent, client] = await Promise.all([startAgent(["--params-file", parameters]), Client.start()]);
  });
  after(() => {
    agent?.child.kill("SIGKILL");
    client?.kill();
  });
}

test("parameters by full name reach it", options, async () => {
  assert.equal((await client.ask({ do: "get", name: "robot" })).string, "arm7");
  assert.equal((await client.ask({ do: "get", name: "use_sim_time" })).bool, false);
});

test(
  "parameters are described, ranged and guarded; asking for one that does not exist kills nobody",
  options,
  async () => {
    const { parameters } = await client.ask({
      do: "describe",
      names: ["robot", "markers_rate", "autostart", "use_sim_time"],
    });
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
      ["robot", null, /cannot be unset/],
      ["use_sim_time", true, /readonly/],
      ["autostart", false, /readonly/],
      ["nothing", 1, /not been declared/],
    ] as const) {
      const answer = await client.ask({ do: "set", name, value });
      assert.equal(answer.ok, false, name);
      assert.match(answer.reason, reason);
    }
    assert.equal((await client.ask({ do: "set", name: "markers_rate", value: 2.5 })).ok, true);
    await client.ask({ do: "describe", names: ["no_such_parameter"] });
    assert.equal((await client.ask({ do: "state" })).state, "active");
  },
);

test("parameter events are told on the one topic that there is for them, out of a namespace too", options, async () => {
  const { topics, nodes } = await client.ask({ do: "events" });
  assert.deepEqual(topics, ["/parameter_events"]);
  assert.ok(nodes.includes("/left/telos"), `${nodes}`);
});

test("what cannot be is told at the start, with its place", options, async () => {
  const failing = startAgent(["-p", "robot:=arm8"]);
  await assert.rejects(failing, /'arm8' \(did you mean 'arm7'\?\), want one of/);
  await assert.rejects(startAgent(["-p", "markers_rate:=fast"]), /parameter markers_rate: got fast, want a number/);
  const robot = join(folder, "mine.yaml");
  for (const [lines, words] of [
    ["urdf: mine.urdf", /mine\.yaml:2:7 urdf: got 'mine\.urdf', and .* does not exist/],
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
