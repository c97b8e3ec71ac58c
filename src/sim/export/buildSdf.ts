import {
  sceneCameras,
  type CameraConfig,
  type FixedObject,
  type SceneBody,
  type SceneConfig,
  type SceneObject,
} from "../../config/SceneConfig.js";
import type { Solid } from "../../config/geometry.js";
import { partsOf } from "../../config/hollow.js";
import type { Arm } from "../../kinematics/Arm.js";
import type { Urdf } from "../../kinematics/urdf/Urdf.js";
import { armSdf, inertialSdf, partSdf, plugin, type SdfControl } from "./armSdf.js";
import { bodyColour, bodyOrigin, fixedColour, FLOOR, objectColour, TIME_STEP } from "../physics/buildMjcf.js";
import { lookAtOrientation } from "../render/lookAtOrientation.js";
import { moverSdf } from "./moverSdf.js";
import { capsuleBetween, plane, sceneShape, sdfPose } from "./sdfShape.js";
import { compoundInertia } from "../physics/compoundInertia.js";
import { massesOf } from "../physics/massesOf.js";
import { solidInertia } from "../physics/solidInertia.js";
import { leaf, xml } from "./xml.js";

/** The name of Gazebo's world. It is the same for every scene, so that the bridge's topics are the same. */
export const WORLD = "telos";

const SYSTEMS = [
  ["physics", "Physics"],
  ["user-commands", "UserCommands"],
  ["scene-broadcaster", "SceneBroadcaster"],
  ["contact", "Contact"],
];

/**
 * The scene with its arm as an SDF 1.9 world for Gazebo, from the same bodies that `buildMjcf` writes for MuJoCo: same
 * masses, limits and poses. Models are named by the ids of `fixed`, `objects` and `bodies`; the arm's is `arm`. People
 * and movers stand at the start of their path until they are moved (`moverSdf`).
 *
 * @param scene as drawn from its seed
 */
export function buildSdf(urdf: Urdf, arm: Arm, scene: SceneConfig, control: SdfControl): string {
  const cameras = Object.entries(sceneCameras(scene));
  const world = xml("world", { name: WORLD }, [
    xml("physics", { name: "default", type: "ode" }, [leaf("max_step_size", TIME_STEP), leaf("real_time_factor", 1)]),
    ...SYSTEMS.map(([file, name]) => plugin(`gz-sim-${file}-system`, `gz::sim::systems::${name}`)),
    ...(cameras.length > 0
      ? [plugin("gz-sim-sensors-system", "gz::sim::systems::Sensors", [leaf("render_engine", "ogre2")])]
      : []),
    xml("light", { name: "sun", type: "directional" }, [
      sdfPose([0, 0, 10]),
      leaf("cast_shadows", true),
      leaf("diffuse", [0.8, 0.8, 0.8, 1]),
      leaf("specular", [0.2, 0.2, 0.2, 1]),
      leaf("direction", [-0.5, 0.1, -0.9]),
    ]),
    model("floor", true, sdfPose([0, 0, FLOOR]), [
      part("collision", { geometry: plane([0, 0, 1]) }),
      part("visual", { geometry: plane([0, 0, 1]) }, [0.5, 0.52, 0.55, 1]),
    ]),
    armSdf(urdf, arm, scene.start ?? arm.home, control),
    ...scene.fixed.map(fixedSdf),
    ...scene.objects.map(objectSdf),
    ...scene.bodies.map(bodySdf),
    ...cameras.map(([name, camera]) => cameraSdf(name, camera)),
  ]);
  return `<?xml version="1.0"?>\n${xml("sdf", { version: "1.9" }, [world])}\n`;
}

function model(name: string, fixed: boolean, pose: string, link: readonly string[]): string {
  return xml("model", { name }, [leaf("static", fixed), pose, xml("link", { name: "link" }, link)]);
}

function part(
  kind: "visual" | "collision",
  shape: Partial<ReturnType<typeof sceneShape>> & { geometry: string },
  colour?: readonly number[],
  extra?: readonly string[],
  index = 0,
): string {
  return partSdf(
    kind,
    index === 0 ? kind : `${kind}_${index}`,
    { position: [0, 0, 0], orientation: [0, 0, 0, 1], ...shape },
    colour,
    extra,
  );
}

const friction = (mu: number): string =>
  xml("surface", {}, [xml("friction", {}, [xml("ode", {}, [leaf("mu", mu), leaf("mu2", mu)])])]);

function fixedSdf(f: FixedObject): string {
  const shapes = partsOf(f).map(sceneShape);
  return model(
    f.id,
    true,
    sdfPose([0, 0, 0]),
    shapes.flatMap((shape, i) => [
      part("collision", shape, undefined, undefined, i),
      part("visual", shape, fixedColour(f), undefined, i),
    ]),
  );
}

function objectSdf(o: SceneObject, index: number): string {
  const shapes = partsOf<Solid>(o).map(sceneShape);
  return model(o.id, false, sdfPose(o.position, o.orientation), [
    inertialOf(o),
    ...shapes.flatMap((shape, i) => [
      part("collision", shape, undefined, [friction(o.friction)], i),
      part("visual", shape, objectColour(o, index), undefined, i),
    ]),
  ]);
}

function inertialOf(o: SceneObject): string {
  const parts = massesOf(o);
  if (parts.length > 1) return inertialSdf(compoundInertia(parts));
  const [{ part: solid, mass }] = parts,
    shape = sceneShape(solid),
    [xx, yy, zz] = solidInertia(solid, mass);
  // The moments are about the shape's own axes, so the inertial frame has the shape's pose.
  return inertialSdf({ mass, centre: [0, 0, 0], inertia: [xx, yy, zz, 0, 0, 0] }).replace(
    sdfPose([0, 0, 0]),
    sdfPose(shape.position, shape.orientation),
  );
}

function bodySdf(b: SceneBody): string {
  const [x, y, z] = bodyOrigin(b);
  const parts = b.capsules.flatMap(({ p0, p1, radius }, i) => {
    const shape = capsuleBetween([p0[0] - x, p0[1] - y, p0[2] - z], [p1[0] - x, p1[1] - y, p1[2] - z], radius);
    return [partSdf("collision", `collision_${i}`, shape), partSdf("visual", `visual_${i}`, shape, bodyColour(b))];
  });
  return b.path.length > 0 ? moverSdf(b, parts) : model(b.id, true, sdfPose([x, y, z]), parts);
}

/** A camera. In SDF it looks along its x axis, and the field of view is the horizontal one. */
function cameraSdf(name: string, c: CameraConfig): string {
  const wide = 2 * Math.atan((Math.tan(c.fov / 2) * c.width) / c.height);
  const image = xml("image", {}, [leaf("width", c.width), leaf("height", c.height), leaf("format", "R8G8B8")]);
  const sensor = xml("sensor", { name, type: "camera" }, [
    leaf("topic", `/telos/${name}/image_raw`),
    // for Fortress and later releases
    ...["ignition_frame_id", "gz_frame_id"].map((key) => leaf(key, `${name}_optical_frame`)),
    leaf("update_rate", c.rate),
    leaf("always_on", true),
    xml("camera", {}, [
      leaf("camera_info_topic", `/telos/${name}/camera_info`),
      leaf("horizontal_fov", wide),
      image,
      xml("clip", {}, [leaf("near", 0.05), leaf("far", 20)]),
    ]),
  ]);
  return model(name, true, sdfPose(c.position, lookAtOrientation(c.position, c.look_at)), [sensor]);
}
