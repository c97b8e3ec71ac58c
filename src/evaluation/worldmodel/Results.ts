import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Outcome } from "./runEpisode.js";

interface Line {
  readonly key: string;
  readonly outcome: unknown;
}

/**
 * The outcomes measured so far, one JSON line each in a file that only grows. After an interruption the bench continues
 * with what is missing. An incomplete last line is measured again.
 */
export class Results {
  private readonly known = new Map<string, unknown>();

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const text of readFileSync(file, "utf8").split("\n")) {
      try {
        const { key, outcome } = JSON.parse(text) as Line;
        this.known.set(key, outcome);
      } catch {
        continue; // an incomplete line, or the empty end
      }
    }
    appendFileSync(file, "\n"); // ends an incomplete last line
  }

  /** The outcome under a key. It is measured now if the file does not have it. */
  async get<T = Outcome>(key: string, measure: () => Promise<T>): Promise<T> {
    if (this.known.has(key)) return this.known.get(key) as T;
    const outcome = await measure();
    this.known.set(key, outcome);
    appendFileSync(this.file, `${JSON.stringify({ key, outcome })}\n`);
    return outcome;
  }
}
