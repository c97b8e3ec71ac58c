import type { AgentStatus } from "../../src/agent/AgentPort.js";

/** A status of an agent at work. */
export function status(o: Partial<AgentStatus> = {}): AgentStatus {
  return {
    stamp: 1,
    task: "reach",
    level: "motion",
    mode: "active",
    stoppedBy: "",
    energy: 3.25,
    energies: { tool_pose: 3.25 },
    progress: 0.5,
    margins: [
      { name: "workspace", value: 0.12, unit: "m" },
      { name: "self_collision", value: 0.034, unit: "m" },
    ],
    surprise: 0,
    beliefs: [],
    levels: [
      {
        name: "subgoal",
        rate: 2,
        plans: 5,
        p50: 0.3,
        p99: 0.4,
        max: 0.5,
        recent: 0.01,
        wanted: 0.05,
        late: 0,
        rollouts: 900,
      },
      {
        name: "motion",
        rate: 12,
        plans: 40,
        p50: 0.02,
        p99: 0.05,
        max: 0.06,
        recent: 0.01,
        wanted: 0.05,
        late: 1,
        rollouts: 4000,
      },
    ],
    guardrail: { checks: 100, limited: 7, trips: {}, stopped: 1 },
    missed: 2,
    rate: 100,
    inputs: { joint_states: 0.01 },
    needs: { joint_states: 0.1 },
    rejected: 0,
    lastRejection: "",
    ...o,
  };
}
