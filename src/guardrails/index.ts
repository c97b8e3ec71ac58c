import { z } from "zod";
import { angle, boundingShape, geometry, length, ratio, vec3 } from "../config/index.js";
import { KeepOut } from "./KeepOut.js";
import type { Guardrail } from "./Guardrail.js";
import { ToolTilt } from "./ToolTilt.js";
import { Workspace } from "./Workspace.js";

/** What a guardrail may know of the arm it is made for. */
export interface GuardrailContext {
  readonly watched: Int32Array; // indices of capsules that move
  readonly clearance: number; // m, to solid things
}

const workspace = z.strictObject({ box: z.strictObject({ center: vec3(length()), size: vec3(length({ above: 0 })) }) });
const toolTilt = z.strictObject({
  max: angle({ above: 0, max: Math.PI }), // between the tool's z axis and the direction
  direction: vec3(ratio()).refine((d) => Math.hypot(...d) > 1e-6, "a direction that is not zero").default([0, 0, -1]),
});

/** Guardrails that a task file may add: one schema and one maker each. They come on top of the robot's own, so they only tighten. */
export const guardrails = {
  keep_out: {
    schema: geometry,
    create: (g: z.output<typeof geometry>, { watched, clearance }: GuardrailContext): Guardrail => new KeepOut("keep_out", [boundingShape(g)], watched, clearance),
  },
  tool_tilt: {
    schema: toolTilt,
    create: ({ max, direction: d }: z.output<typeof toolTilt>): Guardrail => {
      const norm = Math.hypot(...d);
      return new ToolTilt(max, [d[0] / norm, d[1] / norm, d[2] / norm]);
    },
  },
  workspace: {
    schema: workspace,
    create: ({ box: { center: c, size: s } }: z.output<typeof workspace>, { watched }: GuardrailContext): Guardrail =>
      new Workspace([c[0] - s[0] / 2, c[1] - s[1] / 2, c[2] - s[2] / 2], [c[0] + s[0] / 2, c[1] + s[1] / 2, c[2] + s[2] / 2], watched),
  },
} as const;

export type GuardrailName = keyof typeof guardrails;

/** The schemas alone, for whoever loads task files. */
export const guardrailSchemas = { keep_out: geometry, tool_tilt: toolTilt, workspace } as const;

/** One checked entry of a task's `guardrails` list. Plain data. */
export type GuardrailSpec = { [N in GuardrailName]: { readonly kind: N; readonly config: z.output<(typeof guardrails)[N]["schema"]> } }[GuardrailName];

/** Makes a task's guardrail. */
export function createGuardrail(spec: GuardrailSpec, context: GuardrailContext): Guardrail {
  const { create } = guardrails[spec.kind] as { create: (config: unknown, context: GuardrailContext) => Guardrail };
  return create(spec.config, context);
}
