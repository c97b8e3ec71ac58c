const SAMPLES = 2; // on end above the cap: one alone may be a spike of the sensor

/**
 * How hard the arm may be pressed by what it touches,
 *
 *     margin = F_max − |F_ext|   [N]
 *
 * as a force sensor tells it. To stop cannot undo a touch, so this is no bound on a path: two samples in a row with a
 * margin below 0, or with one that is no number, are a fault. After Franka's collision behaviour and ISO/TS 15066,
 * 5.5.5, which demand a stop that only a person ends.
 */
export class ContactForce {
  readonly name = "contact_force";
  readonly unit = "N";
  margin = Infinity; // of the last sample
  private over = 0;

  /** @param max F_max, N */
  constructor(readonly max: number) {}

  /**
   * @param force [3] F_ext, N, without the weight of what the sensor carries.
   * @returns whether it was too much for too long
   */
  exceeds(force: ArrayLike<number>): boolean {
    this.margin = this.max - Math.hypot(force[0], force[1], force[2]);
    this.over = this.margin >= 0 ? 0 : this.over + 1;
    return this.over >= SAMPLES;
  }
}
