import { BindError } from "../BindError.js";

/**
 * An expression that says something it may not, or that does not fit its dimensions. The message names the part and
 * where in the text it stands.
 */
export class ExpressionError extends BindError {
  override readonly name = "ExpressionError";

  constructor(message: string) {
    super("EXPRESSION", message);
  }
}
