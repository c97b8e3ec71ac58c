import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AgentStatus } from "../../../src/agent/AgentPort.js";
import { AgentRuntime } from "../../../src/runtime/AgentRuntime.js";
import { loadSetup, type AgentSetup } from "../../../src/agent/setup/AgentSetup.js";
import { SharedClock } from "../../../src/core/time/SharedClock.js";
import { InProcess } from "../inProcess.js";

const task = "goal: [{ tool_pose: { position: [0.45, 0.25, 0.3], pointing: [0, 0, -1] } }]";
const withPeople = (setup: AgentSetup): AgentSetup => ({
  ...setup,
  agent: {
    ...setup.agent,
    guardrails: { ...setup.agent.guardrails, person: { ...setup.agent.guardrails.person, required: true } },
  },
});
const withForces =
  (max: number) =>
  (setup: AgentSetup): AgentSetup => ({
    ...setup,
    robot: { ...setup.robot, guardrails: { ...setup.robot.guardrails, contact_force: { max, stale_after: 0.1 } } },
  });
const fastest = (run: InProcess): number => Math.max(...run.simulation.v.map(Math.abs));

describe("a people tracker that is required", () => {
  it("is not, by default: without a word of it the task is done", async () => {
    const run = await InProcess.create({ scene: "table", task });
    run.robot.sensors.disturb("bodies", { drop: 1 }, 0);
    assert.ok((await run.run(10)) !== undefined);
  });

  it("nothing moves until it has spoken, and then all goes on", async () => {
    const run = await InProcess.create({ scene: "table", task, adapt: withPeople, sensors: { bodies: { drop: 1 } } });
    const { reflex } = run.agent;
    await run.run(1, () => assert.ok(fastest(run) < 1e-3, `${fastest(run)} rad/s`));
    assert.deepEqual([reflex.state.mode, reflex.reason.by], ["stopping", "stale_bodies"]);
    run.agent.beliefs.seeBodies(run.simulation.time, [], run.simulation.time);
    let moved = 0;
    await run.run(0.25, () => (moved = Math.max(moved, fastest(run))));
    assert.ok(moved > 0.05, `${moved} rad/s`);
  });

  it("in motion its silence brakes, and its word lets the task be done", async () => {
    const run = await InProcess.create({ scene: "table", task, adapt: withPeople });
    await run.run(0.2);
    assert.ok(fastest(run) > 0.1);
    run.robot.sensors.disturb("bodies", { drop: 1 }, 1.5);
    await run.run(1.2);
    assert.ok(fastest(run) < 0.01);
    assert.deepEqual([run.agent.reflex.state.mode, run.agent.reflex.reason.by], ["stopping", "stale_bodies"]);
    assert.ok((await run.run(10)) !== undefined);
  });
});

describe("a bound on contact force", () => {
  it(
    "latches by its name, with its margin, " +
      "where something that no tracker saw presses the arm; below the bound nothing happens",
    async () => {
      for (const [max, latches] of [
        [40, true],
        [1e6, false],
      ] as const) {
        const run = await InProcess.create({
          scene: "person",
          task: "goal: [{ tool_pose: { position: [0.53, 0.2, 0.23] } }]\nhold: 20 s",
          adapt: withForces(max),
          sensors: { forces: true, bodies: { drop: 1 } },
        });
        await run.run(4.2);
        assert.ok(
          run.contacts.some((c) => c.includes("person")),
          "the person's arm was in the way",
        );
        const { state, reason } = run.agent.reflex;
        if (latches)
          assert.ok(
            state.mode === "latched" && reason.by === "contact_force" && reason.margin < 0,
            `${state.mode} by ${reason.by}, ${reason.margin}`,
          );
        else assert.notEqual(reason.by, "contact_force");
      }
    },
  );

  it("nothing moves where the sensor that it needs says nothing", async () => {
    const run = await InProcess.create({ scene: "table", task, adapt: withForces(40), sensors: { forces: false } });
    await run.run(0.5, () => assert.ok(fastest(run) < 1e-3));
    assert.equal(run.agent.reflex.reason.by, "stale_wrench");
  });
});

describe("the agent with its threads", () => {
  it(
    "refuses tasks and resets while a needed input is missing, " + "and says which; forces over the bound latch",
    async () => {
      const setup = withForces(40)(withPeople(loadSetup({ robot: "arm7", agent: "default", scene: "table" })));
      const clock = SharedClock.system();
      const agent = await AgentRuntime.start(setup, { clock });
      let status: AgentStatus | undefined;
      let people = false,
        force: number | undefined;
      agent.status.subscribe((s) => (status = s));
      const timer = setInterval(() => {
        const now = clock.now();
        agent.observeJoints({ stamp: now, names: setup.arm.jointNames, positions: setup.arm.home, velocities: [] });
        if (people) agent.observeBodies(now, []);
        if (force !== undefined) agent.observeWrench(now, [0, 0, force, 0, 0, 0]);
      }, 10);
      const until = async (what: string, condition: (s: AgentStatus) => boolean): Promise<void> => {
        for (const limit = performance.now() + 60_000; status === undefined || !condition(status);) {
          assert.ok(performance.now() < limit, `${what}: never; ${JSON.stringify(status)}`);
          await new Promise((r) => setTimeout(r, 10));
        }
      };
      try {
        await until("inactive", (s) => s.mode === "inactive");
        await agent.ready();
        agent.activate();
        await until("people are missed", (s) => s.mode === "stopping" && s.stoppedBy === "stale_bodies");
        assert.deepEqual(Object.keys(status!.needs).sort(), ["bodies", "joint_states", "wrench"]);
        assert.match((await agent.accomplish(task, 1).result).message, /no bodies have come yet/);
        people = true;
        await until("forces are missed", (s) => s.mode !== "latched" && Number.isFinite(s.inputs.bodies ?? Infinity));
        assert.match((await agent.accomplish(task, 1).result).message, /no forces have come yet/);
        force = 10;
        await until(
          "all is there",
          (s) =>
            s.mode === "active" && s.margins.some((m) => m.name === "contact_force" && Math.abs(m.value - 30) < 1e-9),
        );
        force = 50;
        await until("the latch", (s) => s.mode === "latched" && s.stoppedBy === "contact_force");
        force = undefined;
        await until("silence", (s) => s.inputs.wrench > 0.2);
        assert.match(
          (await agent.reset()).message,
          /forces: .* s old, want at most 0.1 s; latched by contact_force since/,
        );
        force = 0;
        await until("forces again", (s) => s.inputs.wrench < 0.05);
        assert.match((await agent.reset()).message, /^was latched by contact_force since /);
        await until("active again", (s) => s.mode === "active");
      } finally {
        clearInterval(timer);
        await agent.dispose();
      }
    },
  );
});
