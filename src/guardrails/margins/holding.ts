import { handSchemas } from "../../config/index.js";
import type { Held } from "../../core/Held.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";

/**
 * The thing in the hand. It makes no guardrail of its own: the arm that all of them evaluate holds it (`armHolding`).
 */
export const holding: GuardrailKind<Held> = {
  schema: handSchemas.holding,
  tighten({ id, mass }, { robot, others, refuse }) {
    const before = others.find(({ kind }) => kind === "holding");
    if (before !== undefined) refuse(["id"], `got '${id}' beside another thing in the hand, want one`);
    const { payload } = robot.guardrails;
    if (payload !== undefined && mass > payload.mass)
      refuse(["mass"], `got ${rounded(mass)} kg, want at most ${robot.name}'s payload of ${rounded(payload.mass)} kg`);
  },
};
