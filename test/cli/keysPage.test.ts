import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { keysOf } from "../../src/cli/keysPage.js";
import { agentSchema } from "../../src/agent/setup/AgentConfig.js";
import { configNames, packageRoot, robotSchema, sceneSchema } from "../../src/config/index.js";
import { taskSchema } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";

const schemas = {
  robots: robotSchema,
  scenes: sceneSchema,
  tasks: taskSchema(guardrailSchemas),
  agents: agentSchema(),
} as const;

test("every key has a meaning in words and a type", () => {
  for (const [kind, schema] of Object.entries(schemas))
    for (const row of keysOf(schema))
      assert.ok(row.meaning.length > 3 && row.type.length > 2, `${kind}: ${JSON.stringify(row)}`);
});

test("every key that a shipped file writes is on the page", () => {
  for (const [kind, schema] of Object.entries(schemas)) {
    const rows = keysOf(schema),
      keys = new Set(rows.map((r) => r.key)),
      elsewhere = rows.filter((r) => r.meaning.startsWith("as ")).map((r) => [r.key, r.meaning.slice(3)] as const);
    const open = rows
      .filter((r) => /^(map of names|angles|expression|object's id|position|orientation|list)/.test(r.type))
      .map((r) => r.key); // whose inside is the user's own
    const look = (value: unknown, path: string): void => {
      if (path === "extends") return; // of every file, told of above the tables
      for (const [from, to] of elsewhere)
        if (path === from || path.startsWith(`${from}.`)) path = to + path.slice(from.length);
      if (path !== "" && !path.endsWith("[]"))
        assert.ok(
          keys.has(path) ||
            keys.has(path.replace(/\.[^.]*$/, ".<name>")) ||
            open.some((key) => path.startsWith(`${key}.`)),
          `${kind}: ${path} is not on the page`,
        );
      if (Array.isArray(value)) for (const item of value) look(item, `${path}[]`);
      else if (typeof value === "object" && value !== null && !open.includes(path))
        for (const [key, inner] of Object.entries(value)) look(inner, path === "" ? key : `${path}.${key}`);
    };
    for (const name of configNames(kind as keyof typeof schemas))
      look(parse(readFileSync(join(packageRoot(), "config", kind, `${name}.yaml`), "utf8")), "");
  }
});
