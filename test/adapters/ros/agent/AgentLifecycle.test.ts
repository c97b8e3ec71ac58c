import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client, interrupt, options, ready, startAgent, type Started } from "./agentProcess.js";

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

test("it starts by itself and is active", options, async () => {
  assert.equal((await client.ask({ do: "state" })).state, "active");
});

test("the lifecycle goes round; a transition that does not exist is refused and kills nobody", options, async () => {
  assert.deepEqual(await client.change("configure"), [false, "active"]);
  const down = await client.ask({ do: "change", transition: "deactivate" });
  assert.deepEqual([down.success, down.state], [true, "inactive"]);
  assert.ok(down.took >= 0.14, "answered before the arm was at rest");
  assert.equal((await client.ask({ do: "goal", task: "quick" })).code, 9);
  assert.deepEqual(await client.change("cleanup"), [true, "unconfigured"]);
  assert.equal((await client.ask({ do: "goal", task: "quick" })).code, 9);
  assert.equal((await client.ask({ do: "trigger", name: "emergency_stop" })).success, false);
  assert.deepEqual(await client.change("activate"), [false, "unconfigured"]);
  const bad = await client.ask({ do: "set", name: "scene", value: "wal" });
  assert.equal(bad.ok, false);
  assert.match(bad.reason, /'wal' \(did you mean 'wall'\?\)/);
  assert.equal((await client.ask({ do: "set", name: "scene", value: "wall" })).ok, true);
  assert.deepEqual(await client.change("configure"), [true, "inactive"]);
  assert.deepEqual(await client.change("activate"), [true, "active"]);
  assert.equal((await client.ask({ do: "goal", task: "quick" })).code, 0);
});

test(
  "the lifecycle is told as ROS 2 tells its own: all states and transitions, each with where it leads from and to",
  options,
  async () => {
    const oracle = await client.ask({ do: "lifecycle", node: "oracle" }),
      ours = await client.ask({ do: "lifecycle", node: "telos" });
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
    assert.equal((await client.ask({ do: "state" })).state, "unconfigured");
    assert.deepEqual(await client.change("configure"), [true, "inactive"]);
    for (const rate of [1, 2]) {
      const { errors } = await client.ask({ do: "clock", start: 1000 * rate, rate, seconds: 3 });
      const sorted = errors.map(Math.abs).sort((a: number, b: number) => a - b);
      assert.ok(
        sorted.length > 10 && sorted[Math.floor(sorted.length / 2)] < 0.02 * rate,
        `off by ${sorted[Math.floor(sorted.length / 2)]} s`,
      );
    }
    const { diagnostics } = await client.ask({ do: "watch", seconds: 4 });
    assert.match(diagnostics["left/telos: clock"][1], /nothing comes on \/clock/);
    assert.deepEqual(await client.change("inactive_shutdown"), [true, "finalized"]);
    assert.deepEqual((await interrupt(agent, "SIGTERM"))[0], 0);
  },
);
