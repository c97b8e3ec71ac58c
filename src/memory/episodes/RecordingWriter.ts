import { createWriteStream, type WriteStream } from "node:fs";
import { McapWriter } from "@mcap/core";
import type { Seconds } from "../../core/Seconds.js";
import { LIBRARY } from "./logChannels.js";

const MOST = 64e6; // bytes

/** A topic of a recording: its message type, and the type's definition as ROS 2 writes it. */
export interface RecordedTopic {
  readonly topic: string;
  readonly type: string; // package/msg/Name
  readonly definition: string; // ros2msg: the message file, then those of the types it is made of
}

/**
 * Records a run as ROS 2 messages: an MCAP file with the profile `ros2`, which rosbag2 and Foxglove open. The caller
 * never waits for the disk. If the disk falls too far behind, new messages are dropped, and `tell` reports it. A killed
 * process loses what is newer than the last chunk.
 */
export class RecordingWriter {
  private readonly stream: WriteStream;
  private readonly writer: McapWriter;
  private readonly channels = new Map<string, Promise<number>>();
  private queue: Promise<void>;
  private position = 0n;
  private sequence = 0;
  private waiting = 0; // bytes of messages that are not in a chunk yet
  private lost = 0; // messages, since the disk fell behind
  private dead = false;

  /**
   * @param tell gets the reason if messages are dropped: once if the file can no longer be written, and for each gap
   * because of a slow disk
   * @param most bytes that may wait for the disk
   */
  constructor(
    readonly path: string,
    private readonly tell: (why: string) => void,
    private readonly most = MOST,
  ) {
    this.stream = createWriteStream(path, { flags: "wx" });
    this.stream.on("error", (error) => {
      if (!this.dead) this.tell(`recording has stopped: ${error.message}`);
      this.dead = true;
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
    if (this.dead || this.behind()) return;
    const logTime = BigInt(Math.round(stamp * 1e9));
    const sequence = this.sequence++;
    this.waiting += data.byteLength;
    this.queue = this.queue.then(async () => {
      this.waiting -= data.byteLength;
      const channelId = await this.channel(topic);
      await this.writer.addMessage({ channelId, sequence, logTime, publishTime: logTime, data });
    });
  }

  /** Writes the remaining messages, the metadata, and the index. */
  async close(metadata?: ReadonlyMap<string, string>): Promise<void> {
    await this.queue;
    if (metadata !== undefined) await this.writer.addMetadata({ name: LIBRARY, metadata: new Map(metadata) });
    await this.writer.end();
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }

  /** Whether too many bytes wait for the disk to take another message. The gap ends when the disk has caught up. */
  private behind(): boolean {
    const waiting = this.waiting + this.stream.writableLength;
    if (this.lost === 0 && waiting > this.most)
      this.tell(
        `the disk of ${this.path} is too slow: ${(waiting / 1e6).toFixed(1)} MB are waiting, and new messages ` +
          "are not recorded",
      );
    else if (this.lost === 0) return false;
    else if (waiting < this.most / 2) {
      this.tell(`the disk of ${this.path} has caught up; ${this.lost} messages were not recorded`);
      this.lost = 0;
      return false;
    }
    this.lost++;
    return true;
  }

  private channel({ topic, type, definition }: RecordedTopic): Promise<number> {
    let id = this.channels.get(topic);
    if (id === undefined) {
      id = this.writer
        .registerSchema({ name: type, encoding: "ros2msg", data: Buffer.from(definition) })
        .then((schemaId) =>
          this.writer.registerChannel({ schemaId, topic, messageEncoding: "cdr", metadata: new Map() }),
        );
      this.channels.set(topic, id);
    }
    return id;
  }
}
