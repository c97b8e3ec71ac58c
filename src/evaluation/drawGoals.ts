import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import { quatFromTransform } from "../core/geometry/quatFromTransform.js";
import { Rng } from "../core/math/Rng.js";
import { Kinematics } from "../kinematics/index.js";
import { admittedPosture } from "./admittedPosture.js";

export interface DrawnGoal {
  readonly position: readonly [number, number, number]; // m
  // x, y, z, w; not part of the task if the arm has fewer than six joints
  readonly orientation: readonly [number, number, number, number];
  readonly task: string; // YAML
}

/**
 * Reachable goals: tool poses of joint configurations drawn uniformly between the limits. A configuration is used if
 * the agent's guardrails admit it and its tool is in the workspace in front of the arm. The same seed gives the same
 * goals.
 */
export function drawGoals(setup: AgentSetup, count: number, seed: number): DrawnGoal[] {
  const { arm } = setup;
  const { lo, hi } = arm.limits;
  const kinematics = new Kinematics(arm);
  const { tool } = kinematics;
  const admitted = admittedPosture(setup);
  const rng = new Rng(seed);
  const scale = reach(setup);
  const inFront = (): boolean =>
    tool[11] > 0.12 * scale && tool[11] < 0.8 * scale && tool[3] > 0.23 * scale && Math.abs(tool[7]) < 0.7 * scale;
  return Array.from({ length: count }, () => {
    const q = new Float64Array(arm.nq);
    do {
      for (let j = 0; j < q.length; j++) q[j] = rng.range(lo[j], hi[j]);
      kinematics.forward(q, 0);
    } while (!inFront() || !admitted(q));
    const quat = quatFromTransform(new Float64Array(4), 0, tool, 0);
    const position = [tool[3], tool[7], tool[11]] as const;
    const orientation = [quat[0], quat[1], quat[2], quat[3]] as const;
    const turned = arm.nq < 6 ? "" : `, orientation: [${orientation.join(", ")}], angle_tolerance: 5 deg`;
    return {
      position,
      orientation,
      task:
        `name: drawn\ngoal:\n  - tool_pose: { position: [${position.join(", ")}]${turned}, tolerance: 2 cm }\n` +
        `timeout: 30 s\n`,
    };
  });
}

/** Approximate reach of the tool from the base, m. The workspace in front of the arm scales with it. */
function reach({ arm }: AgentSetup): number {
  const kinematics = new Kinematics(arm);
  const q = new Float64Array(arm.nq);
  const rng = new Rng(1);
  let farthest = 0;
  for (let i = 0; i < 500; i++) {
    for (let j = 0; j < q.length; j++) q[j] = rng.range(arm.limits.lo[j], arm.limits.hi[j]);
    kinematics.forward(q, 0);
    farthest = Math.max(farthest, Math.hypot(kinematics.tool[3], kinematics.tool[7]));
  }
  return farthest;
}
