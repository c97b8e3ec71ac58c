import type { Belief } from "../../../core/Belief.js";
import type { Body } from "../../../core/Body.js";
import type { Plan } from "../../../core/Plan.js";
import type { Seconds } from "../../../core/Seconds.js";
import type { Quat, Shape, Vec3 } from "../../../core/geometry/Shape.js";
import type { Kinematics } from "../../../kinematics/index.js";
import { MARKER, type Marker } from "../cdr/MarkerArray.js";

/** Everything that is drawn. */
export interface MarkerScene {
  readonly now: Seconds;
  readonly plans: readonly Plan[]; // top to bottom
  readonly fixed: readonly Shape[];
  readonly bodies: readonly Body[];
  readonly noise: number; // m, of the tracking of people
  readonly beliefs: readonly Belief[];
}

const NO_TURN: Quat = [0, 0, 0, 1];
const ORIGIN: Vec3 = [0, 0, 0];
const LIFETIME = 0.6; // s; three periods at 5 Hz
const HUES: readonly Vec3[] = [
  [0.55, 0.3, 0.85],
  [0.1, 0.6, 0.9],
  [0.1, 0.75, 0.5],
]; // of the levels, top to bottom
const FADE: Seconds = 5; // a belief's opacity falls by e in this time
const GROUND = 3; // m, edge of the patch drawn for a half-space

/**
 * Markers in the arm's base frame: the tool's path in each level's plan with its subgoals, the volumes that the
 * guardrails keep the arm out of (people grown by how far they may have moved since they were seen), and beliefs, which
 * fade with age.
 */
export function agentMarkers(scene: MarkerScene, kinematics: Kinematics): Marker[] {
  return [
    ...scene.plans.flatMap((plan, i) => planMarkers(plan, i, i < scene.plans.length - 1, kinematics)),
    ...scene.fixed.flatMap((shape, i) => shapeMarkers("guardrail_fixed", i, shape, [0.9, 0.55, 0.1, 0.25])),
    ...scene.bodies.flatMap((body, i) => bodyMarkers(body, i, scene)),
    ...scene.beliefs.flatMap((belief, i) => beliefMarkers(belief, i, scene.now)),
  ];
}

function marker(ns: string, id: number, type: number, rest: Partial<Marker>): Marker {
  return {
    ns,
    id,
    type,
    position: ORIGIN,
    orientation: NO_TURN,
    scale: [1, 1, 1],
    colour: [1, 1, 1, 1],
    lifetime: LIFETIME,
    points: [],
    text: "",
    ...rest,
  };
}

function planMarkers(plan: Plan, index: number, above: boolean, kinematics: Kinematics): Marker[] {
  const [r, g, b] = HUES[Math.min(index, HUES.length - 1)];
  const path: Vec3[] = [];
  for (let k = 0; k <= plan.H * plan.substeps; k++) {
    kinematics.forward(plan.q, k * plan.nq);
    path.push([kinematics.tool[3], kinematics.tool[7], kinematics.tool[11]]);
  }
  const line = marker(`plan_${plan.level}`, 0, MARKER.LINE_STRIP, {
    points: path,
    scale: [above ? 0.004 : 0.008, 0, 0],
    colour: [r, g, b, plan.feasible ? 0.9 : 0.35],
  });
  if (!above) return [line];
  const subgoals = path.filter((_, k) => k > 0 && k % plan.substeps === 0);
  return [
    line,
    marker(`subgoals_${plan.level}`, 0, MARKER.SPHERE_LIST, {
      points: subgoals,
      scale: [0.025, 0.025, 0.025],
      colour: [r, g, b, 0.7],
    }),
  ];
}

function shapeMarkers(ns: string, index: number, shape: Shape, colour: Marker["colour"]): Marker[] {
  switch (shape.kind) {
    case "box":
      return [
        marker(ns, 3 * index, MARKER.CUBE, {
          position: shape.center,
          orientation: shape.orientation,
          scale: shape.size,
          colour,
        }),
      ];
    case "capsule":
      return capsuleMarkers(ns, index, shape.p0, shape.p1, shape.radius, colour);
    case "halfSpace": {
      const n = Math.hypot(...shape.normal),
        up = shape.normal.map((x) => x / n) as unknown as Vec3;
      const at = up.map((x) => (x * shape.offset) / n) as unknown as Vec3;
      return [
        marker(ns, 3 * index, MARKER.CUBE, {
          position: at,
          orientation: turnFromZ(up),
          scale: [GROUND, GROUND, 0.001],
          colour,
        }),
      ];
    }
    default:
      return shape satisfies never;
  }
}

/** There is no marker for a capsule: two spheres and a cylinder. */
function capsuleMarkers(
  ns: string,
  index: number,
  p0: Vec3,
  p1: Vec3,
  radius: number,
  colour: Marker["colour"],
): Marker[] {
  const axis: Vec3 = [p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]];
  const length = Math.hypot(...axis),
    d = 2 * radius;
  const balls = [p0, p1].map((position, i) =>
    marker(ns, 3 * index + i, MARKER.SPHERE, { position, scale: [d, d, d], colour }),
  );
  if (length < 1e-6) return balls.slice(0, 1);
  const orientation = turnFromZ([axis[0] / length, axis[1] / length, axis[2] / length]);
  const middle: Vec3 = [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
  return [
    ...balls,
    marker(ns, 3 * index + 2, MARKER.CYLINDER, { position: middle, orientation, scale: [d, d, length], colour }),
  ];
}

/** As the separation guardrail computes it now: radius + tracking noise + speed bound · age. */
function bodyMarkers(body: Body, index: number, { now, noise }: MarkerScene): Marker[] {
  // 2 s: the arm has stopped long before, and a view full of red helps nobody
  const grown = body.radius + noise + body.speedBound * Math.max(0, Math.min(now - body.stamp, 2));
  return capsuleMarkers(
    `guardrail_${body.kind}`,
    index,
    body.p0,
    body.p1,
    grown,
    body.kind === "person" ? [0.95, 0.15, 0.15, 0.3] : [0.95, 0.5, 0.15, 0.3],
  );
}

function beliefMarkers(belief: Belief, index: number, now: Seconds): Marker[] {
  const age = Math.max(0, now - belief.stamp);
  const size = Math.max(0.04, 2 * belief.positionStd);
  const alpha = Math.max(0.15, 0.9 * Math.exp(-age / FADE));
  const above: Vec3 = [belief.position[0], belief.position[1], belief.position[2] + size];
  return [
    marker("beliefs", index, MARKER.SPHERE, {
      position: belief.position,
      orientation: belief.orientation,
      scale: [size, size, size],
      colour: [0.2, 0.8, 0.4, alpha],
    }),
    marker("belief_names", index, MARKER.TEXT_VIEW_FACING, {
      position: above,
      scale: [0, 0, 0.03],
      colour: [1, 1, 1, alpha],
      text: age < 1 ? belief.id : `${belief.id} (${age.toFixed(0)} s ago)`,
    }),
  ];
}

/** The shortest turn that takes the z axis to the unit vector u: half-way quaternion (z × u, 1 + z·u), normalised. */
function turnFromZ(u: Vec3): Quat {
  if (u[2] < -0.999999) return [1, 0, 0, 0];
  const w = 1 + u[2],
    n = Math.hypot(u[1], u[0], w);
  return [-u[1] / n, u[0] / n, 0, w / n];
}
