import { parentPort, workerData } from "node:worker_threads";
import { preferThread, sendAs } from "../../core/threads/preferThread.js";
import { loadModel } from "../../worldmodel/learned/onnx/index.js";
import { LatentMemory } from "../../perception/LatentMemory.js";
import type { FromPerception, PerceptionData, ToPerception } from "../messages.js";

/** The thread of the learned model's encoder: takes images, returns what they show, one after another. */
const NICENESS = 5; // the reflex and the threads that carry commands go first
preferThread(NICENESS);
const { folder, arm } = workerData as PerceptionData;
const perception = new LatentMemory(await loadModel(folder), arm);
const send = (message: FromPerception): void => sendAs(NICENESS, () => parentPort!.postMessage(message));

let turn = Promise.resolve();
parentPort!.on("message", (message: ToPerception) => {
  if (message.kind === "end") process.exit(); // this thread
  const { number, image, posture } = message;
  turn = turn.then(async () => {
    try {
      send({
        kind: "percept",
        number,
        percept: await (posture === undefined ? perception.picture(image) : perception.see(image, posture)),
      });
    } catch (error) {
      send({ kind: "failure", number, failure: (error as Error).message });
    }
  });
});
send({ kind: "ready" });
