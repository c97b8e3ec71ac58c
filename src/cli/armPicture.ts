import type { Shape, Vec3 } from "../core/geometry/Shape.js";
import { transformFromQuat } from "../core/geometry/transformFromQuat.js";
import { Kinematics, type Arm } from "../kinematics/index.js";
import { encodePng, lookAt, Renderer, studio } from "../sim/index.js";
import { GeomKind, type Geometry } from "../sim/physics/Geometry.js";

const [WIDTH, HEIGHT] = [960, 720];
const COLOURS = [
  [0.35, 0.37, 0.4],
  [0.83, 0.32, 0.2],
  [0.93, 0.66, 0.15],
  [0.35, 0.62, 0.28],
  [0.16, 0.55, 0.6],
  [0.2, 0.42, 0.8],
  [0.5, 0.35, 0.68],
  [0.75, 0.35, 0.55],
];
const SOLID = [0.8, 0.74, 0.62];

interface Geom {
  readonly kind: number;
  readonly size: Vec3;
  readonly T: Float64Array; // [12]
  readonly colour: readonly number[];
}

/** A PNG of the arm's capsules at home, one colour per frame, and of the shapes around it. */
export function armPicture(arm: Arm, fixed: readonly Shape[]): Uint8Array {
  const kinematics = new Kinematics(arm),
    ends = new Float64Array(6 * arm.capsules.length);
  kinematics.forward(arm.home, 0);
  kinematics.writeCapsules(ends, 0);
  const at = (o: number): Vec3 => [ends[o], ends[o + 1], ends[o + 2]];
  const capsules = arm.capsules.map((c, i) =>
    capsule(at(6 * i), at(6 * i + 3), c.radius, COLOURS[c.link % COLOURS.length]),
  );
  const lo = [0, 1, 2].map((c) =>
    Math.min(...arm.capsules.flatMap(({ radius }, i) => [ends[6 * i + c] - radius, ends[6 * i + 3 + c] - radius])),
  );
  const hi = [0, 1, 2].map((c) =>
    Math.max(...arm.capsules.flatMap(({ radius }, i) => [ends[6 * i + c] + radius, ends[6 * i + 3 + c] + radius])),
  );
  const middle = lo.map((x, c) => (x + hi[c]) / 2),
    size = Math.hypot(...lo.map((x, c) => hi[c] - x));
  const floor: Geom = {
    kind: GeomKind.plane,
    size: [0, 0, 1],
    T: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, Math.min(lo[2], 0) - 0.002),
    colour: [0.62, 0.64, 0.67],
  };
  const camera = lookAt(
    [middle[0] + 1.1 * size, middle[1] + 1.0 * size, middle[2] + 0.6 * size],
    [middle[0], middle[1], middle[2]],
    0.6,
    WIDTH,
    HEIGHT,
  );
  const shapes = fixed.flatMap(solid);
  const light = {
    ...studio,
    shadowCentre: [middle[0], middle[1], middle[2]] as const,
    shadowRadius: Math.max(1.3, size),
  };
  return encodePng(
    WIDTH,
    HEIGHT,
    new Renderer(WIDTH, HEIGHT).draw(geometryOf([floor, ...shapes, ...capsules]), camera, light),
  );
}

/** How a shape around the arm is drawn: only boxes and capsules are. */
function solid(s: Shape): Geom[] {
  if (s.kind === "capsule") return [capsule(s.p0, s.p1, s.radius, SOLID)];
  if (s.kind !== "box") return [];
  const T = transformFromQuat(new Float64Array(12), 0, s.orientation, s.center);
  return [{ kind: GeomKind.box, size: [s.size[0] / 2, s.size[1] / 2, s.size[2] / 2], T, colour: SOLID }];
}

/** A capsule between two points, with its z axis along them. */
function capsule(p0: Vec3, p1: Vec3, radius: number, colour: readonly number[]): Geom {
  const d = [p1[0] - p0[0], p1[1] - p0[1], p1[2] - p0[2]],
    length = Math.hypot(...d),
    middle: Vec3 = [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
  if (length < 1e-6)
    return {
      kind: GeomKind.sphere,
      size: [radius, radius, radius],
      T: Float64Array.of(1, 0, 0, middle[0], 0, 1, 0, middle[1], 0, 0, 1, middle[2]),
      colour,
    };
  const [x, y, z] = d.map((c) => c / length),
    n = Math.hypot(-y, x, 1 + z); // the shortest rotation from z
  const q = n < 1e-9 ? ([1, 0, 0, 0] as const) : ([-y / n, x / n, 0, (1 + z) / n] as const);
  return {
    kind: GeomKind.capsule,
    size: [radius, length / 2, 0],
    T: transformFromQuat(new Float64Array(12), 0, q, middle),
    colour,
  };
}

function geometryOf(geoms: readonly Geom[]): Geometry {
  const rotation = geoms.flatMap(({ T }) => [T[0], T[1], T[2], T[4], T[5], T[6], T[8], T[9], T[10]]);
  return {
    count: geoms.length,
    kind: geoms.map((g) => g.kind),
    size: geoms.flatMap((g) => [...g.size]),
    position: geoms.flatMap(({ T }) => [T[3], T[7], T[11]]),
    rotation,
    colour: geoms.flatMap((g) => [...g.colour, 1]),
    label: geoms.map((_, i) => i + 1),
  };
}
