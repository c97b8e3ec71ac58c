import { ConfigError } from "../../config/index.js";
import type { Thing } from "../../core/Thing.js";
import { BindError, bindTask, loadTask, type TaskSpec } from "../../cost/index.js";
import { guardrailSchemas, type GuardrailSpec } from "../../guardrails/index.js";
import type { TaskCode } from "../AgentPort.js";
import { admitGuardrails } from "./admitGuardrails.js";
import type { AgentSetup } from "./AgentSetup.js";
import { taskFolders } from "./taskFolders.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

const LONGEST = 256 * 1024; // characters

/** A task that fits this agent, or the reason why it does not. `definition` is the file as written. */
export type ReadTask =
  | { readonly spec: TaskSpec; readonly definition: unknown }
  | { readonly code: TaskCode; readonly message: string };

/**
 * Reads a task given by name, path (below `taskFolders`) or as YAML text, and binds it to the agent and its known
 * objects. Never throws.
 * @param believed ids of the objects that are known
 * @param things movable ones whose shapes are known
 */
export function readTask(
  text: string,
  setup: AgentSetup,
  believed: readonly string[],
  things: readonly Thing[] = [],
): ReadTask {
  const { arm, learned, agent, fixedThings } = setup;
  if (text.length > LONGEST)
    return { code: "INVALID_TASK", message: `got a task of ${text.length} characters, want at most ${LONGEST}` };
  try {
    const folders = taskFolders(setup);
    const written = loadTask(text, guardrailSchemas, folders);
    admitGuardrails(written.config.guardrails as GuardrailSpec[], setup, written.document);
    const predicted = learned?.objects ?? [];
    const objects = [...new Set([...believed, ...predicted])];
    const images = learned && { camera: learned.camera, ...learned.image };
    const endless = arm.kinds.map((kind) => kind === "continuous");
    const slides = slidesOf(arm);
    const hand = agent.planner !== undefined;
    const context = { jointNames: arm.jointNames, endless, slides, objects, predicted, images, folders };
    return {
      spec: bindTask(written, hand ? { ...context, hand, things, fixedThings } : context),
      definition: written.document.value,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof BindError)
      return { code: error.code === "UNKNOWN_OBJECT" ? "UNKNOWN_OBJECT" : "INVALID_TASK", message };
    return { code: error instanceof ConfigError ? "INVALID_TASK" : "INTERNAL", message };
  }
}
