import { deserialize } from "node:v8";
import type { Decision } from "../../../agent/task/Decision.js";
import { upgradeDecision } from "../../../agent/task/upgradeDecision.js";
import { streamRecording } from "../../../memory/episodes/streamRecording.js";
import { bounds } from "../cdr/bounds.js";
import { reader, readLength } from "../cdr/sequences.js";

/**
 * The decisions in a recording, in order. Returns whether it is whole: false if it was cut off.
 * @throws Error as `streamRecording`, or for bytes that are not a decision
 */
export function* readDecisions(file: string): Generator<Decision, boolean> {
  const messages = streamRecording(file);
  for (;;) {
    const { value, done } = messages.next();
    if (done) return value;
    const { topic, data } = value;
    if (!topic.endsWith("telos/decisions")) continue;
    const r = reader(data);
    readLength(r, 1, 0); // layout.dim, which we leave empty
    r.uint32();
    yield upgradeDecision(deserialize(Buffer.from(r.uint8Array(readLength(r, 1, bounds.image)))) as Decision);
  }
}
