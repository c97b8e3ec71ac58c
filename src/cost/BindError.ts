import { didYouMean, printable } from "../config/index.js";

export type BindCode = "UNKNOWN_OBJECT" | "UNKNOWN_JOINT" | "CAPABILITY" | "UNKNOWN_COST" | "EXPRESSION" | "IMAGE";

/**
 * A task that is well formed but does not fit this agent. `path` leads to the offending value within the term's own
 * map.
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

/** Nobody has told of such an object. */
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

/** The task asks for something that no model of this agent can predict. */
export class CapabilityError extends BindError {
  override readonly name = "CapabilityError";

  constructor(message: string, path: readonly PropertyKey[] = []) {
    super("CAPABILITY", message, path);
  }
}
