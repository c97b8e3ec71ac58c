import { Rng } from "../../core/math/Rng.js";
import type { JointChain } from "../JointChain.js";
import { MARGIN, neverMeet } from "./neverMeet.js";
import { piecesApart, type Pieces } from "../shapes/Pieces.js";

const JOINTS = 3; // between; links with more come near each other somewhere
const EFFORT = 3000; // separations that a proof may compute, and
const TOTAL = 60_000; // all proofs of an arm together: two or three seconds
const TRIES = 100; // postures that may refute a proof first
const GRID = 48; // checked postures of each of two joints if there is no proof
const SEEN = 1e-4; // m

/** A body that moves with a frame of an arm. */
export interface Moving {
  readonly frame: number;
  readonly pieces: Pieces;
}

/**
 * Which bodies of one arm are proven never to meet (`neverMeet`), each pair computed once; and which links are close to
 * each other by design.
 */
export class PairProofs {
  private readonly made = new Set<string>();
  private readonly known = new Map<Pieces, Map<Pieces, boolean>>();
  private left = TOTAL;

  constructor(private readonly chain: JointChain) {}

  /** @param q [nq] a posture in which the two are close, that may refute it at once */
  neverMeet(x: Moving, y: Moving, q?: Float64Array): boolean {
    const [a, b] = x.frame < y.frame ? [x, y] : [y, x],
      row = this.known.get(a.pieces) ?? this.known.set(a.pieces, new Map()).get(a.pieces)!;
    const known = row.get(b.pieces);
    if (known !== undefined) return known;
    const proven =
      b.frame - a.frame <= JOINTS &&
      !(q !== undefined && this.meet(a, b, q.subarray(a.frame, b.frame))) &&
      this.prove(a, b);
    row.set(b.pieces, proven);
    return proven;
  }

  /**
   * Whether bodies two joints apart, without a proof that they never meet, do not meet in any of a grid of 48 × 48
   * postures. This is no proof. Their links are then `asMade`.
   */
  seenApart(x: Moving & { readonly link: string }, y: Moving & { readonly link: string }): boolean {
    const [a, b] = x.frame < y.frame ? [x, y] : [y, x],
      { lo, hi } = this.chain,
      q = new Float64Array(2);
    if (b.frame - a.frame !== 2) return false;
    for (let i = 0; i < GRID * GRID; i++) {
      [i % GRID, Math.floor(i / GRID)].forEach(
        (k, j) => (q[j] = lo[a.frame + j] + ((hi[a.frame + j] - lo[a.frame + j]) * k) / (GRID - 1)),
      );
      if (!piecesApart(a.pieces, b.pieces, this.chain.pose(a.frame, b.frame, q), SEEN)) return false;
    }
    this.made.add(`${a.link} ${b.link}`);
    return true;
  }

  asMade(a: string, b: string): boolean {
    return this.made.has(`${a} ${b}`) || this.made.has(`${b} ${a}`);
  }

  /** @param q of the joints between */
  private meet(a: Moving, b: Moving, q: Float64Array): boolean {
    return !piecesApart(a.pieces, b.pieces, this.chain.pose(a.frame, b.frame, q), MARGIN);
  }

  private prove(a: Moving, b: Moving): boolean {
    const rng = new Rng(17),
      { lo, hi } = this.chain;
    for (let k = 0; k < TRIES; k++)
      if (
        this.meet(
          a,
          b,
          Float64Array.from({ length: b.frame - a.frame }, (_, j) => rng.range(lo[a.frame + j], hi[a.frame + j])),
        )
      )
        return false;
    const { proven, looked } = neverMeet(this.chain, a.frame, a.pieces, b.frame, b.pieces, Math.min(EFFORT, this.left));
    this.left -= looked;
    return proven;
  }
}
