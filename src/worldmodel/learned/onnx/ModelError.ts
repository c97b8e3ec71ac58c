/**
 * A model that cannot be used, and why: `file: got X, want Y`. The only error of this room, besides ConfigError for the
 * manifest.
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
