import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadAgentConfig } from "../../src/agent/setup/AgentConfig.js";
import { extended, loadRobotConfig, loadSceneConfig, loadYaml, type YamlDocument } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";

const folder = mkdtempSync(join(tmpdir(), "telos-extends-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** YAML of a value, each leaf on a line of its own: text that tells where it came from. */
function written(value: unknown, indent = ""): string {
  if (Array.isArray(value)) return value.map((item) => `\n${indent}-${written(item, `${indent}  `)}`).join("");
  if (typeof value !== "object" || value === null) return ` ${JSON.stringify(value)}`;
  return Object.entries(value)
    .map(([key, inner]) => `\n${indent}${key}:${written(inner, `${indent}  `)}`)
    .join("");
}

type Tree = { [key: string]: Tree | string };
const grow = (rng: Rng, who: string, depth: number): Tree =>
  Object.fromEntries(
    ["a", "b", "c", "d"]
      .filter((key) => key === "a" || rng.uniform() < 0.6)
      .map((key, i) => [
        key,
        depth > 0 && rng.uniform() < 0.6
          ? grow(rng, who, depth - 1)
          : `${who}${i}${depth}${Math.floor(rng.range(0, 1e6))}`,
      ]),
  );

/** Every leaf of a tree with its way there. */
const leaves = (tree: Tree, path: string[] = []): [string[], string][] =>
  Object.entries(tree).flatMap(([key, inner]) =>
    typeof inner === "string" ? [[[...path, key], inner] as [string[], string]] : leaves(inner, [...path, key]),
  );

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** The text at a document's place of a value. */
function textAt(document: YamlDocument, path: readonly PropertyKey[], texts: ReadonlyMap<string, string>): string {
  const { file: name, line, col } = document.locate(path);
  return texts
    .get(name)!
    .split("\n")
    [line - 1].slice(col - 1);
}

test("a key of the document counts, else the base's, and each is told of at its own file and place", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const rng = new Rng(seed),
      base = grow(rng, "base", 2),
      own = grow(rng, "own", 2);
    const under = file("base.yaml", written(base)),
      over = file("own.yaml", `extends: ./base.yaml${written(own)}`);
    const document = extended("scenes", loadYaml(over)),
      texts = new Map([
        [under, written(base)],
        [over, `extends: ./base.yaml${written(own)}`],
      ]);
    const hidden = (path: readonly string[]): boolean =>
      path.some((_, n) => typeof at(own, path.slice(0, n + 1)) === "string") || typeof at(own, path) === "object";
    for (const [path, value] of leaves(own)) {
      assert.equal(at(document.value, path), value, `seed ${seed}, ${path.join(".")}`);
      assert.equal(document.locate(path).file, over);
      assert.ok(textAt(document, path, texts).startsWith(JSON.stringify(value)));
    }
    for (const [path, value] of leaves(base).filter(([path]) => !hidden(path))) {
      assert.equal(at(document.value, path), value, `seed ${seed}, ${path.join(".")}`);
      assert.equal(document.locate(path).file, under);
      assert.ok(textAt(document, path, texts).startsWith(JSON.stringify(value)));
    }
    assert.equal(
      leaves(document.value as Tree).length,
      leaves(own).length + leaves(base).filter(([path]) => !hidden(path)).length,
    );
  }
});

test("lists of named things merge by name, others are replaced, null takes away", () => {
  file(
    "base.yaml",
    "list: [1, 2, 3]\nkept: { x: 1, y: 2 }\nlevels:\n  - { name: up, dt: 1 }\n  - { name: down, dt: 2 }",
  );
  const own = loadYaml(
    file(
      "own.yaml",
      "extends: ./base.yaml\nlist: [4]\nkept: { y: null }\nlevels:\n  - { name: new, dt: 5 }\n" +
        "  - { name: down, samples: 7 }",
    ),
  );
  const document = extended("agents", own);
  assert.deepEqual(document.value, {
    list: [4],
    kept: { x: 1 },
    levels: [
      { name: "up", dt: 1 },
      { name: "down", dt: 2, samples: 7 },
      { name: "new", dt: 5 },
    ],
  });
  assert.deepEqual(
    [
      document.locate(["levels", 1, "dt"]),
      document.locate(["levels", 1, "samples"]),
      document.locate(["levels", 2, "dt"]),
    ].map(({ file: name, line }) => [name.split("/").at(-1), line]),
    [
      ["base.yaml", 5],
      ["own.yaml", 6],
      ["own.yaml", 5],
    ],
  );
});

const refused: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  [
    "a base that extends another",
    "extends: ./middle.yaml",
    /own\.yaml:1:10 extends: got '\.\/middle\.yaml', which extends another file, want a file without extends/,
  ],
  ["itself", "extends: ./own.yaml", /own\.yaml:1:10 extends: got '\.\/own\.yaml', which extends another file/],
  [
    "a name that is not there",
    "extends: defalt",
    /own\.yaml:1:10 extends: got 'defalt' \(did you mean 'default'\?\), want one of: default, hands, learned, tracking/,
  ],
  [
    "a file that is not there",
    "extends: ./none.yaml",
    /own\.yaml:1:10 extends: got '\.\/none\.yaml', and \S+none\.yaml is no file/,
  ],
  [
    "no name at all",
    "extends: [default]",
    /own\.yaml:1:10 extends: got a list of 1, want the name of another file in config\/agents/,
  ],
  [
    "an unknown key of its own",
    "extends: default\nlevls: 1",
    /own\.yaml:2:1: got key 'levls' \(did you mean 'levels'\?\)/,
  ],
  ["an unknown key of the base", "extends: ./wrong.yaml", /wrong\.yaml:2:1: got key 'levls'/],
  [
    "a value out of its range that the base has",
    "extends: ./far.yaml",
    /far\.yaml:2:\d+ reflex\.lead: got '99 s', want at most 0\.2 \(s\)/,
  ],
  [
    "a value out of its range in a level of the base",
    "extends: default\nlevels: [{ name: motion, horizon: 0 }]",
    /own\.yaml:2:\d+ levels\[1\]\.horizon: got 0/,
  ],
];
for (const [what, text, message] of refused)
  test(`extends ${what} is refused where it is written`, () => {
    file("middle.yaml", "extends: default\nname: middle");
    file("wrong.yaml", "name: wrong\nlevls: 1");
    file("far.yaml", "name: far\nreflex: { lead: 99 s }\nlevels: []");
    assert.throws(() => loadAgentConfig(file("own.yaml", text)), message);
  });

test("what the base's file names beside itself is found beside the base", () => {
  const robot = loadRobotConfig(file("mine.yaml", "extends: ur5\nname: mine\nlimits: { velocity_scale: 0.3 }")),
    ur5 = loadRobotConfig("ur5");
  assert.deepEqual(robot, { ...ur5, name: "mine", limits: { ...ur5.limits, velocity_scale: 0.3 } });
  const scene = loadSceneConfig(file("scene.yaml", "extends: wall\nname: scene\nrobot: ./mine.yaml"));
  assert.equal(scene.robot, join(folder, "mine.yaml"));
});
