/** A URDF that cannot be used. The message names the element, what came and what was wanted. */
export class UrdfError extends Error {
  override readonly name = "UrdfError";

  /** @param option where among the robot's own keys it was asked for, if it is one of those that does not fit */
  constructor(
    where: string,
    got: string,
    want: string,
    readonly option?: readonly PropertyKey[],
  ) {
    super(`URDF ${where}: got ${got.length > 120 ? `${got.slice(0, 117)}…` : got}, want ${want}`);
  }
}
