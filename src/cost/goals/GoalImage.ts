import { resolve } from "node:path";
import { z } from "zod";
import { isBelow, length, printable, wantBelow } from "../../config/index.js";
import type { Percept } from "../../core/Percept.js";
import { BindError, CapabilityError } from "../BindError.js";
import type { KnotView } from "../KnotView.js";
import type { GoalPlugin } from "../Plugin.js";
import { positionOf } from "../positionOf.js";
import { readPng, type Picture } from "./readPng.js";
import type { Residual } from "../Residual.js";
import { ResidualCost } from "../terms/ResidualCost.js";
import { LatentDistance } from "./LatentDistance.js";
import { ToolPose } from "./ToolPose.js";

const ANGLE = 0.1; // rad; a placeholder: pictures give no orientation

const schema = z.strictObject({
  path: z.string().min(1).max(4096).describe("path of a PNG file, relative to the task file"),
  camera: z.string().min(1).max(80).default("camera").describe("camera that the picture belongs to"),
  match: z.enum(["all", "objects", "tool"]).default("all").describe("which parts of the picture are the goal"),
  tolerance: length({ above: 0 }).default(0.03).describe("tolerance of the positions"),
});

export type GoalImageConfig = z.output<typeof schema>;

export interface GoalImageSpec {
  readonly picture: Picture;
  readonly match: GoalImageConfig["match"];
  readonly tolerance: number; // m
  readonly seen?: Percept; // the encoded picture, once it is encoded
}

/**
 * The world as in a picture: each object's centre p_i and the tool x where the encoder's read-outs of the picture place
 * them (starred), r = (p_i − p_i*)/ε and (x − x*)/ε, a block each. The goal is evaluated by read-outs of the present
 * image, not by pixels. It never holds before the picture is encoded.
 */
export class GoalImage implements Residual {
  readonly name = "goal_image";
  readonly dim: number;
  readonly blocks: readonly number[];

  constructor(
    private readonly spec: GoalImageSpec,
    private readonly nq: number,
  ) {
    const { match, seen } = spec;
    const places = (match === "tool" ? 0 : (seen?.objects.length ?? 0)) + (match === "objects" ? 0 : 1);
    this.dim = 3 * Math.max(1, places);
    this.blocks = Array.from({ length: this.dim / 3 }, () => 3);
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { seen, match, tolerance } = this.spec;
    const { nq } = this;
    J?.fill(0, 0, this.dim * nq);
    if (seen === undefined) {
      r.fill(Infinity, 0, this.dim);
      return;
    }
    let i = 0;
    if (match !== "tool")
      for (const { id, position } of seen.objects)
        for (let c = 0; c < 3; c++) r[i++] = (positionOf(x, id, c) - position[c]) / tolerance;
    if (match === "objects") return;
    for (let c = 0; c < 3; c++, i++) {
      r[i] = (x.tool[x.it + 4 * c + 3] - seen.tool[c]) / tolerance;
      if (J) for (let j = 0; j < nq; j++) J[i * nq + j] = x.J[c * nq + j] / tolerance;
    }
  }
}

/**
 * Removes the objects that are hidden in a goal picture: an object whose standard deviation is above the tolerance
 * could be anywhere, so it is not part of the goal. If no object is clear and `match` is `objects`, all stay.
 */
export function clearlySeen(
  percept: Percept,
  { match, tolerance }: Pick<GoalImageSpec, "match" | "tolerance">,
): Percept {
  const objects = percept.objects.filter(({ std }) => std <= tolerance);
  return objects.length === 0 && match === "objects" ? percept : { ...percept, objects };
}

/** `goal_image: { path: goal.png, camera: camera }` */
export const goalImage: GoalPlugin<GoalImageConfig, GoalImageSpec> = {
  schema,
  movesThings: true,
  needsModel: true,
  bind({ path, camera, match, tolerance }, { images, folder = ".", folders }) {
    if (images === undefined) throw new CapabilityError("no world model of this agent predicts images");
    if (camera !== images.camera)
      throw new CapabilityError(
        `got the camera '${printable(camera, 40)}', want '${images.camera}', the world model's camera`,
        ["camera"],
      );
    const file = resolve(folder, path);
    if (folders !== undefined && !isBelow(file, folders))
      throw new BindError("IMAGE", `got '${printable(path, 120)}', want ${wantBelow(folders)}`, ["path"]);
    const picture = readPng(file);
    if (picture.width !== images.width || picture.height !== images.height)
      throw new BindError(
        "IMAGE",
        `got ${picture.width} × ${picture.height} pixels, want ${images.width} × ${images.height}, the size of the ` +
          "world model's images",
        ["path"],
      );
    return { picture, match, tolerance };
  },
  see: async (spec, encode) => ({ ...spec, seen: clearlySeen(await encode(spec.picture), spec) }),
  learned({ seen, match, tolerance }, terms) {
    const { energy, space } = terms;
    if (seen === undefined) throw new Error("goal_image: got a picture that is not encoded yet");
    if (match !== "tool") for (const { id, position } of seen.objects) terms.place(id, position, tolerance);
    if (match !== "objects") {
      const tool = new ToolPose({ position: [...seen.tool], tolerance: energy.scale, angle_tolerance: ANGLE });
      terms.add(
        new ResidualCost(tool, { name: "tool", running: energy.running, terminal: energy.terminal }),
        energy.tool,
      );
    }
    if (energy.latent > 0)
      terms.add(new LatentDistance(seen.z, LatentDistance.bySpread(space.latent.std), energy), energy.latent);
    if (energy.steps > 0) terms.add(new LatentDistance(seen.z, space.latent.steps!, energy, "steps"), energy.steps);
  },
  create: (spec, { nq }) => new GoalImage(spec, nq),
};
