import type { z } from "zod";
import { boundingShape, boundSchemas, contactRequest, geometry, limitsRequest } from "../config/index.js";
import type { Shape, Vec3 } from "../core/geometry/Shape.js";
import type { Arm } from "../kinematics/Arm.js";
import { contactSpeed } from "./margins/contactSpeed.js";
import { GentleContact } from "./margins/GentleContact.js";
import type { Guardrail } from "./Guardrail.js";
import { KeepOut } from "./margins/KeepOut.js";
import { Spill } from "./margins/Spill.js";
import { ToolTilt } from "./margins/ToolTilt.js";
import { Workspace } from "./margins/Workspace.js";

/** What a guardrail may know of the arm it is made for. */
export interface GuardrailContext {
  readonly arm: Arm;
  readonly watched: Int32Array; // indices of capsules that move
  readonly clearance: number; // m, to solid things
  readonly fixed: ReadonlyMap<string, Shape>; // known geometry by its name
  readonly stiffness: number; // N/m, of a touch
  readonly load: number; // kg, the most that the arm may carry
}

/** The schemas alone, for whoever loads task files. */
export const guardrailSchemas = {
  keep_out: geometry,
  contact: contactRequest,
  limits: limitsRequest,
  ...boundSchemas,
} as const;

export type GuardrailName = keyof typeof guardrailSchemas;
type Config<N extends GuardrailName> = z.output<(typeof guardrailSchemas)[N]>;
type Maker<N extends MarginName> = (config: Config<N>, context: GuardrailContext) => Guardrail;

/**
 * All but `limits`, which no margin tells of: the joints' own bounds become tighter; and `payload`, as all loads are
 * bounded by one `TorqueLimit`.
 */
type MarginName = Exclude<GuardrailName, "limits" | "payload">;

/**
 * Guardrails that a robot file declares and a task file may add: one maker each. They all hold together, so to add one
 * only tightens.
 */
export const guardrails: { readonly [N in MarginName]: Maker<N> } = {
  keep_out: (g, { watched, clearance }) => new KeepOut("keep_out", [boundingShape(g)], watched, clearance),
  workspace: ({ box: { center: c, size: s } }, { watched }) =>
    new Workspace(
      [c[0] - s[0] / 2, c[1] - s[1] / 2, c[2] - s[2] / 2],
      [c[0] + s[0] / 2, c[1] + s[1] / 2, c[2] + s[2] / 2],
      watched,
    ),
  tool_tilt: ({ max, direction }, { arm }) =>
    new ToolTilt(
      max,
      Uint8Array.from(arm.kinds, (k) => (k === "prismatic" ? 0 : 1)),
      unit(direction),
    ),
  spill: ({ max, axis }, { arm }) => new Spill(arm, max, unit(axis)),
  contact: ({ bodies, force }, { arm, watched, clearance, fixed, stiffness, load }) =>
    new GentleContact(
      bodies.map((id) => fixed.get(id)).filter((s) => s !== undefined),
      watched,
      Float64Array.from(arm.capsules, (c) => c.radius),
      clearance,
      contactSpeed(force, stiffness, movingMass(arm) + load, Infinity),
    ),
};

/** One checked entry of a task's `guardrails` list. Plain data. */
export type GuardrailSpec = { [N in GuardrailName]: { readonly kind: N; readonly config: Config<N> } }[GuardrailName];

/** One that makes a guardrail of its own. */
export type MarginSpec = Extract<GuardrailSpec, { kind: MarginName }>;

/** Makes a guardrail. */
export function createGuardrail(spec: MarginSpec, context: GuardrailContext): Guardrail {
  return (guardrails[spec.kind] as Maker<typeof spec.kind>)(spec.config, context);
}

/** m_R of ISO/TS 15066, A.3.4: half the mass of the moving links, kg. */
export function movingMass(arm: Arm): number {
  return 0.5 * arm.inertias.reduce((sum, link) => sum + link.mass, 0);
}

function unit(d: Vec3): Vec3 {
  const norm = Math.hypot(...d);
  return [d[0] / norm, d[1] / norm, d[2] / norm];
}
