import { z } from "zod";
import { oneKey, parseConfig, parseYaml } from "../config/index.js";
import { guardrailSchemas, type GuardrailSpec } from "../guardrails/index.js";
import { admitGuardrails } from "../agent/setup/admitGuardrails.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";

/** Built at each call: all kinds that are registered by then. */
const schema = () => z.strictObject({ guardrails: z.array(oneKey("a guardrail", guardrailSchemas)).max(50) });

/**
 * A task's guardrails from the text that came with a proposal, by the rules of a task file.
 * @throws ConfigError, also if they loosen a bound
 */
export function readGuardrails(text: string, setup: AgentSetup): GuardrailSpec[] {
  if (text === "") return [];
  const document = parseYaml(`{"guardrails": ${text}}`, "<proposal>");
  const specs = parseConfig(schema(), document).guardrails as GuardrailSpec[];
  admitGuardrails(specs, setup, document);
  return specs;
}
