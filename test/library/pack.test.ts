import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { packageRoot } from "../../src/config/index.js";

const root = packageRoot(),
  modules = join(root, "node_modules"),
  place = mkdtempSync(join(tmpdir(), "telos-pack-")),
  app = join(place, "app"),
  installed = join(app, "node_modules", "telos");
after(() => rmSync(place, { recursive: true }));

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/** A program of someone else. The second half is wrong on purpose: were the types not found, nobody would object. */
const PROGRAM = `import { Agent, loadSetup, taskFor } from "telos/agent";
import { ConfigError } from "telos/config";
import { ResidualCost } from "telos/cost";
import { SafetyFilter } from "telos/guardrails";
import { Kinematics } from "telos/kinematics";
import { createLevel } from "telos/planner";
import { simulate } from "telos/sim";
const things: unknown[] = [Agent, ConfigError, ResidualCost, SafetyFilter, Kinematics, createLevel];
const setup = loadSetup({ robot: "arm7", agent: "default" });
const robot = await simulate("table");
robot.advance(0.1);
console.log(things.length, taskFor(setup, "reach").name, robot.clock.now().toFixed(1));
// @ts-expect-error
void ((): unknown => simulate(5));
// @ts-expect-error
void ((): unknown => new Kinematics("arm7"));
`;

/** `npm install` of the archive in a fresh folder, with the packages that it depends on linked and not fetched. */
describe("what npm packs", () => {
  it("is one archive with all that is needed and no tests", () => {
    run("npm", ["pack", "--ignore-scripts", "--pack-destination", place], root);
    const [archive] = readdirSync(place).filter((file) => file.endsWith(".tgz"));
    run("tar", ["xzf", archive], place);
    mkdirSync(join(app, "node_modules"), { recursive: true });
    renameSync(join(place, "package"), installed);
    symlinkSync(modules, join(place, "node_modules"));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    assert.equal(archive, `telos-${version}.tgz`);
    for (const absent of ["test", "examples", "shared", ".ros", "dist/test"])
      assert.throws(() => readdirSync(join(installed, absent)), absent);
  });

  it("can be imported, with its types, and has a command that runs", () => {
    writeFileSync(join(app, "package.json"), `{ "type": "module" }`);
    writeFileSync(join(app, "main.ts"), PROGRAM);
    const options = ["--strict", "--target", "ES2022", "--module", "NodeNext", "--skipLibCheck"];
    run(
      process.execPath,
      [
        join(modules, "typescript", "bin", "tsc"),
        ...options,
        "--types",
        "node",
        "--typeRoots",
        join(modules, "@types"),
        "main.ts",
      ],
      app,
    );
    assert.equal(run(process.execPath, ["main.js"], app), "6 reach 0.1\n");
    const command = join(installed, "scripts", "telos.mjs");
    assert.match(run(process.execPath, [command, "plan", "--task", "reach"], app), /reach/);
  });
});
