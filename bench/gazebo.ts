import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import rclnodejs from "rclnodejs";
import { loadSetup } from "../src/agent/setup/AgentSetup.js";
import { expectedTrackingError } from "../src/agent/robot/trackingError.js";
import { trueLimits } from "../src/agent/robot/trueLimits.js";
import { NodeProcess } from "../src/cli/NodeProcess.js";
import { loadSceneConfig, packageRoot, sceneCameras } from "../src/config/index.js";
import { monotonic } from "../src/core/time/SharedClock.js";
import { AccomplishClient } from "../src/adapters/ros/client/AccomplishClient.js";
import { drawGoals } from "../src/evaluation/drawGoals.js";
import { FollowedPath } from "./FollowedPath.js";
import { quantile } from "../src/evaluation/quantile.js";

/**
 * `npm run bench:gazebo [-- --scene table --scene wall --goals 20 --seed 1]`: goals in true Gazebo, headless, its own
 * controllers, over ros_gz_bridge as gazebo.launch.py has it. Needs `gz` (or `ign`, Fortress) and ros_gz_bridge, or
 * another program that does its work, named by TELOS_GZ_BRIDGE; a display for cameras where the render engine wants
 * one. `--engine ogre` for one that is not ogre2.
 */
const { values } = parseArgs({
  options: {
    scene: { type: "string", multiple: true, default: ["table", "wall"] },
    goals: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    engine: { type: "string", default: "ogre2" },
    keep: { type: "boolean", default: false },
  },
});
const UP_WITHIN = 60_000,
  GOAL_WITHIN = 120_000; // ms

interface Measured {
  readonly scene: string;
  readonly reached: string;
  readonly expected: number; // rad
  readonly p99: number; // rad
  readonly worst: number; // rad
  readonly velocity: number; // of the limit
  readonly lag: number; // s, beyond controller.transport
  readonly camera: string; // Hz of simulated time, got and wanted
  readonly pace: number; // simulated s per s
  readonly refused: string; // joint states
  readonly failures: readonly string[];
}

/** The words that start Gazebo's server; undefined where there is none. */
function gazebo(): { readonly words: readonly string[]; readonly old: boolean } | undefined {
  for (const [program, command] of [
    ["gz", "sim"],
    ["ign", "gazebo"],
  ] as const) {
    const { status, stdout } = spawnSync(program, [command, "--versions"], { encoding: "utf8", env: plain }),
      version = /(\d+)\.(\d+)/.exec(stdout ?? "");
    if (status === 0 && version)
      return {
        words: [program, command],
        old: program === "ign" && Number(version[1]) === 6 && Number(version[2]) < 16,
      };
  }
  return undefined;
}

function bridge(): readonly string[] | undefined {
  if (process.env.TELOS_GZ_BRIDGE) return [process.env.TELOS_GZ_BRIDGE];
  const found = spawnSync("ros2", ["pkg", "prefix", "ros_gz_bridge"], { encoding: "utf8" });
  return found.status === 0
    ? [
        join(found.stdout.trim(), "lib", "ros_gz_bridge", "parameter_bridge"),
        "--ros-args",
        "-p",
        "config_file:=bridge.yaml",
      ]
    : undefined;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gazebo's libraries are not those that ROS made of wheels brings along. */
const { LD_LIBRARY_PATH: _, ...plain } = process.env;

async function measure(
  scene: string,
  words: readonly string[],
  old: boolean,
  over: readonly string[],
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "telos-gazebo-")),
    file = join(folder, "world.sdf"),
    processes: ChildProcess[] = [];
  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): void => {
    const child = spawn(program, args, { env, stdio: values.keep ? "inherit" : "ignore", detached: true });
    child.on("error", (error) => process.stderr.write(`${program}: ${error.message}\n`));
    processes.push(child);
  };
  const written = spawnSync(
    process.execPath,
    [join(packageRoot(), "dist", "src", "main.js"), "export", "sdf", "--scene", scene, "--out", file],
    { encoding: "utf8" },
  );
  if (written.status !== 0) throw new Error(written.stderr);
  const text = readFileSync(file, "utf8").replaceAll("ogre2", values.engine!);
  writeFileSync(
    file,
    old ? text.replaceAll("gz-sim-", "ignition-gazebo-").replaceAll("gz::sim::", "ignition::gazebo::") : text,
  );
  const { robot } = loadSceneConfig(scene),
    setup = loadSetup({ robot, agent: "default", scene, law: "gazebo" }),
    limits = trueLimits(setup);
  const node = new rclnodejs.Node(`bench_gazebo_${scene}`),
    path = new FollowedPath(
      node,
      setup.arm.jointNames,
      limits.velocity,
      Object.keys(sceneCameras(loadSceneConfig(scene))),
    );
  let agent: NodeProcess | undefined,
    refused = 0;
  try {
    start(words[0], [...words.slice(1), "-s", "-r", file], plain);
    start(
      over[0],
      over.slice(1).map((word) => word.replace("bridge.yaml", join(folder, "bridge.yaml"))),
      process.env,
    );
    node.spin();
    for (const limit = Date.now() + UP_WITHIN; path.states < 100; await sleep(100))
      if (Date.now() > limit) throw new Error(`no joint states from Gazebo within ${UP_WITHIN / 1000} s`);
    await sleep(3000); // it swings from 0 to where the scene begins
    agent = new NodeProcess({
      name: "agent",
      args: ["agent", "--scene", scene, "--controller", "gazebo", "--sim-time"],
      sign: "[INFO]",
      onLine: (line) => (
        values.keep && process.stderr.write(`${line}\n`),
        (refused += /ahead of the clock/.test(line) ? 1 : 0)
      ),
    });
    const client = new AccomplishClient(node);
    await client.ready(UP_WITHIN / 1000);
    await sleep(3000);
    path.begin();
    const began = monotonic(),
      simulated = path.now,
      failures: string[] = [],
      goals = drawGoals(setup, Number(values.goals), Number(values.seed));
    for (const [i, { task }] of goals.entries()) {
      const end = await client
        .accomplish(task, AbortSignal.timeout(GOAL_WITHIN))
        .catch((error: Error) => ({ success: false, message: error.message }));
      if (!end.success) failures.push(`goal ${i + 1}: ${end.message}`);
      process.stderr.write(`${scene} ${i + 1} of ${goals.length}: ${end.success ? "reached" : end.message}\n`);
    }
    const span = path.now - simulated,
      wanted = Object.values(sceneCameras(loadSceneConfig(scene)))[0]?.rate;
    return {
      scene,
      failures,
      refused: String(refused),
      reached: `${goals.length - failures.length} of ${goals.length}`,
      expected: Math.max(...expectedTrackingError(setup)),
      p99: quantile(path.errors, 0.99),
      worst: quantile(path.errors, 1),
      velocity: path.velocity,
      lag: path.lag,
      camera: wanted === undefined ? "none" : `${(path.images / span).toFixed(1)} of ${wanted}`,
      pace: span / (monotonic() - began),
    };
  } finally {
    await agent?.end();
    for (const { pid } of processes) {
      try {
        process.kill(-pid!, "SIGKILL"); // its own process group: Gazebo is a script that starts others
      } catch {
        // it is gone
      }
    }
    node.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

const found = gazebo(),
  over = bridge();
if (found === undefined || over === undefined)
  process.stdout.write(
    "skipped: " +
      (found === undefined
        ? "there is no Gazebo here (neither `gz sim` nor `ign gazebo`)"
        : "there is no ros_gz_bridge here, and TELOS_GZ_BRIDGE names nothing in its place") +
      `\n`,
  );
else {
  await rclnodejs.init();
  const rows: (readonly string[])[] = [
      [
        "scene",
        "goals",
        "tracking p99, worst, declared",
        "velocity / limit",
        "later than transport, ms",
        "camera, Hz",
        "simulated s per s",
        "joint states refused",
      ],
    ],
    failures: string[] = [];
  for (const scene of values.scene!) {
    const m = await measure(scene, found.words, found.old, over);
    rows.push([
      m.scene,
      m.reached,
      [m.p99, m.worst, m.expected].map((x) => `${(1000 * x).toFixed(1)}`).join(", ") + " mrad",
      m.velocity.toFixed(3),
      (1000 * m.lag).toFixed(1),
      m.camera,
      m.pace.toFixed(2),
      m.refused,
    ]);
    failures.push(...m.failures.map((f) => `${scene}, ${f}`));
  }
  const wide = rows[0].map((_, c) => Math.max(...rows.map((r) => r[c].length)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, c) => cell.padEnd(wide[c]))
        .join("  ")
        .trimEnd()}\n`,
    );
  for (const f of failures) process.stdout.write(`${f}\n`);
  rclnodejs.shutdown();
  process.exit(0);
}
