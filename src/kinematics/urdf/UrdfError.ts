/** A URDF that cannot be used. The message names the element, and says "got X, want Y". */
export class UrdfError extends Error {
  override readonly name = "UrdfError";

  /** @param option path of the key in the robot file, if the wrong value comes from there */
  constructor(
    where: string,
    got: string,
    want: string,
    readonly option?: readonly PropertyKey[],
  ) {
    super(`URDF ${where}: got ${got.length > 120 ? `${got.slice(0, 117)}…` : got}, want ${want}`);
  }
}
