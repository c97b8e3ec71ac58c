const SAMPLES = 2; // in a row above the cap; a single one may be a spike of the sensor

/**
 * Bound on the contact force of the arm,
 *
 *     margin = F_max − |F_ext|   [N]
 *
 * measured by a force sensor. Stopping cannot undo a contact, so this is no bound on a path: two samples in a row with
 * a margin below 0 or NaN are a fault. After Franka's collision behaviour and ISO/TS 15066, 5.5.5, which require a stop
 * that only a person ends.
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
   * @returns whether the force was too large for too long
   */
  exceeds(force: ArrayLike<number>): boolean {
    this.margin = this.max - Math.hypot(force[0], force[1], force[2]);
    this.over = this.margin >= 0 ? 0 : this.over + 1;
    return this.over >= SAMPLES;
  }
}
