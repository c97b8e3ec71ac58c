import { BindError } from "../BindError.js";

/**
 * An expression with a part that is not allowed, or with dimensions that do not fit. The message names the part and its
 * place in the text.
 */
export class ExpressionError extends BindError {
  override readonly name = "ExpressionError";

  constructor(message: string) {
    super("EXPRESSION", message);
  }
}
