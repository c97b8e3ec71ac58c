import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadYaml } from "../../src/config/index.js";
import { messageOf } from "./located.js";

const message = (text: string): string => messageOf(text, () => undefined);

const hostile: readonly (readonly [what: string, text: string, message: string])[] = [
  ["nested brackets", `a: ${"[".repeat(100_000)}`, "f.yaml:1:67: got nesting deeper than 64, want at most 64 levels"],
  [
    "nested brackets that look closed",
    '[ "]", '.repeat(1_000),
    "f.yaml:1:449: got nesting deeper than 64, want at most 64 levels",
  ],
  ["nested dashes", "- ".repeat(100_000), "f.yaml:1:129: got nesting deeper than 64, want at most 64 levels"],
  [
    "nested indentation",
    Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
    "f.yaml:65:65: got nesting deeper than 64, want at most 64 levels",
  ],
  ["an alias bomb", `a: &a [1, 1]\nb: &b [*a, *a]\nc: [*b, *b]`, "f.yaml:1:4: got the anchor '&a', want none"],
  ["an alias of nothing", "a: *b", "f.yaml:1:4: got the alias '*b', want the value itself"],
  ["a directive", "%YAML 1.1\n---\na: yes", "f.yaml:1:1: got the directive '%YAML 1.1', want none"],
  ["a tag directive", "%TAG ! tag:x,2000:\n---\na: 1", "f.yaml:1:1: got the directive '%TAG ! tag:x,2000:', want none"],
  [
    "an unknown tag",
    "a: !js/function 'x'",
    "f.yaml:1:4: got invalid YAML: Unresolved tag: !js/function, want YAML 1.2",
  ],
  ["two documents", "a: 1\n---\nb: 2", "f.yaml:2:1: got a second document, want one"],
  ["a key twice", "a: 1\nb: 2\na: 3", "f.yaml:3:1: got invalid YAML: Map keys must be unique, want YAML 1.2"],
  [
    "__proto__",
    "a: { __proto__: { polluted: true } }",
    "f.yaml:1:6: got the key '__proto__', which JavaScript reserves, want another one",
  ],
  [
    "constructor",
    "constructor: 1",
    "f.yaml:1:1: got the key 'constructor', which JavaScript reserves, want another one",
  ],
  [
    "a tab for indentation",
    "a:\n\tb: 1",
    "f.yaml:2:1: got invalid YAML: Tabs are not allowed as indentation, want YAML 1.2",
  ],
  [
    "a map as a key",
    "? { a: 1 }\n: 2",
    "f.yaml:1:3: got invalid YAML: With stringKeys, all keys must be strings, want YAML 1.2",
  ],
  ["an open string", 'a: "b', 'f.yaml:1:6: got invalid YAML: Missing closing "quote, want YAML 1.2'],
  ["too many tokens", "- a\n".repeat(60_000), "f.yaml:10001:1: got more than 40000 tokens, want a smaller file"],
  ["a text too long", `a: ${"b".repeat(10_000_000)}`, "f.yaml:1:1: got 10000003 bytes, want at most 262144 (bytes)"],
];

for (const [what, text, want] of hostile) {
  test(`${what}: one located error, at once`, () => {
    const start = performance.now();
    assert.equal(message(text), want);
    assert.ok(performance.now() - start < 20_000, "it does not hang");
  });
}

test("YAML 1.2 meanings: yes is a text, 010 is ten", () => {
  messageOf("a: yes\nb: 010\nc: 0x1F", ({ value }) =>
    assert.deepEqual({ ...(value as object) }, { a: "yes", b: 10, c: 31 }),
  );
});

test("files: none, a folder, a device, a pipe, 10 MB, bytes that are no text", () => {
  const folder = mkdtempSync(join(tmpdir(), "telos-yaml-"));
  try {
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    assert.throws(
      () => loadYaml(join(folder, "none.yaml")),
      /none\.yaml:1:1: got no readable file \(ENOENT\), want a YAML file/,
    );
    assert.throws(() => loadYaml(folder), /:1:1: got something that is not a file, want a YAML file/);
    execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
    assert.throws(() => loadYaml(join(folder, "pipe.yaml")), /:1:1: got something that is not a file/);
    assert.throws(() => loadYaml("/dev/zero"), /\/dev\/zero:1:1: got something that is not a file/);
    assert.throws(
      () => loadYaml(file("big.yaml", Buffer.alloc(10_000_000, "a"))),
      /big\.yaml:1:1: got 10000000 bytes, want at most 262144 \(bytes\)/,
    );
    assert.throws(
      () => loadYaml(file("bytes.yaml", Buffer.from([0x61, 0xff, 0xfe]))),
      /bytes\.yaml:1:1: got bytes that are not UTF-8, want text/,
    );
    assert.deepEqual(loadYaml(file("good.yaml", "\ufeffa: 1\n")).value, { a: 1 });
    assert.equal(loadYaml(file("empty.yaml", "")).value, null);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
