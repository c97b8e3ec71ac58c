import { closeSync, openSync, renameSync, writeSync } from "node:fs";
import { McapWriter } from "@mcap/core";
import { LIBRARY } from "./logChannels.js";

/**
 * A channel of ROS 2 messages: their type and its definition as ROS writes it (with those of the types it is made of).
 */
export interface RecordingChannel {
  readonly topic: string;
  readonly type: string; // package/msg/Name
  readonly definition: string;
}

export interface RecordedMessage {
  readonly topic: string;
  readonly stamp: bigint; // ns
  readonly data: Uint8Array; // CDR, with its header of 4 bytes
}

export interface Recording {
  readonly channels: readonly RecordingChannel[];
  readonly messages: readonly RecordedMessage[]; // in the order of their stamps
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Writes a recording as MCAP with the profile of ROS 2, as `ros2 bag record -s mcap` does. A file at `path` is always
 * complete, even if the process is killed: it is written under another name and then renamed.
 * @returns its size, bytes
 * @throws Error of the file system
 */
export async function writeRecording(path: string, recording: Recording): Promise<number> {
  const partial = `${path}.part`;
  const fd = openSync(partial, "w");
  let size = 0;
  try {
    const write = async (bytes: Uint8Array): Promise<void> => {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      size += bytes.length;
    };
    const writer = new McapWriter({ writable: { position: () => BigInt(size), write }, chunkSize: 1 << 23 });
    await writer.start({ profile: "ros2", library: LIBRARY });
    const ids = new Map<string, number>();
    for (const { topic, type, definition } of recording.channels) {
      const schemaId = await writer.registerSchema({ name: type, encoding: "ros2msg", data: Buffer.from(definition) });
      ids.set(topic, await writer.registerChannel({ topic, schemaId, messageEncoding: "cdr", metadata: new Map() }));
    }
    let sequence = 0;
    for (const { topic, stamp, data } of recording.messages)
      await writer.addMessage({
        channelId: ids.get(topic)!,
        sequence: sequence++,
        logTime: stamp,
        publishTime: stamp,
        data,
      });
    await writer.addMetadata({ name: LIBRARY, metadata: new Map(recording.metadata) });
    await writer.end();
  } finally {
    closeSync(fd);
  }
  renameSync(partial, path);
  return size;
}
