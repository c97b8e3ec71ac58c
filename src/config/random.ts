import { z } from "zod";
import type { Rng } from "../core/math/Rng.js";
import { byForm, isMap } from "./byForm.js";
import { didYouMean } from "./didYouMean.js";
import { shown } from "./parseConfig.js";
import { toSI } from "./quantity.js";
import type { Dimension } from "./unit.js";
import type { YamlDocument } from "./YamlDocument.js";

type Value = number | string | (number | string)[];
type Draw = { low: Value; high: Value } | { choices: Value[] };

const number = byForm<number | string>("a number or a quantity ('2 cm')", (input) => {
  if (typeof input === "number") return z.number();
  return typeof input === "string" ? z.string() : undefined;
});
const value = byForm<Value>("a number, a quantity ('2 cm') or a list of them", (input) =>
  Array.isArray(input) ? z.array(number).min(1).max(12) : number,
);
const range = z.strictObject({ low: value, high: value });
const choices = z.strictObject({ choices: z.array(value).min(1).max(100) });
const draw = byForm<Draw>("{ low, high } or { choices: […] }", (input) => {
  if (!isMap(input)) return undefined;
  return Object.hasOwn(input, "choices") ? choices : range;
});

/** The parts of a scene that `random` can draw. */
interface RandomScene {
  readonly name: string;
  start?: number[];
  readonly objects: {
    readonly id: string;
    position: [number, number, number];
    orientation: [number, number, number, number];
    mass: number;
    friction: number;
  }[];
  readonly bodies: {
    readonly id: string;
    capsules: { p0: [number, number, number]; p1: [number, number, number]; radius: number }[];
  }[];
  readonly random: Readonly<Record<string, Draw>>;
}

/** What each seed draws: the path of a field ("objects.puck.position", "start") and its range or its choices. */
export const randomSchema = z.record(z.string(), draw);

const LENGTH: Dimension = [0, 1, 0, 0];
const ANGLE: Dimension = [0, 0, 0, 1];
const FIELDS: Readonly<Record<string, Dimension>> = {
  position: LENGTH,
  mass: [1, 0, 0, 0],
  friction: [0, 0, 0, 0],
  yaw: ANGLE,
};
// `or`: for sliding joints; `requireStartUnits` checks which applies, with the URDF
type Drawable = { readonly size: number; readonly dimension: Dimension; readonly or?: Dimension };

/** The fields of a scene that can be drawn, as path → how many numbers and of which dimension. */
function drawable(scene: RandomScene): Map<string, Drawable> {
  const paths = new Map<string, Drawable>();
  if (scene.start) paths.set("start", { size: scene.start.length, dimension: ANGLE, or: LENGTH });
  for (const object of scene.objects) {
    for (const [field, dimension] of Object.entries(FIELDS))
      paths.set(`objects.${object.id}.${field}`, { size: field === "position" ? 3 : 1, dimension });
  }
  for (const body of scene.bodies) paths.set(`bodies.${body.id}.position`, { size: 3, dimension: LENGTH });
  return paths;
}

/** Checks the `random` map against the scene it belongs to. @throws ConfigError */
export function checkRandom(scene: RandomScene, document: YamlDocument): void {
  const paths = drawable(scene);
  for (const [path, range] of Object.entries(scene.random)) {
    const field = paths.get(path);
    if (field === undefined)
      throw document.error(
        ["random", path],
        `got '${path}'${didYouMean(path, paths.keys())}, want one of: ${[...paths.keys()].join(", ")}`,
      );
    const values =
      "choices" in range
        ? range.choices.map((v, i) => ["choices", i, v] as const)
        : ([
            ["low", undefined, range.low],
            ["high", undefined, range.high],
          ] as const);
    for (const [key, i, raw] of values) {
      const at = ["random", path, key, ...(i === undefined ? [] : [i])];
      const numbers = toNumbers(raw, field);
      if (numbers.length !== field.size) throw document.error(at, `got ${numbers.length} values, want ${field.size}`);
      if (!numbers.every(Number.isFinite))
        throw document.error(at, `got ${shown(raw)}, want finite quantities of the same kind as ${path}`);
    }
    if ("low" in range) {
      const [low, high] = [toNumbers(range.low, field), toNumbers(range.high, field)];
      const i = low.findIndex((x, k) => x > high[k]);
      if (i >= 0) throw document.error(["random", path, "low"], `got ${low[i]}, want at most high, ${high[i]}`);
    }
  }
}

/**
 * The scene of one seed: every entry of `random` drawn (uniform between low and high per number, or one of the
 * choices), in the order of the file. The result has no `random` left. Pure: the given scene is not changed.
 */
export function drawScene<Scene extends RandomScene>(scene: Scene, rng: Rng): Scene {
  const drawn = structuredClone<Scene>({ ...scene, random: {} });
  const paths = drawable(scene);
  for (const [path, range] of Object.entries(scene.random)) {
    const field = paths.get(path);
    if (field === undefined) throw new Error(`random path '${path}' does not exist in scene '${scene.name}'`);
    put(drawn, path, pick(range, field, rng));
  }
  return drawn;
}

function pick(range: Draw, field: Drawable, rng: Rng): number[] {
  if ("choices" in range) return toNumbers(range.choices[Math.floor(rng.uniform() * range.choices.length)], field);
  const high = toNumbers(range.high, field);
  return toNumbers(range.low, field).map((low, i) => rng.range(low, high[i]));
}

function put(scene: RandomScene, path: string, x: number[]): void {
  const [group, id, field] = path.split(".");
  if (group === "start") scene.start = x;
  else if (group === "bodies") {
    const body = scene.bodies.find((b) => b.id === id)!; // positions of a body are displacements of all its capsules
    body.capsules = body.capsules.map((c) => ({ ...c, p0: add(c.p0, x), p1: add(c.p1, x) }));
  } else {
    const object = scene.objects.find((o) => o.id === id)!;
    if (field === "position") object.position = [x[0], x[1], x[2]];
    else if (field === "mass") object.mass = x[0];
    else if (field === "friction") object.friction = x[0];
    else object.orientation = [0, 0, Math.sin(x[0] / 2), Math.cos(x[0] / 2)];
  }
}

const add = (a: readonly number[], b: readonly number[]): [number, number, number] => [
  a[0] + b[0],
  a[1] + b[1],
  a[2] + b[2],
];

function toNumbers(raw: unknown, { dimension, or = dimension }: Drawable): number[] {
  const si = (text: string): number => (Number.isNaN(toSI(text, dimension)) ? toSI(text, or) : toSI(text, dimension));
  return (Array.isArray(raw) ? raw : [raw]).map((x) => (typeof x === "number" ? x : si(String(x))));
}
