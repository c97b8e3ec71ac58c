import { writeSync } from "node:fs";
import { LatchFile } from "../../src/runtime/LatchFile.js";

/**
 * Latches and frees one file for ever, and says each before it begins and once it is answered; LatchFile.test.ts kills
 * it at any instant.
 */
const file = new LatchFile(process.argv[2]);
const say = (what: string): void => void writeSync(1, `${what}\n`);
for (let i = 0; ; i++) {
  say("latching");
  await file.set({ by: `emergency_stop ${"x".repeat(i % 50)}`, since: new Date().toISOString() });
  say("latched");
  say("freeing");
  await file.clear();
  say("free");
}
