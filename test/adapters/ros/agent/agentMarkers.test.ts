import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../../../src/agent/setup/AgentSetup.js";
import type { Shape, Vec3 } from "../../../../src/core/geometry/Shape.js";
import { Kinematics } from "../../../../src/kinematics/index.js";
import { agentMarkers, type MarkerScene } from "../../../../src/adapters/ros/agent/agentMarkers.js";
import { MARKER, type Marker } from "../../../../src/adapters/ros/cdr/MarkerArray.js";
import { plan, status } from "../samples.js";

const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const empty: MarkerScene = { now: status.stamp, plans: [], fixed: [], bodies: [], noise: 0.02, beliefs: [] };
const draw = (scene: Partial<MarkerScene>): Marker[] => agentMarkers({ ...empty, ...scene }, new Kinematics(arm));

test("plans: the tool's path at every knot, subgoals after each action of all levels but the last", () => {
  const plans = [plan("subgoal", arm.nq, 4, 8), plan("motion", arm.nq, 10, 2)];
  const markers = draw({ plans });
  assert.deepEqual(
    markers.map((m) => [m.ns, m.type, m.points.length]),
    [
      ["plan_subgoal", MARKER.LINE_STRIP, 33],
      ["subgoals_subgoal", MARKER.SPHERE_LIST, 4],
      ["plan_motion", MARKER.LINE_STRIP, 21],
    ],
  );
  const kinematics = new Kinematics(arm);
  kinematics.forward(plans[0].q, 8 * arm.nq);
  assert.deepEqual(markers[1].points[0], [kinematics.tool[3], kinematics.tool[7], kinematics.tool[11]]);
  assert.deepEqual(markers[1].points[0], markers[0].points[8]);
});

test("people are drawn as the guardrail sees them: grown by noise and by how far they may have come", () => {
  const body = {
    id: "hand",
    kind: "person",
    p0: [1, 0, 0.5],
    p1: [1, 0.3, 0.5],
    radius: 0.05,
    speedBound: 1.6,
    stamp: status.stamp - 0.25,
  } as const;
  const markers = draw({ bodies: [body] });
  assert.deepEqual(
    markers.map((m) => m.type),
    [MARKER.SPHERE, MARKER.SPHERE, MARKER.CYLINDER],
  );
  for (const m of markers) assert.ok(Math.abs(m.scale[0] / 2 - (0.05 + 0.02 + 1.6 * 0.25)) < 1e-9);
  assert.ok(Math.abs(markers[2].scale[2] - 0.3) < 1e-12);
});

test("a capsule's cylinder lies along its axis, a half-space's patch on its surface, whatever their direction", () => {
  for (const u of [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, -1],
    [0.6, -0.64, 0.48],
  ] as Vec3[]) {
    const p1 = u.map((x, i) => x + [0.1, 0.2, 0.3][i]) as unknown as Vec3;
    const [, , cylinder] = draw({ fixed: [{ kind: "capsule", p0: [0.1, 0.2, 0.3], p1, radius: 0.1 }] });
    assertClose(turned(cylinder.orientation), u);
    const [patch] = draw({ fixed: [{ kind: "halfSpace", normal: u.map((x) => 2 * x) as unknown as Vec3, offset: 1 }] });
    assertClose(turned(patch.orientation), u);
    assertClose(
      patch.position,
      u.map((x) => x / 2),
    );
  }
});

test("a box keeps its pose and full edges", () => {
  const box: Shape = { kind: "box", center: [0.4, 0, 0.2], size: [0.1, 0.5, 0.4], orientation: [0, 0, 0.6, 0.8] };
  const [m] = draw({ fixed: [box] });
  assert.deepEqual([m.type, m.position, m.scale, m.orientation], [MARKER.CUBE, box.center, box.size, box.orientation]);
});

test("beliefs fade with age but never vanish, and say how old they are", () => {
  const [belief] = status.beliefs;
  const alpha = (age: number): number => draw({ beliefs: [{ ...belief, stamp: status.stamp - age }] })[0].colour[3];
  assert.ok(alpha(0) > alpha(2) && alpha(2) > alpha(6));
  assert.equal(alpha(1e6), 0.15);
  assert.match(draw({ beliefs: [{ ...belief, stamp: status.stamp - 12 }] })[1].text, /puck \(12 s ago\)/);
});

test("every marker has a name of its own and vanishes by itself", () => {
  const markers = draw({
    plans: [plan("subgoal", arm.nq, 4, 8), plan("motion", arm.nq, 10, 2)],
    beliefs: status.beliefs,
    fixed: [
      { kind: "capsule", p0: [0, 0, 0], p1: [0, 0, 1], radius: 0.1 },
      { kind: "capsule", p0: [0, 0, 0], p1: [0, 1, 0], radius: 0.1 },
    ],
  });
  assert.equal(new Set(markers.map((m) => `${m.ns} ${m.id}`)).size, markers.length);
  assert.ok(markers.every((m) => m.lifetime > 0));
});

/** The z axis turned by a quaternion. */
function turned([x, y, z, w]: readonly number[]): number[] {
  return [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)];
}

function assertClose(a: readonly number[], b: readonly number[]): void {
  a.forEach((x, i) => assert.ok(Math.abs(x - b[i]) < 1e-9, `${a} is not ${b}`));
}
