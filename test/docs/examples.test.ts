import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Command } from "commander";
import { parse } from "yaml";
import { commands } from "../../src/cli/commands.js";
import { agentSchema } from "../../src/agent/setup/AgentConfig.js";
import { packageRoot, parseConfig, parseYaml, robotSchema, sceneSchema } from "../../src/config/index.js";
import { taskSchema } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";

const root = packageRoot();
const names = [
  "README.md",
  ...["guide", "safety", "experiments"].flatMap((folder) =>
    readdirSync(join(root, "docs", folder))
      .filter((file) => file.endsWith(".md"))
      .map((file) => join("docs", folder, file)),
  ),
];
const pages = new Map(names.map((name) => [name, readFileSync(join(root, name), "utf8")]));

/** The code blocks of a page in one language. */
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code]) => code);

/** Which file a block of YAML is, by the keys that it has; a block with a few keys of a file is none. */
function schemaOf(document: object): Parameters<typeof parseConfig>[0] | undefined {
  if ("goal" in document) return taskSchema(guardrailSchemas);
  if ("extends" in document || !("name" in document)) return undefined;
  if ("urdf" in document) return robotSchema;
  if ("fixed" in document) return sceneSchema;
  return "levels" in document ? agentSchema() : undefined;
}

test("what a page shows of YAML files is accepted by their schemas", () => {
  let seen = 0;
  for (const [name, text] of pages)
    for (const yaml of blocks(text, "yaml")) {
      const schema = schemaOf(parse(yaml) as object);
      if (schema === undefined) continue;
      seen++;
      parseConfig(schema, parseYaml(yaml, name));
    }
  assert.ok(seen >= 6, `only ${seen} files found`);
});

/** What stands behind `telos` in the commands of a page: words up to the end of the command. */
function calls(text: string): string[][] {
  const code = [
    ...blocks(text, "sh").flatMap((b) => b.split("\n")),
    ...[...text.matchAll(/`([^`\n]+)`/g)].map((m) => m[1]),
  ];
  return code.flatMap((line) =>
    [...line.matchAll(/(?:^|\s)(?:npx )?telos ([a-z].*?)(?=$|&&|\||#)/g)].map(([, rest]) => rest.trim().split(/\s+/)),
  );
}

test("each telos command of a page exists, with its options", async () => {
  const made = new Map<string, Command>();
  for (const [name, { file, name: make }] of Object.entries(commands)) {
    const module = (await import(new URL(`../../src/cli/${file}`, import.meta.url).href)) as Record<
      string,
      () => Command
    >;
    made.set(name, module[make]());
  }
  const wrong: string[] = [];
  let seen = 0;
  for (const [name, text] of pages)
    for (const words of calls(text)) {
      const command = made.get(words[0]);
      const inner = command?.commands.find((c) => c.name() === words[1]) ?? command;
      const before = words.includes("--ros-args") ? words.slice(0, words.indexOf("--ros-args")) : words;
      const options = before.filter((w) => w.startsWith("--")).map((w) => w.split("=")[0].replace(/[^\w-]/g, ""));
      seen++;
      if (inner === undefined) wrong.push(`${name}: telos ${words.join(" ")}`);
      for (const option of options)
        if (inner !== undefined && !inner.options.some((o) => o.long === option))
          wrong.push(`${name}: telos ${words[0]} has no ${option}`);
    }
  assert.ok(seen > 60, `only ${seen} commands found`);
  assert.deepEqual(wrong, []);
});

test("each npm script of a page exists", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const wrong = [...pages].flatMap(([name, text]) =>
    [...text.matchAll(/\bnpm run ([a-z][\w:]*)/g)]
      .filter(([, script]) => !(script in scripts))
      .map(([found]) => `${name}: ${found}`),
  );
  assert.deepEqual(wrong, []);
});

test("the loop of the README calls what the agent calls", () => {
  const [loop] = blocks(pages.get("README.md")!, "ts");
  const agent = readFileSync(join(root, "src", "agent", "Agent.ts"), "utf8");
  const called = [...loop.matchAll(/\b(?:reflex|robot|level|arrival)\.\w+(?=[(.])|\barrival\.resting\b/g)].map(
    ([call]) => call,
  );
  assert.ok(called.length >= 10);
  assert.deepEqual(
    called.filter((call) => !agent.includes(call)),
    [],
  );
});

/** Runs of three words, without numbers and what a message fills in. */
const shingles = (text: string): string[] => {
  const words = text.split(/[^\p{L}'-]+/u).filter((word) => word !== "");
  return words.slice(2).map((_, i) => words.slice(i, i + 3).join(" "));
};

test("the guide quotes messages as the program prints them", () => {
  const src = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  const printed = new Set(
    src.flatMap((f) => shingles(readFileSync(join(root, "src", f), "utf8").replace(/["`] \+\n\s*["`]/g, ""))),
  );
  const text = pages.get("docs/guide/your-arm.md")!;
  const table = text.slice(text.indexOf("## Messages and their causes"), text.indexOf("## What was tried"));
  const quotes = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, quote]) => quote);
  assert.ok(quotes.length >= 10);
  for (const quote of quotes) {
    const parts = shingles(quote.replaceAll("…", " \n ").replace(/\d[\d.]*/g, ""));
    const known = parts.filter((part) => printed.has(part)).length;
    assert.ok(parts.length < 4 || known >= parts.length / 6, `no message like: ${quote}`);
  }
});
