/** Mode of the guardrails. Nothing moves in any mode but `active`, and `stopping` only brakes. */
export type Mode = "unconfigured" | "inactive" | "active" | "stopping" | "latched";

/**
 * `brake`: a passing cause (stale input, a rejected step); `deactivate`: lifecycle; `fault`: e-stop and everything that
 * needs a person.
 */
export type ModeEvent = "configure" | "cleanup" | "activate" | "deactivate" | "brake" | "fault" | "rest" | "reset";

/** A mode and, while stopping, the mode that follows at rest. */
export interface ModeState {
  readonly mode: Mode;
  readonly next: Mode;
}

export const unconfigured: ModeState = { mode: "unconfigured", next: "unconfigured" };

const at = (mode: Mode): ModeState => ({ mode, next: mode });

/**
 * The state machine of the guardrails, pure and total: an event that does not apply changes nothing.
 * A stop in progress can only become stricter (active < inactive < latched); a latch is left by `reset` alone, which
 * starts no motion.
 */
export function transition(state: ModeState, event: ModeEvent): ModeState {
  const { mode, next } = state;
  switch (event) {
    case "configure":
      return mode === "unconfigured" ? at("inactive") : state;
    case "cleanup":
      return mode === "inactive" ? at("unconfigured") : state;
    case "activate":
      return mode === "inactive" ? at("active") : state;
    case "brake":
      return mode === "active" ? { mode: "stopping", next: "active" } : state;
    case "deactivate":
      if (mode === "active" || (mode === "stopping" && next === "active"))
        return { mode: "stopping", next: "inactive" };
      return state;
    case "fault":
      if (mode === "active" || (mode === "stopping" && next !== "latched"))
        return { mode: "stopping", next: "latched" }; // the first fault is the one reported
      return mode === "inactive" ? at("latched") : state;
    case "rest":
      return mode === "stopping" ? at(next) : state;
    case "reset":
      return mode === "latched" ? at("active") : state;
    default:
      return event satisfies never;
  }
}
