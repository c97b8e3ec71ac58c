import { parentPort, workerData } from "node:worker_threads";
import { preferThread } from "../../core/threads/preferThread.js";
import { SharedClock } from "../../core/time/SharedClock.js";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { loadPlugin } from "../../agent/setup/loadPlugins.js";
import { planSteps } from "../../agent/planSteps.js";
import type { StepRequest } from "../../agent/task/StepRun.js";
import type { FromSteps } from "./StepsThread.js";

/** The thread of the task level: it plans steps on request, and nothing else. */
const { setup, clock } = workerData as { readonly setup: AgentSetup; readonly clock: SharedArrayBuffer };
preferThread(5);
for (const path of setup.agent.plugins) loadPlugin(path);
const now = new SharedClock(clock);

const send = (message: FromSteps): void => parentPort!.postMessage(message);

parentPort!.on("message", (request: StepRequest) => {
  try {
    send({ kind: "answer", number: request.number, answer: planSteps(setup, request, now) });
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    send({ kind: "answer", number: request.number, answer: { code: "INTERNAL", message } });
  }
});
send({ kind: "ready" });
