/**
 * A model that cannot be used, and where: `file: got X, want Y`. Together with ConfigError, which tells of the
 * manifest, the only error of this room.
 */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code = "MODEL";

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(`${file}: ${message}`);
  }
}
