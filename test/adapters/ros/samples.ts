import type { AgentStatus } from "../../../src/agent/AgentPort.js";
import type { Plan } from "../../../src/core/Plan.js";

/** A status where all is well. */
export const status: AgentStatus = {
  stamp: 1700000000.5,
  task: "reach",
  level: "motion",
  mode: "active",
  stoppedBy: "",
  energy: 1.5,
  energies: { tool_pose: 1.25, effort: 0.25 },
  progress: 0.5,
  margins: [{ name: "self_collision", value: 0.03, unit: "m" }],
  surprise: 0,
  beliefs: [
    { id: "puck", position: [0.5, -0.2, 0.02], orientation: [0, 0, 0, 1], positionStd: 0.01, stamp: 1699999999.5 },
  ],
  levels: [
    {
      name: "subgoal",
      rate: 2,
      plans: 20,
      p50: 0.2,
      p99: 0.3,
      max: 0.4,
      recent: 0.01,
      wanted: 0.05,
      late: 0,
      rollouts: 2000,
    },
    {
      name: "motion",
      rate: 12,
      plans: 120,
      p50: 0.04,
      p99: 0.06,
      max: 0.07,
      recent: 0.01,
      wanted: 0.05,
      late: 0,
      rollouts: 9000,
    },
  ],
  guardrail: { checks: 100, limited: 2, trips: {}, stopped: 0 },
  missed: 0,
  rate: 100,
  inputs: { joint_states: 0.004 },
  needs: { joint_states: 0.1 },
  rejected: 0,
  lastRejection: "",
};

/** A plan of H actions that turns joint j evenly by 0.1·(j+1) rad an action. */
export function plan(level: string, nq: number, H: number, substeps: number): Plan {
  const N = H * substeps + 1;
  const q = Float64Array.from({ length: N * nq }, (_, i) => (0.1 * ((i % nq) + 1) * Math.floor(i / nq)) / substeps);
  return {
    level,
    stamp: 1700000000,
    dt: 0.5,
    H,
    substeps,
    nu: nq,
    nq,
    q,
    a: Float32Array.from({ length: H * nq }, (_, i) => i / 64),
    v: new Float64Array(N * nq),
    z: new Float32Array(0),
    energy: 2,
    energies: { tool_pose: 1.5, effort: 0.5 },
    feasible: true,
    iterations: 3,
    rollouts: 96,
    time: 0.05,
  };
}
