import type { Policy } from "./Policy.js";

/** Does nothing: what it achieves was achieved at the start. */
export class Idle implements Policy {
  readonly name = "do nothing";
  begin(): void {}
  act(): undefined {}
}
