import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../src/config/index.js";

const root = packageRoot();
const src = join(root, "src");

/**
 * What each room may import beside itself, and the only rooms that may import a package: docs/architecture.md is made
 * from the same file.
 */
const { rooms, packages } = JSON.parse(readFileSync(join(root, "docs", "rooms.json"), "utf8")) as {
  readonly rooms: Readonly<Record<string, { readonly holds: string; readonly imports: readonly string[] }>>;
  readonly packages: Readonly<Record<string, readonly string[]>>;
};

const BEFORE = [
  /^\s*(?:import|export)\s+(?<type>type\s)?[^;]*?\bfrom\s*/,
  /\bimport\(\s*/,
  /\brequire\w*\([^)]*\)\(\s*/,
  /^\s*import\s*/,
];
const IMPORT = new RegExp(`(?:${BEFORE.map((r) => r.source).join("|")})["'](?<to>[^"']+)["']`, "gm");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
const imports = files.flatMap((file) =>
  [...readFileSync(join(src, file), "utf8").matchAll(IMPORT)].map(({ groups }) => ({
    file,
    room: file.split("/")[0],
    to: groups!.to,
    type: groups!.type !== undefined,
  })),
);
const target = (file: string, to: string): string =>
  relative(src, resolve(src, dirname(file), to)).replace(/\.js$/, ".ts");

describe("architecture", () => {
  it("has every room of the design, and no other", () => {
    const found = readdirSync(src, { withFileTypes: true })
      .filter((d) => d.isDirectory())
      .map((d) => d.name);
    assert.deepEqual(found.sort(), Object.keys(rooms).sort());
  });

  it("imports go downward only, siblings never, and nothing of src imports from bench or test", () => {
    const wrong = imports.filter(({ file, room, to }) => {
      if (!to.startsWith(".")) return false;
      const there = target(file, to).split("/")[0];
      return there === ".." || (!room.endsWith(".ts") && there !== room && !rooms[room].imports.includes(there));
    });
    assert.deepEqual(
      wrong.map(({ file, to }) => `${file} imports ${to}`),
      [],
    );
  });

  it("a room is told after all that it may import", () => {
    const order = Object.keys(rooms);
    for (const [name, { imports: may }] of Object.entries(rooms))
      for (const other of may)
        assert.ok(order.indexOf(other) < order.indexOf(name) && order.includes(other), `${name} may import ${other}`);
  });

  it("no file needs itself by way of others", () => {
    const needs = new Map(
      files.map((f) => [
        f,
        imports.filter((i) => i.file === f && i.to.startsWith(".") && !i.type).map((i) => target(f, i.to)),
      ]),
    );
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      assert.ok(!way.includes(file), [...way.slice(way.indexOf(file)), file].join(" → "));
      if (done.has(file)) return;
      for (const next of needs.get(file) ?? []) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it("each outside package is seen from the rooms that own it alone", () => {
    const wrong = imports.filter(({ room, to }) =>
      Object.entries(packages).some(
        ([name, owners]) => (to === name || to.startsWith(`${name}/`)) && !owners.includes(room),
      ),
    );
    assert.deepEqual(
      wrong.map(({ file, to }) => `${file} imports ${to}`),
      [],
    );
  });

  it("finds imports at all", () => assert.ok(imports.length > 300));
});
