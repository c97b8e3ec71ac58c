import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { packageRoot } from "../config/index.js";

const PATIENCE = 90_000; // ms

/**
 * Seconds from `npm start` to the first command to the arm. The set-up must be done before. The run then continues to
 * its end.
 */
export async function firstMotion(domain: number): Promise<number> {
  await promisify(execFile)("npm", ["run", "setup"], { cwd: packageRoot() });
  const began = performance.now();
  const child = spawn("npm", ["start", "--", "--headless", "--verbose", "--domain", String(domain)], {
    cwd: packageRoot(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let seconds = NaN,
    text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      text += String(data);
      if (Number.isNaN(seconds) && text.includes("first motion")) seconds = (performance.now() - began) / 1000;
    });
  }
  const timer = setTimeout(() => child.kill("SIGTERM"), PATIENCE);
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
  if (Number.isNaN(seconds)) throw new Error(`npm start: the arm never moved\n${text.slice(-2000)}`);
  return seconds;
}
