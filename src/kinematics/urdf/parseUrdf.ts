import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Vec3 } from "../../core/geometry/Shape.js";
import {
  urdfJointTypes,
  type Urdf,
  type UrdfGeometry,
  type UrdfJoint,
  type UrdfLink,
  type UrdfOrigin,
  type UrdfPart,
} from "./Urdf.js";
import { UrdfElement, type XmlNode } from "./UrdfElement.js";
import { UrdfError } from "./UrdfError.js";

const MAX_BYTES = 4 << 20; // the largest URDFs of whole humanoids are under 1 MiB
const MAX_DEPTH = 32; // URDF proper needs 6; simulator extensions a few more
const ZERO: Vec3 = [0, 0, 0];
type Colour = readonly [number, number, number, number];

/**
 * Reads URDF text. Throws UrdfError if it is too large, not XML, declares a DOCTYPE or entities, still holds xacro,
 * repeats or misses a name, holds a number that is not finite or an impossible size, or if its links are not one tree.
 * Unknown elements are skipped, as in every URDF reader.
 */
export function parseUrdf(text: string): Urdf {
  const robot = new UrdfElement(rootNode(text), "robot", "robot");
  const palette = new Map<string, Colour>();
  for (const material of robot.all("material")) {
    const colour = readColour(material);
    if (colour !== undefined) palette.set(material.required("name"), colour);
  }
  const links = new Map<string, UrdfLink>();
  for (const element of robot.all("link"))
    insert(links, readLink(element.named(element.required("name")), palette), "link");
  const joints = new Map<string, UrdfJoint>();
  for (const element of robot.all("joint")) insert(joints, readJoint(element.named(element.required("name"))), "joint");
  return { name: robot.text("name") ?? "robot", root: findRoot(links, joints), links, joints };
}

function rootNode(text: string): XmlNode {
  if (text.length > MAX_BYTES) throw new UrdfError("text", `${text.length} characters`, `at most ${MAX_BYTES}`);
  if (/<!(DOCTYPE|ENTITY)/i.test(text.replace(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g, "")))
    throw new UrdfError("text", "a DOCTYPE or ENTITY declaration", "plain elements");
  checkDepth(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new UrdfError(`line ${valid.err.line}`, valid.err.msg, "well-formed XML");
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  let nodes: XmlNode[];
  try {
    nodes = parser.parse(text) as XmlNode[];
  } catch (error) {
    throw new UrdfError("text", (error as Error).message, "plain elements");
  }
  const robot = nodes.find((n) => Object.hasOwn(n, "robot"));
  if (robot === undefined)
    throw new UrdfError(
      "text",
      nodes.length === 0 ? "no elements" : `<${Object.keys(nodes[nodes.length - 1])[0]}>`,
      "<robot>",
    );
  const xacro = (robot.robot as XmlNode[]).flatMap((n) => Object.keys(n)).find((tag) => tag.startsWith("xacro:"));
  if (xacro !== undefined) throw new UrdfError("text", `<${xacro}>`, "URDF already expanded by xacro");
  return robot;
}

/** Refuses deep nesting before the recursive parser reads it. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const [tag] of text.matchAll(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^!?][^>]*>/g)) {
    if (tag.startsWith("<!") || tag.endsWith("/>")) continue;
    depth += tag[1] === "/" ? -1 : 1;
    if (depth > MAX_DEPTH) throw new UrdfError("text", `elements nested deeper than ${MAX_DEPTH}`, "a URDF");
  }
}

function insert<T extends { readonly name: string }>(map: Map<string, T>, item: T, what: string): void {
  if (map.has(item.name)) throw new UrdfError(`${what} ${JSON.stringify(item.name)}`, "the name twice", "unique names");
  map.set(item.name, item);
}

function readLink(link: UrdfElement, palette: ReadonlyMap<string, Colour>): UrdfLink {
  const inertial = link.first("inertial");
  return {
    name: link.required("name"),
    inertial: inertial && {
      origin: readOrigin(inertial),
      mass: inertial.one("mass").atLeast(0, "value"),
      inertia: readInertia(inertial.one("inertia")),
    },
    visuals: link.all("visual").map((part) => readPart(part, palette)),
    collisions: link.all("collision").map((part) => readPart(part, palette)),
  };
}

function readInertia(e: UrdfElement): NonNullable<UrdfLink["inertial"]>["inertia"] {
  const off = (name: string): number => e.number(name, 0);
  return [e.atLeast(0, "ixx"), off("ixy"), off("ixz"), e.atLeast(0, "iyy"), off("iyz"), e.atLeast(0, "izz")];
}

function readPart(part: UrdfElement, palette: ReadonlyMap<string, Colour>): UrdfPart {
  const material = part.first("material");
  const colour = material && (readColour(material) ?? palette.get(material.text("name") ?? ""));
  return { origin: readOrigin(part), geometry: readGeometry(part.one("geometry")), colour };
}

function readGeometry(geometry: UrdfElement): UrdfGeometry {
  const box = geometry.first("box");
  if (box !== undefined) {
    const size = box.vector("size");
    if (!size.every((x) => x >= 0)) throw new UrdfError(`${box.where} size`, size.join(" "), "lengths of at least 0");
    return { kind: "box", size };
  }
  const sphere = geometry.first("sphere");
  if (sphere !== undefined) return { kind: "sphere", radius: sphere.atLeast(0, "radius") };
  for (const kind of ["cylinder", "capsule"] as const) {
    const e = geometry.first(kind);
    if (e !== undefined) return { kind, radius: e.atLeast(0, "radius"), length: e.atLeast(0, "length") };
  }
  const mesh = geometry.first("mesh");
  if (mesh !== undefined)
    return { kind: "mesh", uri: mesh.required("filename"), scale: mesh.vector("scale", [1, 1, 1]) };
  throw new UrdfError(geometry.where, "no supported shape", "<box>, <sphere>, <cylinder>, <capsule> or <mesh>");
}

function readColour(material: UrdfElement): Colour | undefined {
  const words = material.first("color")?.text("rgba")?.trim().split(/\s+/).map(Number);
  // visual geometry never decides whether an arm can move
  if (words === undefined || words.length !== 4 || !words.every(Number.isFinite)) return undefined;
  return [words[0], words[1], words[2], words[3]];
}

function readOrigin(owner: UrdfElement): UrdfOrigin {
  const origin = owner.first("origin");
  return { xyz: origin?.vector("xyz", ZERO) ?? ZERO, rpy: origin?.vector("rpy", ZERO) ?? ZERO };
}

function readJoint(joint: UrdfElement): UrdfJoint {
  const name = joint.required("name"),
    given = joint.required("type");
  const type = urdfJointTypes.find((t) => t === given);
  if (type === undefined) throw new UrdfError(`${joint.where} type`, JSON.stringify(given), urdfJointTypes.join(", "));
  const axis = joint.first("axis")?.vector("xyz") ?? [1, 0, 0];
  const length = Math.hypot(...axis);
  const moves = type === "revolute" || type === "continuous" || type === "prismatic";
  if (moves && !(length > 1e-9)) throw new UrdfError(`${joint.where} axis`, axis.join(" "), "a direction");
  const limit = joint.first("limit"),
    mimic = joint.first("mimic");
  return {
    name,
    type,
    parent: joint.one("parent").required("link"),
    child: joint.one("child").required("link"),
    origin: readOrigin(joint),
    axis: length > 1e-9 ? [axis[0] / length, axis[1] / length, axis[2] / length] : [1, 0, 0],
    limit: limit && {
      lower: limit.number("lower", 0),
      upper: limit.number("upper", 0),
      velocity: limit.atLeast(0, "velocity", 0),
      effort: limit.atLeast(0, "effort", 0),
    },
    mimic: mimic?.required("joint"),
    ...(mimic !== undefined && { multiplier: mimic.number("multiplier", 1), offset: mimic.number("offset", 0) }),
  };
}

/** The one link that is not a child. Every link is reached from it, so the joints form a tree. */
function findRoot(links: ReadonlyMap<string, UrdfLink>, joints: ReadonlyMap<string, UrdfJoint>): string {
  if (links.size === 0) throw new UrdfError("robot", "no <link>", "at least one");
  const parentJoint = new Map<string, string>();
  const children = new Map<string, string[]>();
  for (const joint of joints.values()) {
    const where = `joint ${JSON.stringify(joint.name)}`;
    for (const end of ["parent", "child"] as const)
      if (!links.has(joint[end]))
        throw new UrdfError(
          `${where} ${end}`,
          `link ${JSON.stringify(joint[end])}`,
          "the name of a <link> in this file",
        );
    const other = parentJoint.get(joint.child);
    if (other !== undefined)
      throw new UrdfError(
        where,
        `child ${JSON.stringify(joint.child)}, which joint ${JSON.stringify(other)} already moves`,
        "one joint a link",
      );
    if (joint.mimic !== undefined && !joints.has(joint.mimic))
      throw new UrdfError(`${where} mimic`, JSON.stringify(joint.mimic), "the name of a joint");
    parentJoint.set(joint.child, joint.name);
    children.set(joint.parent, [...(children.get(joint.parent) ?? []), joint.child]);
  }
  const roots = [...links.keys()].filter((name) => !parentJoint.has(name));
  if (roots.length !== 1)
    throw new UrdfError(
      "robot",
      roots.length === 0
        ? "a cycle of joints and no root link"
        : `${roots.length} links without a parent (${roots.slice(0, 4).join(", ")})`,
      "one root link",
    );
  const reached = [roots[0]];
  for (let i = 0; i < reached.length; i++) reached.push(...(children.get(reached[i]) ?? []));
  if (reached.length !== links.size) {
    const seen = new Set(reached);
    throw new UrdfError(
      "robot",
      `a cycle of joints through link ${JSON.stringify([...links.keys()].find((name) => !seen.has(name)))}`,
      "a tree",
    );
  }
  return roots[0];
}
