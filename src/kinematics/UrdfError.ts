/** A URDF that cannot be used. The message names the element, what came and what was wanted. */
export class UrdfError extends Error {
  override readonly name = "UrdfError";

  constructor(where: string, got: string, want: string) {
    super(`URDF ${where}: got ${got.length > 120 ? `${got.slice(0, 117)}…` : got}, want ${want}`);
  }
}
