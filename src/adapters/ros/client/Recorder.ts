import type { Clock } from "../../../core/time/Clock.js";
import { type RecordingWriter, type RecordedTopic } from "../../../memory/episodes/RecordingWriter.js";
import { writer } from "../cdr/sequences.js";
import { messageDefinition } from "../messageDefinition.js";

/** The topic of the agent's decisions in a recording: serialised `Decision`s as std_msgs/UInt8MultiArray. */
export const DECISIONS = "telos/decisions";

const EARLY = 10_000; // messages

/** Records the messages of the agent's node, in the bytes that went over DDS, and the inputs of its decisions. */
export class Recorder {
  private readonly topics = new Map<string, RecordedTopic>();
  private clock: Clock | undefined;
  // from before simulated time came: a stamp of 0 would be decades before the next
  private readonly early: (readonly [RecordedTopic, Uint8Array])[] = [];

  constructor(private readonly recording: RecordingWriter) {}

  /**
   * From here on messages are stamped by this clock. Those from before its first time get that time; what comes before
   * this call is not recorded.
   */
  follow(clock: Clock): void {
    this.clock = clock;
  }

  /** A message as it is on a topic, `~/` and namespaces resolved. */
  take(topic: string, type: string, bytes: Uint8Array): void {
    if (this.clock === undefined) return;
    let known = this.topics.get(topic);
    if (known === undefined) this.topics.set(topic, (known = { topic, type, definition: messageDefinition(type) }));
    const now = this.clock.now();
    if (!(now > 0)) {
      if (this.early.length < EARLY) this.early.push([known, bytes]);
      return;
    }
    for (const [topic, data] of this.early.splice(0)) this.recording.write(topic, now, data);
    this.recording.write(known, now, bytes);
  }

  decision(bytes: Uint8Array): void {
    const w = writer(bytes.length + 64);
    w.sequenceLength(0); // layout.dim
    w.uint32(0); // layout.data_offset
    w.sequenceLength(bytes.length);
    w.uint8Array(bytes);
    this.take(`/${DECISIONS}`, "std_msgs/msg/UInt8MultiArray", w.data.slice());
  }

  close(metadata?: ReadonlyMap<string, string>): Promise<void> {
    this.clock = undefined;
    return this.recording.close(metadata);
  }
}
