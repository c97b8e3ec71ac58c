// Finds the ROS 2 to use, and the environment that a process needs for it.
//
// A sourced ROS is used unchanged. Without one, the ROS prefix is the venv in which the set-up installs wheels.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { INTERFACES, PACKAGE, ROS, SETUP_SH, VENV } from "./paths.mjs";

const split = (list) => (list ?? "").split(delimiter).filter(Boolean);
const isOwn = (path) => path === ROS || path.startsWith(`${ROS}/`);

/**
 * The ROS 2 sourced in this environment, or that of the wheels: { mode, distro, prefix, interfaces }. `interfaces` is
 * the prefix of a sourced workspace that has our messages. .ros/setup.sh does not count as sourced.
 */
export function detectRos(env = process.env) {
  const foreign = split(env.AMENT_PREFIX_PATH).filter((p) => !isOwn(p));
  const prefix = foreign.find((p) => existsSync(join(p, "share", "rcl")));
  if (!env.ROS_DISTRO || !prefix) return { mode: "wheels", distro: "kilted", prefix: VENV };
  const interfaces = foreign.find(hasOurInterfaces);
  return { mode: "sourced", distro: env.ROS_DISTRO, prefix, ...(interfaces && { interfaces }) };
}

/** Whether a prefix (of a colcon workspace) has the same messages as this checkout. */
function hasOurInterfaces(prefix) {
  const share = join(prefix, "share", "telos_interfaces");
  const same = (file) =>
    existsSync(join(share, file)) &&
    readFileSync(join(share, file), "utf8") === readFileSync(join(PACKAGE, file), "utf8");
  if (!existsSync(PACKAGE)) return existsSync(share); // installed from an archive, which has no message sources
  return (
    existsSync(share) &&
    ["action", "msg", "srv"].every((kind) => readdirSync(join(PACKAGE, kind)).every((name) => same(join(kind, name))))
  );
}

/** Folder of the venv's Python packages. */
export function sitePackages(prefix = VENV) {
  const lib = join(prefix, "lib");
  const python = existsSync(lib) && readdirSync(lib).find((d) => /^python3\.\d+$/.test(d));
  return python ? join(lib, python, "site-packages") : null;
}

/**
 * Where colcon put our Python package: local/lib/…/dist-packages with Debian's Python, lib/…/site-packages with others.
 */
function interfacesPython() {
  const places = ["lib", "local/lib"]
    .map((d) => join(INTERFACES, d))
    .filter(existsSync)
    .flatMap((lib) =>
      readdirSync(lib)
        .filter((d) => d.startsWith("python"))
        .map((d) => join(lib, d)),
    )
    .flatMap((dir) => ["site-packages", "dist-packages"].map((d) => join(dir, d)));
  return places.find((dir) => existsSync(join(dir, "telos_interfaces"))) ?? null;
}

/** The variables to set, and the paths to prepend. */
export function variables(ros) {
  if (ros.interfaces) return { set: {}, prepend: {} }; // the sourced workspace has everything
  const python = interfacesPython();
  const own = {
    LD_LIBRARY_PATH: [join(INTERFACES, "lib")],
    PYTHONPATH: python ? [python] : [],
  };
  if (ros.mode === "sourced") {
    return { set: {}, prepend: { ...own, AMENT_PREFIX_PATH: [INTERFACES], CMAKE_PREFIX_PATH: [INTERFACES] } };
  }
  // The wheels' own libraries lie in *.libs folders. An rpath would find them, but rcpputils looks up typesupport and
  // middleware by LD_LIBRARY_PATH only. AMENT_PREFIX_PATH is set, not extended: two ROS distributions do not mix.
  const site = sitePackages();
  const libs = site
    ? readdirSync(site)
        .filter((d) => d.endsWith(".libs"))
        .sort()
        .map((d) => join(site, d))
    : [];
  const prefixes = [INTERFACES, VENV].join(delimiter);
  return {
    set: {
      ROS_DISTRO: ros.distro,
      ROS_VERSION: "2",
      ROS_PYTHON_VERSION: "3",
      RMW_IMPLEMENTATION: "rmw_fastrtps_cpp",
      AMENT_PREFIX_PATH: prefixes,
      CMAKE_PREFIX_PATH: prefixes,
    },
    prepend: {
      ...own,
      LD_LIBRARY_PATH: [...own.LD_LIBRARY_PATH, join(VENV, "lib"), ...libs],
      PATH: [join(VENV, "bin")],
    },
  };
}

/** The environment `base`, extended by what a process needs to use this ROS and our interfaces. */
export function rosEnv(ros, base = process.env) {
  const { set, prepend } = variables(ros);
  const env = { ...base, ...set };
  for (const [name, paths] of Object.entries(prepend)) {
    const rest = split(env[name]).filter((p) => !paths.includes(p));
    if (paths.length) env[name] = [...paths, ...rest].join(delimiter);
  }
  return env;
}

/** Whether this very process was started with that environment (libraries cannot be added to it later). */
export function hasRosEnv(ros, env = process.env) {
  const { set, prepend } = variables(ros);
  return (
    Object.entries(set).every(([name, value]) => env[name] === value) &&
    Object.entries(prepend).every(([name, paths]) => paths.every((p) => split(env[name]).includes(p)))
  );
}

const quote = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The same environment as a script for any shell. */
export function setupScript(ros) {
  const { set, prepend } = variables(ros);
  const lines = [
    "# The environment of a process that speaks with telos over ROS 2. Made by the set-up; source it in any POSIX " +
      "shell.",
  ];
  const outer = join(ros.prefix, "setup.sh");
  if (ros.mode === "sourced" && existsSync(outer)) {
    lines.push(`if [ "\${ROS_DISTRO-}" != ${quote(ros.distro)} ]; then . ${quote(outer)}; fi`);
  }
  for (const [name, value] of Object.entries(set)) lines.push(`export ${name}=${quote(value)}`);
  for (const [name, paths] of Object.entries(prepend)) {
    for (const path of [...paths].reverse()) {
      lines.push(
        `case ":\${${name}-}:" in *:${quote(path)}:*) ;; *) ${name}=${quote(path)}\${${name}:+:\$${name}} ;; esac`,
      );
    }
    if (paths.length) lines.push(`export ${name}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Writes .ros/setup.sh if it would change. */
export function writeSetupScript(ros) {
  const text = setupScript(ros);
  if (existsSync(SETUP_SH) && readFileSync(SETUP_SH, "utf8") === text) return;
  mkdirSync(dirname(SETUP_SH), { recursive: true });
  writeFileSync(SETUP_SH, text);
}
