#!/usr/bin/env node
// `npm run check`: format, lint, line lengths, types and import directions, of TypeScript and Python. It installs what
// it needs. `npm run fix` formats, and fixes what the linters can fix.
import { spawn } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { report, setup } from "./setup.mjs";
import { buildSources } from "./setup/build.mjs";
import { DIST, LINTERS, MODULES, ROOT } from "./setup/paths.mjs";
import { filesUnder } from "./setup/stamp.mjs";

const WIDTH = 120; // columns
const FOLDERS = ["src", "bench", "examples", "test", "scripts", "training", "launch"];
const files = (pattern) => FOLDERS.flatMap((dir) => filesUnder(join(ROOT, dir))).filter((file) => pattern.test(file));

/** Resolves to the program's output; if the program fails, rejects with it. */
function exec(program, args) {
  const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(said) : reject(new Error(said.trim() || `${program} ended with ${code}`)),
    );
  });
}

const npm = (name, ...args) => exec(join(MODULES, ".bin", name), args);
const python = (name, ...args) => exec(join(LINTERS, "bin", name), args);

/** Checks line lengths, because the formatters do not break comments and strings. A line with a URL may be longer. */
async function lineLengths() {
  const long = files(/\.(ts|mjs|py)$/).flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, i) => {
        const columns = [...line].length;
        return columns > WIDTH && !line.includes("://") ? [`${relative(ROOT, file)}:${i + 1}: ${columns} columns`] : [];
      }),
  );
  if (long.length) throw new Error(long.join("\n"));
}

/** Two lists that run in parallel, for two cores: the compiler and the steps that need its output, and all others. */
const LANES = [
  [
    { name: "types", run: () => buildSources({ exec }) },
    {
      name: "import directions",
      run: () => exec(process.execPath, ["--test", join(DIST, "test", "architecture.test.js")]),
    },
  ],
  [
    { name: "format", run: () => npm("oxfmt", "--check", "."), fix: "npm run fix" },
    { name: "line lengths", run: lineLengths },
    { name: "lint", run: () => npm("oxlint", "--deny-warnings", "--format=unix", ...FOLDERS) },
    { name: "Python format", run: () => python("ruff", "format", "--check", "--quiet", "."), fix: "npm run fix" },
    { name: "Python lint", run: () => python("ruff", "check", "--output-format=concise", ".") },
    { name: "Python types", run: () => python("mypy", ...files(/\.py$/)) },
  ],
];

async function perform({ name, run, fix }) {
  const began = performance.now();
  const fault = await run().then(
    () => null,
    (error) => error.message,
  );
  console.log(`${fault === null ? "✔" : "✖"} ${name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (fault !== null) console.log(fault.replace(/^/gm, "  ") + (fix ? `\n  fix: ${fix}` : ""));
  return fault === null;
}

/** Resolves to whether all steps passed, and prints what failed. */
export async function check() {
  await setup({ wanted: (name) => name !== "build" }); // the check has its own step for types
  const lane = async (steps) => {
    let ok = true;
    for (const step of steps) ok = (await perform(step)) && ok;
    return ok;
  };
  return (await Promise.all(LANES.map(lane))).every(Boolean);
}

async function fix() {
  await setup({ wanted: (name) => name !== "build" });
  const fix = (step) => step.catch((error) => console.log(error.message)); // a tool prints what it cannot fix
  await fix(npm("oxlint", "--fix", "--format=unix", ...FOLDERS));
  await fix(npm("oxfmt", "."));
  await fix(python("ruff", "check", "--fix", "--output-format=concise", "."));
  await fix(python("ruff", "format", "--quiet", "."));
}

if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    if (process.argv.includes("--fix")) await fix();
    else process.exitCode = (await check()) ? 0 : 1;
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}
