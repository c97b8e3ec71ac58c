import { of, type Mutant } from "./Mutant.js";

/** What a task may add, and the modes. */
export const admissionMutants: readonly Mutant[] = [
  ...of("guardrails/index.js", "guardrails/addGuardrail.test.js", ["schemas[name] = kind.schema", "void 0"]),
  ...of("guardrails/requireTighter.js", "guardrails/requireTighter.test.js", ["kindOf(kind).tighten?.(", "void ("]),
  ...of("guardrails/margins/noWiderAngle.js", "guardrails/requireTighter.test.js", ["max > own", "false"]),
  ...of(
    "guardrails/margins/payload.js",
    "guardrails/requireTighter.test.js",
    ["mass > own.mass", "false"],
    ["reserve < own.reserve", "false"],
  ),
  ...of(
    "guardrails/margins/Workspace.js",
    "guardrails/requireTighter.test.js",
    ["low < least - 1e-9 || high > most + 1e-9", "low < least - 1e-9"],
    ["own: (robot) => robot.workspace", "own: () => undefined"],
  ),
  ...of("guardrails/margins/GentleContact.js", "guardrails/requireTighter.test.js", ["most > own.force", "false"]),
  ...of(
    "agent/setup/buildGuardrails.js",
    "guardrails/tightenOnly.test.js",
    ["payload ?? unloaded, ...task", "...task"],
    ["Math.max(...loads.map(({ mass }) => mass))", "0"],
  ),
  ...of("agent/setup/buildGuardrails.js", "agent/weakArm.test.js", [
    "canBoundTorque(arm, load).some(Boolean)",
    "payload !== undefined",
  ]),
  ...of("agent/setup/admitGuardrails.js", "guardrails/tightenOnly.test.js", [
    "longestStop(setupUnderTask(setup, specs).arm.limits, setup.agent.reflex.period, slidesOf(setup.arm))",
    "void 0",
  ]),
  ...of("agent/setup/tightenLimits.js", "reflex/guardAtOnce.test.js", [
    "Math.min(A, Math.sqrt(jerk(j) * velocity[j]))",
    "A",
  ]),
  ...of(
    "guardrails/mode.js",
    "guardrails/mode.test.js",
    ['mode === "latched" ? at("active") : state', 'at("active")'],
    ['mode === "stopping" ? at(next) : state', "at(next)"],
    ['mode === "inactive" ? at("active") : state', 'at("active")'],
    [
      'mode === "active" ? { mode: "stopping", next: "active" } : state',
      'mode === "active" || mode === "stopping" ? { mode: "stopping", next: "active" } : state',
    ],
    ['mode === "inactive" ? at("latched") : state', "state"],
    [' && next !== "latched"', ""],
  ),
  ...of(
    "agent/setup/tightenLimits.js",
    "agent/setup/tightenLimits.test.js",
    ["at(limits.velocity, cap.velocity)", "limits.velocity"],
    ["at(limits.acceleration, cap.acceleration)", "limits.acceleration"],
    ["limits: slowed(limits)", "limits"],
  ),
];
