import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../src/config/index.js";

// made by the set-up or by a run
const isMade = (folder: string): boolean => folder.startsWith(".") || ["dist", "log", "node_modules"].includes(folder);

test("every file or folder that the code names from the package's root is there", () => {
  let named = 0;
  for (const room of ["src", "bench", "training"])
    for (const file of readdirSync(join(packageRoot(), room), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(join(packageRoot(), room, file), "utf8");
      for (const [, list] of text.matchAll(/join\(\s*packageRoot\(\),\s*((?:"[^"]*",?\s*)+)\)/g)) {
        const parts = [...list.matchAll(/"([^"]*)"/g)].map(([, part]) => part);
        if (isMade(parts[0].split("/")[0])) continue;
        assert.ok(existsSync(join(packageRoot(), ...parts)), `${room}/${file} names ${parts.join("/")}`);
        named++;
      }
    }
  assert.ok(named > 3, `${named} found`);
});
