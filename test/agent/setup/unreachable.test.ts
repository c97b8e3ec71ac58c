import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadSetup, type AgentSetup } from "../../../src/agent/setup/AgentSetup.js";
import { unreachable } from "../../../src/agent/setup/unreachable.js";
import type { Body } from "../../../src/core/Body.js";
import { Rng } from "../../../src/core/math/Rng.js";
import type { State } from "../../../src/core/State.js";
import { Kinematics } from "../../../src/kinematics/index.js";
import { drawGoals } from "../../../src/evaluation/drawGoals.js";
import { bind } from "../inProcess.js";

const at = ({ arm }: AgentSetup, bodies: readonly Body[] = []): State => ({
  stamp: 0,
  q: arm.home,
  v: new Float64Array(arm.nq),
  objects: new Map(),
  bodies,
});
const pose = (x: number, y: number, z: number, more = ""): string =>
  `goal: [{ tool_pose: { position: [${x}, ${y}, ${z}]${more} } }]`;

describe("goals that no posture satisfies", () => {
  const wall = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });

  it(
    "no reachable goal is refused: tool poses of postures that the guardrails admit, " +
      "on three arms, among obstacles too",
    () => {
      const count = Number(process.env.GOALS ?? 25);
      for (const [robot, scene] of [
        ["arm7", "wall"],
        ["arm7", "table"],
        ["ur5", "empty"],
        ["so101", "empty"],
      ]) {
        const setup = loadSetup({ robot, agent: "default", scene });
        drawGoals(setup, count, 11).forEach(({ task }, i) =>
          assert.equal(
            unreachable(setup, bind(setup, task), at(setup)),
            undefined,
            `${robot} in ${scene}, goal ${i}: ${task}`,
          ),
        );
      }
    },
  );

  it("a position out of reach is told with how near the tool comes: as far as it lies beyond the stretched arm", () => {
    const straight = new Kinematics(wall.arm);
    straight.forward(new Float64Array(wall.arm.nq), 0);
    const [x, y, z] = [3, 7, 11].map((i) => straight.tool[i]);
    for (const beyond of [0.03, 0.1, 2]) {
      const why = unreachable(wall, bind(wall, pose(x, y, z + beyond)), at(wall)) ?? "";
      const [, missed] = /no nearer to .* m than ([\d.]+) m/.exec(why) ?? [];
      assert.ok(Math.abs(Number(missed) - beyond) < 2e-3, `${why}, want ${beyond} m`);
    }
    assert.equal(
      unreachable({ ...wall, fixed: [] }, bind(wall, pose(x, y, z + 0.015)), at(wall)),
      undefined,
      "within tolerance",
    );
  });

  it("a position inside a wall is told with the wall and how deep", () => {
    const why = unreachable(wall, bind(wall, pose(0.36, 0.02, 0.4)), at(wall)) ?? "";
    assert.match(why, /breaks fixed_geometry by 0\.\d+ m; its position is 0\.020 m inside 'wall'/);
  });

  it("what a task's own guardrail forbids is told by its name", () => {
    const task =
      `${pose(0.5, 0.2, 0.3)}\nguardrails: [{ keep_out: { box: { center: [0.5, 0.2, 0.3], size: [0.2, ` +
      "0.2, 0.2] } } }]";
    assert.match(unreachable(wall, bind(wall, task), at(wall)) ?? "", /breaks keep_out by/);
  });

  it(
    "links in each other's way are told by their names: " +
      "the pair that is deepest in each other where that is the goal",
    () => {
      const rng = new Rng(4),
        { arm } = wall,
        setup = { ...wall, fixed: [], fixedIds: [] },
        kinematics = new Kinematics(arm),
        ends = new Float64Array(6 * arm.capsules.length);
      let worst = { depth: 0, q: [] as number[], names: [] as string[] };
      for (let k = 0; k < 2000; k++) {
        const q = Array.from({ length: arm.nq }, (_, j) => rng.range(arm.limits.lo[j], arm.limits.hi[j]));
        kinematics.forward(Float64Array.from(q), 0);
        kinematics.writeCapsules(ends, 0);
        for (let p = 0; p < arm.selfPairs.length; p += 2) {
          const [a, b] = [arm.selfPairs[p], arm.selfPairs[p + 1]];
          let least = Infinity; // of points along both, a 20th of their length apart
          for (let s = 0; s <= 20; s++)
            for (let t = 0; t <= 20; t++)
              least = Math.min(
                least,
                Math.hypot(
                  ...[0, 1, 2].map(
                    (c) =>
                      ends[6 * a + c] +
                      (s / 20) * (ends[6 * a + 3 + c] - ends[6 * a + c]) -
                      ends[6 * b + c] -
                      (t / 20) * (ends[6 * b + 3 + c] - ends[6 * b + c]),
                  ),
                ),
              );
          const depth = arm.capsules[a].radius + arm.capsules[b].radius - least;
          if (depth > worst.depth) worst = { depth, q, names: [arm.capsules[a].name, arm.capsules[b].name] };
        }
        if (worst.depth > 0.05) break;
      }
      assert.ok(worst.depth > 0.05);
      const task =
        "goal: [{ joint_positions: { " +
        `${arm.jointNames.map((name, j) => `${name}: ${worst.q[j]} rad`).join(", ")} } }]`;
      const [, a, b, mm] =
        /breaks self_collision by 0\.\d+ m; (\S+) and (\S+) come within -(\d+\.\d) mm of each other/.exec(
          unreachable(setup, bind(setup, task), at(setup)) ?? "",
        ) ?? [];
      assert.deepEqual([a, b].sort(), worst.names.sort());
      assert.ok(Math.abs(Number(mm) - 1000 * worst.depth) < 15, `${mm} mm told, ${1000 * worst.depth}`);
    },
  );

  it("people are no reason: they go away", () => {
    const person: Body = {
      id: "a",
      kind: "person",
      stamp: 0,
      p0: [0.45, 0.2, 0.3],
      p1: [0.45, 0.2, 0.3],
      radius: 0.2,
      speedBound: 1.6,
    } as Body;
    assert.equal(unreachable(wall, bind(wall, pose(0.45, 0.3, 0.3)), at(wall, [person])), undefined);
  });

  it("joints beyond their limits are told in tolerances", () => {
    assert.match(
      unreachable(wall, bind(wall, "goal: [{ joint_positions: { joint2: 4 rad } }]"), at(wall)) ?? "",
      /no posture within the joint limits .* tolerances off/,
    );
  });
});
