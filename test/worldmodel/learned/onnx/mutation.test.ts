import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzModels } from "../../../fuzz/modelFuzz.js";

test("1,000 mutated manifests and graphs are refused with their place, or sound; the process lives", async () => {
  const { manifests, graphs, refused, wrong } = await fuzzModels(1000, 1);
  assert.deepEqual([manifests, graphs], [250, 750]);
  assert.deepEqual(wrong, []);
  assert.ok(refused > 300 && refused < 1000, `${refused} refused`);
});
