// Writes ros-wheels.txt from ros-wheels.in. For maintainers: run it after changing the list.
//
// pip resolves the packages once for this Python. Then it says which file it would take under each Python that we
// support. The lock contains the hashes of all these files, so that one lock serves every machine.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WHEEL_PYTHONS } from "./host.mjs";

const here = new URL(".", import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), "lock-wheels-"));
const python = join(work, "venv", "bin", "python");
const platforms = ["manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014"].map((p) => `${p}_x86_64`);

function pipReport(...args) {
  const file = join(work, "report.json");
  execFileSync(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--dry-run",
    "--ignore-installed",
    "--report",
    file,
    ...args,
  ]);
  return JSON.parse(readFileSync(file, "utf8")).install.map(({ metadata, download_info }) => ({
    pin: `${metadata.name}==${metadata.version}`,
    hash: download_info.archive_info.hashes.sha256,
    wheel: download_info.url.endsWith(".whl"),
  }));
}

try {
  execFileSync("python3", ["-m", "venv", join(work, "venv")]);
  const resolved = pipReport("-r", join(here, "ros-wheels.in"));
  const hashes = new Map(resolved.map(({ pin, hash }) => [pin, new Set([hash])]));
  const wheels = join(work, "pins.txt");
  writeFileSync(
    wheels,
    resolved
      .filter((p) => p.wheel)
      .map((p) => `${p.pin}\n`)
      .join(""),
  );
  for (const version of WHEEL_PYTHONS) {
    const found = pipReport(
      "--no-deps",
      "--only-binary",
      ":all:",
      "--target",
      join(work, "none"),
      "--python-version",
      version,
      ...platforms.flatMap((p) => ["--platform", p]),
      "-r",
      wheels,
    );
    for (const { pin, hash } of found) hashes.get(pin).add(hash);
  }
  const lines = [...hashes]
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .map(([pin, set]) => [pin, ...[...set].sort().map((h) => `--hash=sha256:${h}`)].join(" \\\n    "));
  writeFileSync(
    join(here, "ros-wheels.txt"),
    `# Made by lock-wheels.mjs from ros-wheels.in; do not edit.\n${lines.join("\n")}\n`,
  );
  console.log(`${hashes.size} packages locked for Python ${WHEEL_PYTHONS.join(", ")}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
