import { didYouMean, printable } from "../config/index.js";

export type BindCode = "UNKNOWN_OBJECT" | "UNKNOWN_JOINT" | "CAPABILITY" | "UNKNOWN_COST" | "EXPRESSION" | "IMAGE";

/**
 * A task that is well formed but does not fit this agent. `path` is the path of the wrong value within the term's map.
 */
export class BindError extends Error {
  override readonly name: string = "BindError";

  constructor(
    readonly code: BindCode,
    message: string,
    readonly path: readonly PropertyKey[] = [],
  ) {
    super(message);
  }
}

/** The object is unknown. */
export class UnknownObjectError extends BindError {
  override readonly name = "UnknownObjectError";

  constructor(id: string, known: readonly string[], path: readonly PropertyKey[] = []) {
    super(
      "UNKNOWN_OBJECT",
      `got '${printable(id, 40)}'${didYouMean(id, known)}, want a known object: ` +
        `${known.length > 0 ? known.join(", ") : "(none is known yet)"}`,
      path,
    );
  }
}

/** The task needs a prediction that no model of this agent makes. */
export class CapabilityError extends BindError {
  override readonly name = "CapabilityError";

  constructor(message: string, path: readonly PropertyKey[] = []) {
    super("CAPABILITY", message, path);
  }
}
