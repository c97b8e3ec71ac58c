import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { Checker } from "../../src/evaluation/Checker.js";
import { Program } from "../../src/evaluation/Program.js";
import { rosIsHere } from "../../src/evaluation/World.js";
import { skipWithout } from "../skipWithout.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const SOURCES = [
  ".npmrc",
  "LICENSE",
  "NOTICE",
  "bench",
  "config",
  "examples",
  "interfaces",
  "launch",
  "models",
  "package-lock.json",
  "package.json",
  "scripts",
  "src",
  "telos_agent",
  "telos_gazebo",
  "test",
  "tsconfig.json",
];

const colcon = rosIsHere && spawnSync("colcon", ["version-check", "--help"]).error === undefined;
const options = {
  skip: skipWithout([rosIsHere, "ROS 2 is not in the environment"], [colcon, "there is no colcon"]),
  timeout: 400_000,
};
const workspace = mkdtempSync(join(tmpdir(), "telos-ws-"));
const prefix = join(workspace, "install", "telos_agent");

/** The environment of the ROS underneath alone: the checkout's own messages must not stand in for the workspace's. */
function underlay(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ["AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH", "LD_LIBRARY_PATH", "PYTHONPATH"]) {
    env[name] = (env[name] ?? "")
      .split(":")
      .filter((path) => path !== "" && !path.startsWith(join(root, ".ros", "interfaces")))
      .join(":");
  }
  return {
    ...env,
    COLCON_HOME: join(workspace, "colcon"),
    MAKEFLAGS: `-j${availableParallelism()}`, // colcon's own has one job wait for another while the machine is busy
    ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + 31) % 102),
    ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
  };
}

/** The environment that `. install/setup.sh` gives. */
function overlay(): NodeJS.ProcessEnv {
  const text = execFileSync("sh", ["-c", ". install/setup.sh && env -0"], {
    cwd: workspace,
    env: underlay(),
    encoding: "utf8",
  });
  return Object.fromEntries(
    text
      .split("\0")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

before(
  () => {
    if (options.skip !== false) return;
    const source = join(workspace, "src", "telos");
    mkdirSync(source, { recursive: true });
    for (const name of SOURCES)
      if (existsSync(join(root, name))) cpSync(join(root, name), join(source, name), { recursive: true });
    const cmake = [
      "-DBUILD_TESTING=OFF",
      "-DPython3_EXECUTABLE=" +
        `${execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim()}`,
      `-DTELOS_NODE_MODULES=${join(root, "node_modules")}`,
    ];
    const built = spawnSync(
      "colcon",
      ["build", "--event-handlers", "console_cohesion+", "--cmake-args", "-GNinja", ...cmake],
      { cwd: workspace, env: underlay(), encoding: "utf8" },
    );
    assert.equal(built.status, 0, `${built.stdout}\n${built.stderr}`);
  },
  { timeout: 300_000 },
);
after(() => rmSync(workspace, { recursive: true, force: true }));

test(
  "a workspace that holds the repository builds its packages, and the ament index of its prefix names them",
  options,
  () => {
    const ask =
      "from ament_index_python.packages import get_package_prefix as p; print(p('telos_agent')); " +
      "print(p('telos_interfaces')); print(p('telos_gazebo'))";
    const found = execFileSync("python3", ["-c", ask], { env: overlay(), encoding: "utf8" }).trim().split("\n");
    assert.deepEqual(found, [
      prefix,
      join(workspace, "install", "telos_interfaces"),
      join(workspace, "install", "telos_gazebo"),
    ]);
    for (const name of ["config/robots/arm7.yaml", "launch/sim.launch.py", "package.xml", "dist/src/main.js"])
      assert.ok(existsSync(join(prefix, "share", "telos_agent", name)), name);
  },
);

test("lib/telos_agent holds what ros2 run finds: the command line, and one executable a node", options, () => {
  const help = (name: string): string =>
    execFileSync(join(prefix, "lib", "telos_agent", name), ["--help"], {
      env: overlay(),
      cwd: tmpdir(),
      encoding: "utf8",
    });
  assert.match(help("telos"), /^Usage: telos \[options\] \[command\]/);
  for (const node of ["agent", "sim", "guard"])
    assert.match(help(`telos_${node}`), new RegExp(`^Usage: telos ${node} `));
});

test("the installed nodes meet over DDS, and the arm reaches a goal", options, async (t) => {
  const env = { ...overlay(), TELOS_RUNS: join(workspace, "runs") };
  const node = (name: string, args: string[], sign: RegExp): Program =>
    new Program({ name, command: join(prefix, "lib", "telos_agent", name), args, env, sign });
  const sim = node("telos_sim", ["--scene", "table", "--no-camera"], /^telos_sim ready/);
  const agent = node("telos_agent", ["--scene", "table", "--sim-time", "--json"], /"state":"active"/);
  const checker = new Checker(env);
  t.after(() => Promise.all([agent.kill(), sim.kill(), checker.end()]));
  await Promise.all([sim.ready, agent.ready]);
  await checker.ready();
  const end = await checker.accomplish("reach");
  assert.equal(end.success, true, `${end.message}\n${agent.output()}`);
});
