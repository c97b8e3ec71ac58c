import { EpisodeLog } from "../../../src/memory/episodes/EpisodeLog.js";
import { monotonic } from "../../../src/core/time/SharedClock.js";
import { command, jointNames, limits } from "./logs.js";

/** Writes a log at 200 Hz until it is killed, and tells what it has added and what it knows to be on disk. */
const log = await EpisodeLog.open({ folder: process.argv[2], jointNames, limits });
log.begin(1, monotonic(), "endless", {});
for (let i = 1; ; i++) {
  log.command(command(i));
  process.stdout.write(`${i} ${monotonic()} ${log.written}\n`);
  if (i === 1) process.stdout.write(`path ${log.path}\n`);
  await new Promise((r) => setTimeout(r, 5));
}
