import type { z } from "zod";
import { boundSchemas } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";

/** The load of the arm. It makes no guardrail of its own: one `TorqueLimit` bounds all loads together. */
export const payload: GuardrailKind<z.output<typeof boundSchemas.payload>> = {
  schema: boundSchemas.payload,
  own: (robot) => robot.guardrails.payload,
  tighten({ mass, reserve }, { robot, refuse }) {
    const { payload: own } = robot.guardrails;
    if (own === undefined) return;
    if (mass > own.mass)
      refuse(["mass"], `got ${rounded(mass)} kg, want at most ${robot.name}'s ${rounded(own.mass)} kg`);
    if (reserve < own.reserve)
      refuse(["reserve"], `got ${rounded(reserve)}, want at least ${robot.name}'s ${rounded(own.reserve)}`);
  },
};
