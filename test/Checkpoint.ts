import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/config/index.js";

/** Numbers that JSON has no words for are kept all the same. */
const write = (_key: string, x: unknown): unknown => {
  if (x instanceof Map) return { map: [...x] };
  return typeof x === "number" && !Number.isFinite(x) ? { number: String(x) } : x;
};
const read = (_key: string, x: unknown): unknown => {
  const { number, map } = (x ?? {}) as { number?: string; map?: [unknown, unknown][] };
  if (map !== undefined) return new Map(map);
  return number !== undefined ? Number(number) : x;
};

/**
 * How far a long run has come, in log/checkpoints: one that is cut off goes on there when it is started again with the
 * same options and the same program. What another program found does not count: then it begins anew.
 */
export class Checkpoint<T> {
  private readonly file: string;
  private readonly program = fingerprint();

  /** @param name of the run with all its options */
  constructor(name: string) {
    const folder = join(packageRoot(), "log", "checkpoints");
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `${name.replace(/[^\w.-]+/g, "_").slice(0, 150)}.json`);
  }

  /** What was saved last; undefined where there is nothing that counts. */
  load(): T | undefined {
    try {
      const { program, state } = JSON.parse(readFileSync(this.file, "utf8"), read) as { program: string; state: T };
      return program === this.program ? state : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all. */
  save(state: T): void {
    writeFileSync(`${this.file}.part`, JSON.stringify({ program: this.program, state }, write));
    renameSync(`${this.file}.part`, this.file);
  }

  done(): void {
    rmSync(this.file, { force: true });
  }
}

/** Of all compiled code and configuration. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of ["dist/src", "dist/test/fuzz", "dist/test/fault", "dist/test/guardrails", "config"]) {
    const root = join(packageRoot(), folder);
    for (const file of readdirSync(root, { recursive: true })
      .map(String)
      .filter((f) => /\.(js|yaml|urdf)$/.test(f))
      .sort())
      hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}
