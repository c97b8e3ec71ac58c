import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { parseAgent } from "../../src/agent/setup/AgentConfig.js";
import {
  configNames,
  drawScene,
  extended,
  packageRoot,
  parseRobot,
  parseScene,
  parseYaml,
} from "../../src/config/index.js";
import type { ConfigKind, YamlDocument } from "../../src/config/index.js";
import { fuzzConfigs } from "../fuzz/configFuzz.js";

const loaders: readonly (readonly [ConfigKind, (document: YamlDocument) => unknown])[] = [
  ["scenes", (document) => drawScene(parseScene(document), new Rng(1))],
  ["robots", parseRobot],
  ["agents", parseAgent],
];

test("600 mutated files are read or refused by a located error, nothing else", () => {
  const { tried, refused, wrong } = fuzzConfigs(600, 20);
  assert.deepEqual(wrong, []);
  assert.ok(refused > tried / 3 && refused < tried, `${refused} refused`);
});

test("every file that ships is good", () => {
  for (const [kind, load] of loaders) {
    for (const name of configNames(kind)) {
      const file = join(packageRoot(), "config", kind, `${name}.yaml`);
      load(extended(kind, parseYaml(readFileSync(file, "utf8"), file)));
    }
  }
});
