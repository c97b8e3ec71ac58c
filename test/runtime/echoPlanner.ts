import { parentPort } from "node:worker_threads";
import type { FromPlanner, ToPlanner } from "../../src/runtime/messages.js";

/** In place of a level's planner: tells of each message that it has come, as a failure for want of words of its own. */
const say = (message: FromPlanner): void => parentPort!.postMessage(message);

parentPort!.on("message", (message: ToPlanner) => {
  if (message.kind === "end") process.exit();
  say({ kind: "failure", generation: "generation" in message ? message.generation : 0, failure: message.kind });
});
say({ kind: "ready", thread: 0 });
