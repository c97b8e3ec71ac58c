import { createWriteStream, type WriteStream } from "node:fs";
import { McapWriter } from "@mcap/core";
import type { Seconds } from "../core/Seconds.js";
import { LIBRARY } from "./logChannels.js";

/** A topic of a recording: its message type and the type's definition, in ROS 2's own words. */
export interface RecordedTopic {
  readonly topic: string;
  readonly type: string; // package/msg/Name
  readonly definition: string; // ros2msg: the message file, then those of the types it is made of
}

/**
 * A run as ROS 2 sees it: serialised messages in an MCAP file of the profile `ros2`, which rosbag2 and Foxglove open. Nothing waits for the disk; a process that
 * is killed loses what is younger than the last chunk.
 */
export class RecordingWriter {
  private readonly stream: WriteStream;
  private readonly writer: McapWriter;
  private readonly channels = new Map<string, Promise<number>>();
  private queue: Promise<void>;
  private position = 0n;
  private sequence = 0;

  /** @param failed is told once if the file cannot be written */
  constructor(
    readonly path: string,
    private readonly failed: (why: string) => void,
  ) {
    this.stream = createWriteStream(path, { flags: "wx" });
    let told = false;
    this.stream.on("error", (error) => {
      if (!told) this.failed(error.message);
      told = true;
    });
    const writable = {
      position: () => this.position,
      write: async (buffer: Uint8Array): Promise<void> => {
        this.position += BigInt(buffer.byteLength);
        this.stream.write(Buffer.from(buffer)); // a copy: the writer uses its buffer again
      },
    };
    this.writer = new McapWriter({ writable, chunkSize: 256 * 1024 });
    this.queue = this.writer.start({ profile: "ros2", library: LIBRARY });
  }

  /** Takes a message; its bytes must not change afterwards. */
  write(topic: RecordedTopic, stamp: Seconds, data: Uint8Array): void {
    const logTime = BigInt(Math.round(stamp * 1e9));
    const sequence = this.sequence++;
    this.queue = this.queue.then(async () => {
      const channelId = await this.channel(topic);
      await this.writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data });
    });
  }

  /** Writes what is left, what shall be said of it all, and the index. */
  async close(metadata?: ReadonlyMap<string, string>): Promise<void> {
    await this.queue;
    if (metadata !== undefined) await this.writer.addMetadata({ name: LIBRARY, metadata: new Map(metadata) });
    await this.writer.end();
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }

  private channel({ topic, type, definition }: RecordedTopic): Promise<number> {
    let id = this.channels.get(topic);
    if (id === undefined) {
      id = this.writer
        .registerSchema({ name: type, encoding: "ros2msg", data: Buffer.from(definition) })
        .then((schemaId) => this.writer.registerChannel({ schemaId, topic, messageEncoding: "cdr", metadata: new Map() }));
      this.channels.set(topic, id);
    }
    return id;
  }
}
