import type { MjData } from "@mujoco/mujoco";
import type { FreeBody } from "./FreeBody.js";

/** What `save` took. */
export interface HeldDriftState {
  readonly hand: Float64Array;
  readonly before: Float64Array;
  readonly known: boolean;
}

/**
 * Static friction of what the hand holds. MuJoCo's friction acts on velocities, leaves out J̇q̇ and lets an object
 * creep by some mm/s in a hand that moves fast, however hard it is held; contacts have no memory that would bring it
 * back. So while an object sticks (its friction is well inside the cone), the creep of each step is taken back: it
 * turns as the hand does, and goes where the hand goes but for along the normal n of the pads' faces,
 *
 *     x ← x + (1 − n nᵀ)(Δ x′ − x),   R ← Δ R′,   Δ = T T′⁻¹ the hand's motion, ′ the step before
 *
 * An object that slips is left alone, and velocities are never changed.
 */
export class HeldDrift {
  private readonly hand = new Float64Array(12); // the hand's pose a step ago
  private readonly before = new Float64Array(7); // the object's: position, quaternion w, x, y, z
  private known = false; // whether these are of the step before

  /** @param body the link that the object moves with */
  constructor(
    private readonly data: MjData,
    private readonly body: number,
  ) {}

  /** Its state, for `restore`. */
  save(): HeldDriftState {
    return { hand: this.hand.slice(), before: this.before.slice(), known: this.known };
  }

  restore({ hand, before, known }: HeldDriftState): void {
    this.hand.set(hand);
    this.before.set(before);
    this.known = known;
  }

  /** Nothing sticks. */
  forget(): void {
    this.known = false;
  }

  /**
   * Call once the positions of a step are computed, before its forces.
   * @param normal [3] of the pads' faces, in the world's frame
   */
  correct(object: FreeBody, normal: ArrayLike<number>): void {
    const { data, body: b, hand, before } = this,
      R = (data.xmat as Float64Array).subarray(9 * b, 9 * b + 9),
      p = (data.xpos as Float64Array).subarray(3 * b, 3 * b + 3),
      at = object.read();
    if (this.known) {
      const turn = new Float64Array(9); // Δ = R R′ᵀ
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) turn[3 * i + j] += R[3 * i + k] * hand[4 * j + k];
      const off = [0, 1, 2].map((i) => {
        let wanted = p[i];
        for (let k = 0; k < 3; k++) wanted += turn[3 * i + k] * (before[k] - hand[4 * k + 3]);
        return wanted - at[i];
      });
      const across = off[0] * normal[0] + off[1] * normal[1] + off[2] * normal[2];
      // angles of a step are so small that the vector of a rotation is half its antisymmetric part
      const own = turnBetween(before, at);
      object.shift(
        off.map((x, i) => x - across * normal[i]),
        [(turn[7] - turn[5]) / 2 - own[0], (turn[2] - turn[6]) / 2 - own[1], (turn[3] - turn[1]) / 2 - own[2]],
      );
    }
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) hand[4 * i + k] = R[3 * i + k];
      hand[4 * i + 3] = p[i];
    }
    before.set(object.read());
    this.known = true;
  }
}

/** The small rotation vector from one pose (its quaternion w, x, y, z from index 3) to another: 2 Im(q q′*). */
function turnBetween(from: Float64Array, to: Float64Array): [number, number, number] {
  const [a, b, c, d] = to.subarray(3, 7),
    [w, x, y, z] = from.subarray(3, 7);
  return [
    2 * (b * w - a * x - c * z + d * y),
    2 * (c * w - a * y - d * x + b * z),
    2 * (d * w - a * z - b * y + c * x),
  ];
}
