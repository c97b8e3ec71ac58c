import type { Policy } from "./Policy.js";

/** Does nothing. It succeeds only if the goal holds at the start. */
export class Idle implements Policy {
  readonly name = "do nothing";
  begin(): void {}
  act(): undefined {}
}
