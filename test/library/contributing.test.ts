import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { packageRoot } from "../../src/config/index.js";

const root = packageRoot();
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const json = (file: string): any => JSON.parse(read(file));

test("every file, folder, script and link that CONTRIBUTING names is there", () => {
  const text = read("CONTRIBUTING.md");
  const paths = [...text.matchAll(/`((?:src|test|config|docs|examples)\/[\w./-]+)`/g)].map(([, path]) => path),
    links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, path]) => path);
  assert.ok(paths.length > 15 && links.length > 4);
  for (const path of [...paths, ...links]) assert.ok(existsSync(join(root, path)), path);
  const { scripts } = json("package.json");
  for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) assert.ok(name in scripts, `npm run ${name}`);
});

test("one version everywhere, and the changelog tells of it", () => {
  const { version } = json("package.json"),
    lock = json("package-lock.json");
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.deepEqual([lock.version, lock.packages[""].version], [version, version]);
  for (const name of ["telos_agent", "telos_gazebo", "interfaces"])
    assert.equal(/<version>(.*)<\/version>/.exec(read(`${name}/package.xml`))![1], version, name);
  const headings = [...read("CHANGELOG.md").matchAll(/^## \[([^\]]+)\]( - \d{4}-\d{2}-\d{2})?$/gm)];
  assert.deepEqual(
    headings.slice(0, 2).map(([, name]) => name),
    ["Unreleased", version],
  );
  assert.ok(headings.slice(1).every(([, , date]) => date !== undefined));
});

test("the issue forms are forms, and a bug report asks for the doctor, versions and a recording", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  const forms = readdirSync(join(root, folder))
    .filter((file) => file !== "config.yml")
    .map((file) => parse(read(`${folder}/${file}`)));
  for (const { name, description, body } of forms) {
    assert.ok(name && description && body.length > 0);
    for (const { type, id, attributes } of body)
      if (type === "markdown") assert.ok(attributes.value);
      else assert.ok(["textarea", "input"].includes(type) && id && attributes.label, JSON.stringify({ type, id }));
  }
  const bug = forms.find(({ labels }) => labels.includes("bug")).body.map(({ id }: { id?: string }) => id);
  for (const id of ["doctor", "versions", "recording"]) assert.ok(bug.includes(id), id);
});
