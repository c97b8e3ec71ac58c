import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../../src/config/index.js";

const root = packageRoot();
interface Entry {
  readonly types: string;
  readonly default: string;
}
const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, Entry | string>>;
};
const rooms = Object.entries(entries).filter((e): e is [string, Entry] => typeof e[1] !== "string");

/** `export { a, type B } from "./c.js"` of one file: each name, whether it is a type alone, and where it comes from. */
const reexports = (text: string): { name: string; type: boolean; from: string }[] =>
  [...text.matchAll(/^export (type )?\{([^}]+)\} from "([^"]+)";/gm)].flatMap(([, all, names, from]) =>
    names
      .split(",")
      .map((n) => ({ name: n.replace("type ", "").trim(), type: all !== undefined || /\btype /.test(n), from })),
  );

describe("the library", () => {
  for (const [path, entry] of rooms) {
    const name = path.replace("./", "telos/"),
      source = join(root, "src", "library", path.replace("./", "") + ".ts"),
      text = readFileSync(source, "utf8"),
      all = reexports(text);

    it(`${name} gives what it says, by that name, and its types are there`, async () => {
      const module = (await import(name)) as Record<string, unknown>;
      assert.deepEqual(
        Object.keys(module).sort(),
        all
          .filter((e) => !e.type)
          .map((e) => e.name)
          .sort(),
      );
      assert.ok(all.length > 0 && readFileSync(join(root, entry.types), "utf8").length > 0);
    });

    it(`${name}: every name has a docstring where it is declared, and the room an example that imports it`, () => {
      for (const { name: n, from } of all) {
        const file = resolve(dirname(source), from).replace(/\.js$/, ".ts"),
          declared = new RegExp(
            `\\*/\\nexport (declare )?(abstract )?(async )?(class|function|const|interface|type) ${n}\\b`,
          );
        assert.match(readFileSync(file, "utf8"), declared, `${n} of ${from}`);
      }
      const example = /^ \* Run: (examples\/\S+)$/m.exec(text);
      assert.ok(example, "the head names no example");
      const used = readdirSync(join(root, example[1])).filter((f) => f.endsWith(".ts"));
      assert.ok(
        used.some((f) => readFileSync(join(root, example[1], f), "utf8").includes(`from "${name}"`)),
        example[1],
      );
    });
  }

  it("nothing else of the package can be imported", async () => {
    const hidden = "telos/dist/src/agent/Agent.js";
    await assert.rejects(import(hidden), { code: "ERR_PACKAGE_PATH_NOT_EXPORTED" });
  });
});
