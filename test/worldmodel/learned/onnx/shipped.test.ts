import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../../../../src/config/index.js";

const MODELS = join(packageRoot(), "models");
const MOST = 10e6; // bytes, of all together

describe("models that ship", () => {
  const names = readdirSync(MODELS);

  it("are small enough for a repository", () => {
    const files = names.flatMap((name) => readdirSync(join(MODELS, name)).map((file) => join(MODELS, name, file)));
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    assert.ok(names.length > 0 && bytes <= MOST, `${names.length} models, ${bytes} bytes`);
  });

  for (const name of names)
    it(`${name} passed its gates, and says with which command and of which commit it was made`, () => {
      const { gates, forced, command, code } = JSON.parse(readFileSync(join(MODELS, name, "manifest.json"), "utf8"));
      assert.deepEqual([gates, forced], ["all passed", false]);
      assert.match(command, /^telos train --config \S+ --data .+ --out models\//);
      assert.match(code, /^[0-9a-f]{7,40}$/);
    });
});
