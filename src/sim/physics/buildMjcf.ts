import type { Geometry } from "../../config/geometry.js";
import { partsOf } from "../../config/hollow.js";
import type { FixedObject, SceneBody, SceneConfig, SceneObject } from "../../config/SceneConfig.js";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { armMjcf, type ArmMjcf } from "./armMjcf.js";
import { massesOf } from "./massesOf.js";
import { collisionBits } from "./collisionBits.js";
import { xml, type Attribute } from "../export/xml.js";

export const TIME_STEP = 0.002; // s

/** Goes before an object's id in the name of its free joint. */
export const FREE = "free:";

const GRASPS = { impratio: 10, noslip_iterations: 5 }; // what is held must not creep out of the hand

export const FLOOR = -0.74; // m: the base stands on something of a table's height
const COLOURS = {
  fixed: [0.55, 0.62, 0.7],
  table: [0.8, 0.68, 0.53],
  person: [0.87, 0.62, 0.5],
  mover: [0.5, 0.45, 0.7],
  objects: [
    [0.83, 0.22, 0.14],
    [0.13, 0.42, 0.8],
    [0.2, 0.62, 0.3],
    [0.93, 0.72, 0.12],
    [0.55, 0.3, 0.65],
    [0.1, 0.6, 0.62],
  ],
} as const;

/**
 * The scene with its arm as one MuJoCo model. Ids of `fixed`, `objects` and `bodies` are names of MuJoCo bodies (a
 * person's or mover's frame stands at `bodyOrigin`), links have `LINK` before theirs, the floor is the geom `floor`.
 * The one sensor counts the arm's contacts.
 * @param touching pairs of links that may: `linksThatTouch`
 */
export function buildMjcf(urdf: Urdf, arm: Arm, scene: SceneConfig, touching?: ReadonlySet<string>): string {
  return modelOf(`${arm.name} in ${scene.name}`, arm, armMjcf(urdf, arm, touching), [
    ...scene.fixed.map(fixedMjcf),
    ...scene.objects.map(objectMjcf),
    ...scene.bodies.map(bodyMjcf),
  ]);
}

/** The arm alone in the world. */
export function armModel(urdf: Urdf, arm: Arm): string {
  return modelOf(arm.name, arm, armMjcf(urdf, arm), []);
}

function modelOf(name: string, { gripper }: Arm, a: ArmMjcf, others: readonly string[]): string {
  return xml("mujoco", { model: name }, [
    xml("compiler", { angle: "radian", autolimits: true, balanceinertia: true, boundmass: 1e-4, boundinertia: 1e-7 }),
    xml("option", {
      timestep: TIME_STEP,
      integrator: "implicitfast",
      cone: "elliptic",
      ...(gripper === undefined ? { impratio: 3 } : GRASPS),
    }),
    xml("size", { memory: "8M" }),
    xml("default", {}, [
      xml("geom", { solref: [0.008, 1], solimp: [0.95, 0.99, 0.001], friction: [0.6, 0.005, 0.0005] }),
    ]),
    xml("asset", {}, a.assets),
    xml("worldbody", {}, [
      xml("geom", {
        name: "floor",
        type: "plane",
        pos: [0, 0, FLOOR],
        size: [0, 0, 1],
        rgba: [0.5, 0.52, 0.55, 1],
        ...collisionBits.fixed,
      }),
      a.body,
      ...others,
    ]),
    xml("contact", {}, a.exclude),
    ...(a.couplings.length > 0 ? [xml("equality", {}, a.couplings)] : []),
    xml("actuator", {}, a.actuators),
    xml("sensor", {}, [xml("contact", { name: "arm_contacts", subtree1: a.root, data: "found", num: 1 })]),
  ]);
}

/** The origin of a person's or mover's own frame: the middle of its first capsule as the scene file gives it. */
export function bodyOrigin(body: SceneBody): [number, number, number] {
  const { p0, p1 } = body.capsules[0];
  return [(p0[0] + p1[0]) / 2, (p0[1] + p1[1]) / 2, (p0[2] + p1[2]) / 2];
}

/** r, g, b, a of a fixed thing: its own colour, or that of its kind. */
export function fixedColour(f: FixedObject): number[] {
  return [...(f.colour ?? (f.id.includes("table") ? COLOURS.table : COLOURS.fixed)), 1];
}

/** r, g, b, a of the scene's object number `index`. */
export function objectColour(o: SceneObject, index: number): number[] {
  return [...(o.colour ?? COLOURS.objects[index % COLOURS.objects.length]), 1];
}

/** r, g, b, a of a person or mover. */
export function bodyColour(b: SceneBody): number[] {
  return [...(b.kind === "person" ? COLOURS.person : COLOURS.mover), 1];
}

export function fixedMjcf(f: FixedObject): string {
  const rgba = fixedColour(f);
  return xml(
    "body",
    { name: f.id },
    partsOf(f).map((part) => xml("geom", { ...shape(part), rgba, ...collisionBits.fixed })),
  );
}

export function objectMjcf(o: SceneObject, index: number): string {
  const rgba = objectColour(o, index);
  // Priority: the object's own friction decides, whatever it lies on.
  const friction = [o.friction, 0.005, 0.0002];
  return xml("body", { name: o.id, pos: o.position, quat: wxyz(o.orientation) }, [
    xml("freejoint", { name: FREE + o.id }),
    ...massesOf(o).map(({ part, mass }) =>
      xml("geom", { ...shape(part), mass, friction, priority: 1, condim: 4, rgba, ...collisionBits.object }),
    ),
  ]);
}

function bodyMjcf(b: SceneBody): string {
  const origin = bodyOrigin(b);
  const rgba = bodyColour(b);
  const relative = (p: Vec3): Vec3 => [p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]];
  return xml(
    "body",
    { name: b.id, mocap: true, pos: origin },
    b.capsules.map((c) =>
      xml("geom", { ...capsule(relative(c.p0), relative(c.p1), c.radius), rgba, ...collisionBits.body }),
    ),
  );
}

function shape(s: Geometry): Record<string, Attribute> {
  switch (s.kind) {
    case "box":
      return {
        type: "box",
        pos: s.config.center,
        quat: wxyz(s.config.orientation),
        size: s.config.size.map((x) => x / 2),
      };
    case "sphere":
      return { type: "sphere", pos: s.config.center, size: s.config.radius };
    case "capsule":
      return capsule(s.config.p0, s.config.p1, s.config.radius);
    case "cylinder":
      return {
        type: "cylinder",
        pos: s.config.center,
        quat: wxyz(s.config.orientation),
        size: [s.config.radius, s.config.height / 2],
      };
    case "half_space": {
      const { normal: n, offset } = s.config;
      return { type: "plane", pos: n.map((x) => x * offset), zaxis: n, size: [0, 0, 1] };
    }
    default:
      return s satisfies never;
  }
}

/** A capsule of no length is a sphere: MuJoCo refuses the former. */
function capsule(p0: Vec3, p1: Vec3, radius: number): Record<string, Attribute> {
  if (Math.hypot(p0[0] - p1[0], p0[1] - p1[1], p0[2] - p1[2]) < 1e-6) return { type: "sphere", pos: p0, size: radius };
  return { type: "capsule", fromto: [...p0, ...p1], size: radius };
}

function wxyz(q: Quat): number[] {
  return [q[3], q[0], q[1], q[2]];
}
