import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import type { KnotView } from "../KnotView.js";
import { letGo } from "../letGo.js";
import type { Residual } from "../Residual.js";
import { PlacedThing, type PlacedPart } from "./PlacedThing.js";
import type { RelatedShapes, RelationSpec } from "./RelationSpec.js";
import { SIDES } from "./sides.js";

/** A relation of an agent with a hand: the shapes of both things are known. */
export type ShapedRelationSpec = RelationSpec & { readonly shapes: RelatedShapes };
export const isShaped = (spec: RelationSpec): spec is ShapedRelationSpec => spec.shapes !== undefined;

/** Sizes of the blocks; the last is whether the hand has let go. */
const BLOCKS = { on: [1, 1, 1, 1], in: [2, 1, 1], beside: [1, 1, 1] };
const SIDE = [1, 1];

/**
 * How one thing lies relative to another, by their shapes where they are believed to be: the equations are with
 * `Relation`.
 */
export class ShapedRelation implements Residual {
  readonly name = "relation";
  readonly dim: number;
  readonly blocks: readonly number[];
  private readonly a: PlacedThing;
  private readonly b: PlacedThing;
  private readonly room: Float64Array | undefined; // [15] pose and half edges of the room in b, in b's frame

  constructor(
    private readonly spec: ShapedRelationSpec,
    private readonly nq: number,
  ) {
    const { object, other, fixed } = spec.shapes;
    this.blocks = spec.kind in SIDES ? SIDE : BLOCKS[spec.kind as keyof typeof BLOCKS];
    this.dim = this.blocks.reduce((sum, size) => sum + size, 0);
    this.a = new PlacedThing(object, spec.object);
    this.b = new PlacedThing(other, fixed ? undefined : spec.other);
    if (other.inside === undefined) return;
    const { center, orientation, size } = other.inside;
    this.room = transformFromQuat(new Float64Array(15), 0, orientation, center);
    for (let c = 0; c < 3; c++) this.room[12 + c] = size[c] / 2;
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { kind, object, tolerance } = this.spec;
    this.a.place(x);
    this.b.place(x);
    if (kind === "on") this.on(r);
    else if (kind === "in") this.in(r);
    else if (kind === "beside") this.beside(r);
    else {
      const [c, sign] = SIDES[kind];
      r[0] = Math.max(0, 1 - (sign * (this.a.centreAt(c) - this.b.centreAt(c))) / tolerance);
    }
    r[this.dim - 1] = letGo(x, object);
    J?.fill(0, 0, this.dim * this.nq);
  }

  private on(r: Float64Array): void {
    const { a, b } = this;
    a.extent(range, 0, 0, 1);
    const bottom = range[0];
    let least = Infinity;
    for (let i = 0; i < b.parts.length; i++) {
      this.over(r0, b.parts[i], bottom);
      const worst = Math.max(r0[0], r0[1], Math.abs(r0[2]));
      if (worst < least) {
        least = worst;
        r[0] = r0[0];
        r[1] = r0[1];
        r[2] = r0[2];
      }
    }
  }

  /** The residuals of `on` for one part of b. */
  private over(out: Float64Array, { pose: T, half, radius }: PlacedPart, bottom: number): void {
    const { tolerance } = this.spec;
    let up = 0; // the axis of the face: the most upright one
    for (let k = 1; k < 3; k++) if (Math.abs(T[8 + k]) > Math.abs(T[8 + up])) up = k;
    const reach = Math.sign(T[8 + up]) * (half[up] + radius);
    const dx = this.a.centreAt(0) - T[3] - reach * T[up],
      dy = this.a.centreAt(1) - T[7] - reach * T[4 + up],
      dz = -(T[up] * dx + T[4 + up] * dy) / T[8 + up]; // down to the face, which need not be quite level
    let row = 0;
    for (let k = 0; k < 3; k++) {
      if (k === up) continue;
      const off = Math.abs(T[k] * dx + T[4 + k] * dy + T[8 + k] * dz);
      out[row++] = Math.max(0, 1 + (off - half[k] - radius) / tolerance);
    }
    out[2] = (bottom - T[11] - reach * T[8 + up] - dz) / tolerance;
  }

  private in(r: Float64Array): void {
    const { a, b, room: own } = this;
    const { tolerance } = this.spec;
    mulTransform(room, 0, b.pose, 0, own!, 0);
    for (let k = 0; k < 3; k++) {
      const ux = room[k],
        uy = room[4 + k],
        uz = room[8 + k],
        half = own![12 + k];
      const middle = ux * room[3] + uy * room[7] + uz * room[11];
      a.extent(range, ux, uy, uz);
      const low = range[0],
        high = range[1];
      r[k] =
        k < 2
          ? Math.max(0, high - middle - half, middle - half - low) / tolerance
          : Math.max(0, (middle - half - low) / tolerance, 1 + (low - middle - half) / tolerance);
    }
  }

  private beside(r: Float64Array): void {
    const { a, b } = this;
    const { tolerance, gap = 0 } = this.spec;
    let apart = 0;
    for (let c = 0; c < 3; c++) {
      a.extent(range, Number(c === 0), Number(c === 1), Number(c === 2));
      b.extent(other, Number(c === 0), Number(c === 1), Number(c === 2));
      const d = Math.max(0, range[0] - other[1], other[0] - range[1]);
      if (c < 2) apart += d * d;
    }
    r[0] = Math.max(0, 1 + (Math.sqrt(apart) - gap) / tolerance);
    r[1] = (range[0] - other[0]) / tolerance;
  }
}

const range = new Float64Array(2);
const other = new Float64Array(2);
const r0 = new Float64Array(3);
const room = new Float64Array(12);
