import { closeSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from "@mcap/core";
import { LIBRARY, logChannels } from "./logChannels.js";
import { logRecord, type LogEntry } from "./logRecord.js";

const CHANNELS = Object.entries(logChannels).map(([topic, { name, schema }], i) => {
  const channel: McapTypes.Channel = {
    id: i + 1,
    schemaId: i + 1,
    topic,
    messageEncoding: "json",
    metadata: new Map(),
  };
  return {
    channel,
    schema: { id: i + 1, name, encoding: "jsonschema", data: encode(schema) } satisfies McapTypes.Schema,
  };
});

/**
 * An MCAP file that grows. Every batch is one chunk with its index, written in one write(2). Written data survives a
 * crash of the process, and a reader of a file cut off anywhere finds all chunks before the cut. Source: the MCAP
 * specification, version 0.
 */
export class LogFile {
  bytes = 0;
  private readonly fd: number;
  private readonly builder = new McapRecordBuilder();
  private readonly chunk = new McapChunkBuilder({ useMessageIndex: true });
  private readonly indices: McapTypes.ChunkIndex[] = [];
  private readonly counts = new Map<number, bigint>();
  private first = 0n;
  private last = 0n;
  private sequence = 0;

  /** @throws Error of the file system, also if the file exists: a log is never overwritten */
  constructor(
    path: string,
    private readonly jointNames: readonly string[],
  ) {
    this.fd = openSync(path, "wx");
    this.builder.writeMagic();
    this.builder.writeHeader({ profile: "", library: LIBRARY });
    this.declare();
    this.flush();
  }

  /** Writes one batch to disk before it returns. @throws Error of the file system (no space …) */
  append(entries: readonly LogEntry[]): void {
    if (entries.length === 0) return;
    for (const entry of entries) {
      const { topic, stamp } = entry;
      const { channel } = CHANNELS.find((c) => c.channel.topic === topic)!;
      const logTime = BigInt(Math.round(stamp * 1e9));
      this.counts.set(channel.id, (this.counts.get(channel.id) ?? 0n) + 1n);
      this.chunk.addMessage({
        channelId: channel.id,
        sequence: this.sequence++ >>> 0,
        logTime,
        publishTime: logTime,
        data: encode(logRecord(entry, this.jointNames)),
      });
    }
    const records = this.chunk.buffer;
    const { messageStartTime, messageEndTime } = this.chunk;
    const chunkStartOffset = BigInt(this.bytes);
    const chunkLength = this.builder.writeChunk({
      messageStartTime,
      messageEndTime,
      uncompressedSize: BigInt(records.length),
      uncompressedCrc: crc32(records),
      compression: "",
      records,
    });
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of this.chunk.indices) {
      messageIndexOffsets.set(index.channelId, chunkStartOffset + chunkLength + messageIndexLength);
      messageIndexLength += this.builder.writeMessageIndex(index);
    }
    const size = BigInt(records.length);
    this.indices.push({
      messageStartTime,
      messageEndTime,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression: "",
      compressedSize: size,
      uncompressedSize: size,
    });
    if (this.first === 0n || messageStartTime < this.first) this.first = messageStartTime;
    if (messageEndTime > this.last) this.last = messageEndTime;
    this.chunk.reset();
    this.flush();
  }

  /** Ends the file with its index, so that readers can jump to any time. */
  close(): void {
    const { builder } = this;
    builder.writeDataEnd({ dataSectionCrc: 0 }); // 0: not computed; each chunk has its own
    const summaryStart = BigInt(this.bytes + builder.length);
    this.declare();
    builder.writeStatistics({
      messageCount: BigInt(this.sequence),
      schemaCount: CHANNELS.length,
      channelCount: CHANNELS.length,
      attachmentCount: 0,
      metadataCount: 0,
      chunkCount: this.indices.length,
      messageStartTime: this.first,
      messageEndTime: this.last,
      channelMessageCounts: this.counts,
    });
    for (const index of this.indices) builder.writeChunkIndex(index);
    builder.writeFooter({ summaryStart, summaryOffsetStart: 0n, summaryCrc: 0 });
    builder.writeMagic();
    this.flush();
    closeSync(this.fd);
  }

  private declare(): void {
    for (const { schema } of CHANNELS) this.builder.writeSchema(schema);
    for (const { channel } of CHANNELS) this.builder.writeChannel(channel);
  }

  private flush(): void {
    const { buffer } = this.builder;
    for (let done = 0; done < buffer.length;) done += writeSync(this.fd, buffer, done);
    this.bytes += buffer.length;
    this.builder.reset();
  }
}

function encode(data: object): Uint8Array {
  return Buffer.from(JSON.stringify(data, (_, x) => (ArrayBuffer.isView(x) ? Array.from(x as Float64Array) : x)));
}
