// Finds what the machine itself must provide. The set-up makes everything else.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Versions of Python for which the ROS wheels exist. */
export const WHEEL_PYTHONS = ["3.11", "3.12", "3.13", "3.14"];

/** The set-up cannot continue; `fix` says what the user can do. */
export class SetupError extends Error {
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}

export function which(program, path = process.env.PATH ?? "") {
  return (
    path
      .split(delimiter)
      .map((dir) => join(dir, program))
      .find((file) => existsSync(file)) ?? null
  );
}

const PROBE = `
import json, os, sys, sysconfig, importlib.util as u
print(json.dumps({
  "executable": getattr(sys, "_base_executable", sys.executable), "version": "%d.%d" % sys.version_info[:2],
  "venv": u.find_spec("venv") is not None and u.find_spec("ensurepip") is not None,
  "headers": os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h"))}))`;

/** Asks a Python for its properties; null if it does not run, as a pyenv shim without its home. */
function probe(python) {
  const r = spawnSync(python, ["-c", PROBE], { encoding: "utf8" });
  try {
    return JSON.parse(r.stdout);
  } catch {
    return null;
  }
}

/** A Python that the wheels fit and that can build against them; otherwise the error says what the best one lacks. */
export function findPython() {
  const names = ["python3", ...WHEEL_PYTHONS.map((v) => `python${v}`), "/usr/bin/python3"];
  const candidates = process.env.TELOS_PYTHON ? [process.env.TELOS_PYTHON] : names;
  const found = candidates.map(probe).filter((p) => p && WHEEL_PYTHONS.includes(p.version));
  const good = found.find((p) => p.venv && p.headers);
  if (good) return good;
  if (found.length === 0) {
    throw new SetupError(
      `no Python ${WHEEL_PYTHONS.join(", ")} found (tried ${candidates.join(", ")})`,
      "install one (apt install python3 python3-venv python3-dev), or set TELOS_PYTHON=/path/to/python3",
    );
  }
  const [best] = found;
  const lacks = [...(best.venv ? [] : ["venv"]), ...(best.headers ? [] : ["dev"])];
  throw new SetupError(
    `${best.executable} (Python ${best.version}) lacks ${lacks.join(" and ")}`,
    `apt install ${lacks.map((l) => `python${best.version}-${l}`).join(" ")}`,
  );
}

/**
 * The Python of a ROS environment: the first one that can load rclpy. It may not be plain `python3`, if conda or pyenv
 * comes first on PATH. Null if there is none; the nodes run without it.
 */
export function rosPython(env) {
  const candidates = [which("python3", env.PATH), "/usr/bin/python3"].filter(Boolean);
  return candidates.find((python) => spawnSync(python, ["-c", "import rclpy"], { env }).status === 0) ?? null;
}

/** Checks Node and compilers, which both the wheels and a sourced ROS need. */
export function checkHost() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    // older versions cannot load rclnodejs, which mixes two kinds of modules
    throw new SetupError(`Node ${process.versions.node} is too old`, "install Node 20.19 or newer");
  }
  const missing = ["gcc", "g++", "make"].filter((tool) => !which(tool));
  if (missing.length) throw new SetupError(`not found: ${missing.join(", ")}`, "apt install build-essential");
}

/** The folder whose include/node has this Node's headers, so that they need not be downloaded; or null. */
export function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include", "node", "node.h")) ? prefix : null;
}

export function ubuntuCodename() {
  try {
    const release = readFileSync("/etc/os-release", "utf8");
    return /^ID=ubuntu$/m.test(release) ? (/^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? null) : null;
  } catch {
    return null;
  }
}
