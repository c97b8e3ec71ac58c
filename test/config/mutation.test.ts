import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Rng } from "../../src/core/Rng.js";
import { ConfigError, configNames, drawScene, packageRoot, parseAgent, parseRobot, parseScene, parseYaml } from "../../src/config/index.js";
import type { ConfigKind, YamlDocument } from "../../src/config/index.js";

const loaders: readonly (readonly [ConfigKind, (document: YamlDocument) => unknown])[] = [
  ["scenes", (document) => drawScene(parseScene(document), new Rng(1))],
  ["robots", parseRobot],
  ["agents", parseAgent],
];

const splinters = ["[", "{", "]", "}", ":", "- ", "? ", "&a ", "*a", "!!js/x ", "%YAML 1.1\n", "---\n", "\u0000", "\t", '"', "'", "|\n", ">\n", "#", ".nan", "1e400", "-.inf", "__proto__: 1\n", "<<: ", "null", "~", "2 cm", "\ud800", "\r", "\n", "  ", "0x7f", "99999999999999999999", "constructor", "${x}", "\u202e"];

/** One to four edits of a text: cut, double, swap, flip a character, or drive a splinter in. */
function mutated(text: string, rng: Rng): string {
  for (let n = 1 + (rng.bits() % 4); n > 0; n--) {
    const at = rng.bits() % (text.length + 1);
    const to = Math.min(text.length, at + (rng.bits() % 30));
    const kind = rng.bits() % 5;
    if (kind === 0) text = text.slice(0, at) + text.slice(to);
    else if (kind === 1) text = text.slice(0, to) + text.slice(at);
    else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(rng.bits() % 0x180) + text.slice(at + 1);
    else text = text.slice(0, at) + splinters[rng.bits() % splinters.length].repeat(kind === 3 ? 1 : 1 + (rng.bits() % 100)) + text.slice(at);
  }
  return text;
}

test("2,100 mutated files are read or refused by a located ConfigError, nothing else", () => {
  const rng = new Rng(20);
  let refused = 0;
  let total = 0;
  for (const [kind, load] of loaders) {
    const texts = configNames(kind).map((name) => readFileSync(join(packageRoot(), "config", kind, `${name}.yaml`), "utf8"));
    for (let i = 0; i < 700; i++) {
      const text = mutated(texts[i % texts.length], rng);
      total++;
      try {
        load(parseYaml(text, "f.yaml"));
      } catch (error) {
        assert.ok(error instanceof ConfigError, `${(error as Error).stack}\n--- from:\n${text}`);
        for (const line of error.message.split("\n")) assert.match(line, /^f\.yaml:\d+:\d+( [^:]*(: ?[^:]+)*)?: got .+, want .+$/s, text);
        refused++;
      }
    }
  }
  assert.equal(total, 2_100);
  assert.ok(refused > 700 && refused < 2_100, `${refused} refused`);
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

test("every file that ships is good", () => {
  for (const [kind, load] of loaders) {
    for (const name of configNames(kind)) {
      const file = join(packageRoot(), "config", kind, `${name}.yaml`);
      load(parseYaml(readFileSync(file, "utf8"), file));
    }
  }
});
