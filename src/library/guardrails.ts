/**
 * `telos/guardrails`: hard bounds. A guardrail gives each path a margin; a path is safe iff it is ≥ 0. The safety
 * filter sends a step only if the step and the braking trajectory after it are safe.
 *
 * ```ts
 * const filter = new SafetyFilter(arm.limits, new Sweep(arm), [new ToolTilt(0.2, turns)], 0.01);
 * const command = filter.step(now, q, v, wanted, state); // undefined: continue the command before, to rest
 * ```
 * Run: examples/05_your_guardrail
 */
export type { Guardrail } from "../guardrails/Guardrail.js";
export { KeepOut } from "../guardrails/margins/KeepOut.js";
export { SelfCollision } from "../guardrails/margins/SelfCollision.js";
export { Separation } from "../guardrails/margins/Separation.js";
export { ToolTilt } from "../guardrails/margins/ToolTilt.js";
export { Workspace } from "../guardrails/margins/Workspace.js";
export { SafetyFilter, type Verdict } from "../guardrails/filter/SafetyFilter.js";
export type { Rollouts } from "../core/Rollouts.js";
export type { Command } from "../core/Command.js";
