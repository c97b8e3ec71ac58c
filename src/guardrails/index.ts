import type { z } from "zod";
import type { RobotConfig } from "../config/index.js";
import type { Guardrail } from "./Guardrail.js";
import type { GuardrailContext, GuardrailKind } from "./GuardrailKind.js";
import { avoid } from "./margins/avoid.js";
import { contact } from "./margins/GentleContact.js";
import { holding } from "./margins/holding.js";
import { keepOut } from "./margins/KeepOut.js";
import { payload } from "./margins/payload.js";
import { slowerJoints } from "./margins/slowerJoints.js";
import { spill } from "./margins/Spill.js";
import { support } from "./margins/Support.js";
import { toolTilt } from "./margins/ToolTilt.js";
import { workspace } from "./margins/Workspace.js";

export type { Declared, GuardrailContext, GuardrailKind } from "./GuardrailKind.js";

/**
 * Every kind of guardrail that a task file may name, by its key. All of them hold, and so do the robot's own, so
 * adding one can only tighten.
 */
const guardrails = {
  keep_out: keepOut,
  contact,
  limits: slowerJoints,
  workspace,
  tool_tilt: toolTilt,
  spill,
  payload,
  holding,
  support,
  avoid,
} as const;

type GuardrailName = keyof typeof guardrails;
type Config<N extends GuardrailName> = z.output<(typeof guardrails)[N]["schema"]>;

/** One checked entry of a task's `guardrails` list. Plain data. */
export type GuardrailSpec = { [N in GuardrailName]: { readonly kind: N; readonly config: Config<N> } }[GuardrailName];

/** All kinds known to this thread: those above, and what `addGuardrail` added. */
const kinds: Record<string, GuardrailKind<unknown>> = { ...guardrails };
const schemas: Record<string, z.ZodType> = Object.fromEntries(
  Object.entries(kinds).map(([name, { schema }]) => [name, schema]),
);

/** Their schemas alone, to load task files. */
export const guardrailSchemas: Readonly<Record<string, z.ZodType>> = schemas;

/**
 * Adds a kind of guardrail from outside; tasks may name it from now on. Threads share nothing, so every thread that
 * reads tasks or builds guardrails adds it itself.
 * @throws RangeError if the name is invalid or taken
 */
export function addGuardrail<C>(name: string, kind: GuardrailKind<C>): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new RangeError(`guardrail: got the name '${name}', want lower-case letters, digits and _`);
  if (Object.hasOwn(kinds, name)) throw new RangeError(`guardrail ${name}: got a second one, want another name`);
  kinds[name] = kind;
  schemas[name] = kind.schema;
}

/** @throws RangeError for a kind that this thread does not know */
export function kindOf(name: string): GuardrailKind<unknown> {
  if (!Object.hasOwn(kinds, name))
    throw new RangeError(`guardrail ${name}: not known here, want one of: ${Object.keys(kinds).join(", ")}`);
  return kinds[name];
}

/** The robot's own declarations, in the order of the kinds. */
export const ownGuardrails = (robot: RobotConfig): GuardrailSpec[] =>
  Object.entries(kinds).flatMap(([kind, { own: of }]) => {
    const config = of?.(robot);
    return config === undefined ? [] : [{ kind, config } as GuardrailSpec];
  });

/** Makes a guardrail; undefined if the kind changes another's bounds. */
export const createGuardrail = ({ kind, config }: GuardrailSpec, context: GuardrailContext): Guardrail | undefined =>
  kindOf(kind).make?.(config, context);
