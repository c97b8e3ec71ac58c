import type { Shape } from "../../../src/core/geometry/Shape.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import { KeepOut } from "../../../src/guardrails/margins/KeepOut.js";
import { SelfCollision } from "../../../src/guardrails/margins/SelfCollision.js";
import { Separation } from "../../../src/guardrails/margins/Separation.js";
import { SafetyFilter } from "../../../src/guardrails/filter/SafetyFilter.js";
import { levers } from "../../../src/kinematics/urdf/levers.js";
import { Sweep } from "../../../src/kinematics/Sweep.js";
import { arm, watched } from "../setups.js";

export const a = arm("arm7"),
  n = a.nq,
  dt = 0.01,
  moving = watched(a);

export const table: Shape = { kind: "box", center: [0.3, 0, -0.02], size: [1.2, 1.2, 0.04], orientation: [0, 0, 0, 1] };

export const wall: Shape = {
  kind: "box",
  center: [0.36, 0.02, 0.45],
  size: [0.04, 0.16, 0.9],
  orientation: [0, 0, 0, 1],
};

export const folded = Float64Array.of(0, -0.5, 0, 2.3, 0, 1.2, 0);

export const all = (): Guardrail[] => [
  new SelfCollision(
    a.selfPairs,
    Int32Array.from(a.capsules, (c) => c.link),
    Float64Array.from(a.capsules, (c) => c.radius),
    levers(a),
    0.005,
  ),
  new Separation(moving, 0.02),
  new KeepOut("fixed_geometry", [table, wall], moving, 0.01),
];

export const filter = (guardrails = all()): SafetyFilter => new SafetyFilter(a.limits, new Sweep(a), guardrails, dt);
