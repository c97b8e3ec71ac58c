import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { armOfRobot } from "../agent/robot/armOfRobot.js";
import { loadAgentConfig } from "../agent/setup/AgentConfig.js";
import { configNames, loadRobotConfig } from "../config/index.js";
import { packageRoot } from "../config/resolveConfig.js";
import type { ControllerReading } from "../adapters/ros/agent/readController.js";
import { ddsRoundTrip } from "./ddsRoundTrip.js";

/** Returns in a few words what was found. Throws an Ailment if something is wrong. */
export interface Check {
  readonly name: string;
  run(): Promise<string>;
}

/** A problem, and how to fix it. */
export class Ailment extends Error {
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

const SETUP = "npm run setup";
const PYTHON =
  `${SETUP}; if ROS is sourced, put its Python first on PATH (usually /usr/bin), ` + "before conda's or pyenv's";
const run = promisify(execFile);

/** Runs a program for at most 20 s. A failure becomes an Ailment with the first error line that the program wrote. */
async function attempt(program: string, args: string[], fix: string): Promise<string> {
  try {
    return (await run(program, args, { cwd: packageRoot(), timeout: 20_000 })).stdout.trim();
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const lines = stderr.trim().split("\n");
    throw new Ailment(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? message, fix);
  }
}

async function nodeVersion(): Promise<string> {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Ailment(process.versions.node, "install Node 20.19 or newer");
  return process.versions.node;
}

async function ros(): Promise<string> {
  const prefixes = (process.env.AMENT_PREFIX_PATH ?? "").split(delimiter);
  const prefix = prefixes.find((p) => existsSync(join(p, "share", "rcl")));
  const distro = process.env.ROS_DISTRO;
  if (!distro || !prefix) throw new Ailment("none is sourced, and there is no project-local one", SETUP);
  if (["eloquent", "foxy", "galactic", "humble", "iron"].includes(distro)) {
    throw new Ailment(`${distro} in ${prefix} is too old`, "source Jazzy or newer, or none: telos then installs one");
  }
  return `${distro} in ${prefix}, ${process.env.RMW_IMPLEMENTATION ?? "default middleware"}`;
}

async function setUp(): Promise<string> {
  const due = (await attempt(process.execPath, [join(packageRoot(), "scripts", "setup.mjs"), "--plan"], SETUP))
    .split("\n")
    .filter(Boolean);
  if (due.length > 0) throw new Ailment(`these steps are due: ${due.join(", ")}`, SETUP);
  return "up to date";
}

async function messages(): Promise<string> {
  const generated = join(packageRoot(), "node_modules", "rclnodejs", "generated");
  const wanted = [
    "telos_interfaces",
    "sensor_msgs",
    "trajectory_msgs",
    "visualization_msgs",
    "diagnostic_msgs",
    "lifecycle_msgs",
  ];
  const missing = wanted.filter((name) => !existsSync(join(generated, name)));
  if (missing.length > 0) throw new Ailment(`not generated: ${missing.join(", ")}`, SETUP);
  return `${readdirSync(generated).filter((name) => /_msgs$|_interfaces$|_srvs$/.test(name)).length} packages`;
}

async function libraries(): Promise<string> {
  await attempt(
    process.execPath,
    ["-e", "require('rclnodejs').createMessageObject('telos_interfaces/msg/AgentState')"],
    SETUP,
  );
  return "rclnodejs and telos_interfaces load";
}

async function python(): Promise<string> {
  const program =
    "import sys, rclpy; from telos_interfaces.action import Accomplish; print('%d.%d.%d' % sys.version_info[:3])";
  return `${await attempt("python3", ["-c", program], PYTHON)} with rclpy and telos_interfaces`;
}

async function dds(): Promise<string> {
  try {
    return `there and back in ${(await ddsRoundTrip(10_000)).toFixed(1)} ms`;
  } catch (error) {
    throw new Ailment(
      (error as Error).message,
      "if the checks above passed, allow UDP multicast on this machine, or set " +
        "ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST; on a busy machine, try once more",
    );
  }
}

/** Folders that we write to, and rcl (its log, without which it refuses to start), and Fast DDS (shared memory). */
async function folders(): Promise<string> {
  const { ROS_LOG_DIR, ROS_HOME } = process.env;
  const rosLog = ROS_LOG_DIR ?? join(ROS_HOME ?? join(homedir(), ".ros"), "log");
  const fixes: Record<string, string> = {
    [packageRoot()]: "make it writable: telos stores episodes, logs and the set-up there",
    [rosLog]: "export ROS_LOG_DIR=/some/writable/folder",
    [tmpdir()]: "export TMPDIR=/some/writable/folder",
    ...(process.platform === "linux" ? { "/dev/shm": "mount a tmpfs there (docker: --shm-size=256m)" } : {}),
  };
  for (const [folder, fix] of Object.entries(fixes)) {
    try {
      if (folder === rosLog) mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    } catch {
      throw new Ailment(`cannot write to ${folder}`, fix);
    }
  }
  return Object.keys(fixes).join(", ");
}

/** Checks every `file` (and its `sha256`, if given) that a manifest in models/ names. */
async function models(): Promise<string> {
  const folder = join(packageRoot(), "models");
  const manifests = existsSync(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name, "manifest.json"))
        .filter(existsSync)
    : [];
  let count = 0;
  for (const path of manifests) {
    for (const { file, sha256 } of filesIn(parse(readFileSync(path, "utf8")))) {
      const model = join(dirname(path), file);
      if (!existsSync(model))
        throw new Ailment(`${model} is missing`, `${path} names it: download it, or remove the manifest`);
      const hash = createHash("sha256").update(readFileSync(model)).digest("hex");
      if (sha256 && hash !== sha256)
        throw new Ailment(`${model} does not match the sha256 in its manifest`, "download it again");
      count += 1;
    }
  }
  return count === 0 ? "none configured" : `${count} match their manifests`;
}

function filesIn(node: unknown): { file: string; sha256?: string }[] {
  if (typeof node !== "object" || node === null) return [];
  const { file, sha256 } = node as Record<string, unknown>;
  const own = typeof file === "string" ? [{ file, ...(typeof sha256 === "string" ? { sha256 } : {}) }] : [];
  return [...own, ...Object.values(node).flatMap(filesIn)];
}

/** Which agents require a people tracker. Other checks report files that cannot be read. */
async function people(): Promise<string> {
  const requiring = configNames("agents").filter((name) => {
    try {
      return loadAgentConfig(name).guardrails.person.required;
    } catch {
      return false;
    }
  });
  if (requiring.length > 0) return `agent ${requiring.join(", ")} moves only while \`bodies\` is published`;
  return "no agent requires a tracker: people who are not tracked are not avoided (guardrails.person.required)";
}

const READ =
  "import(process.argv[1]).then(async (m) => console.log(JSON.stringify((await " +
  "m.readController(process.argv[2], process.argv.slice(4), Number(process.argv[3]))) ?? null)))";
const FOUND_WITHIN = 5; // s

/** Checks the controller's parameters as the agent does. Like every check with ROS, it runs in a separate process. */
export const controllerCheck = (name: string): Check => ({
  name: "controller parameters",
  run: () => controllerParameters(name),
});

async function controllerParameters(name: string): Promise<string> {
  let topic = "",
    joints: readonly string[] = [];
  try {
    const robot = loadRobotConfig(name);
    topic = robot.controller.topic;
    if (robot.urdf !== undefined) joints = armOfRobot(name, robot, readFileSync(robot.urdf, "utf8")).arm.jointNames;
    else joints = robot.joints ?? [];
  } catch (error) {
    throw new Ailment((error as Error).message, "name a robot of config/robots, or a YAML or URDF file");
  }
  const said = await attempt(
    process.execPath,
    [
      "-e",
      READ,
      new URL("../adapters/ros/agent/readController.js", import.meta.url).href,
      topic,
      String(FOUND_WITHIN),
      ...joints,
    ],
    SETUP,
  );
  const reading = JSON.parse(said.split("\n").at(-1)!) as ControllerReading | null;
  if (reading === null)
    return `no controller at ${topic} offers parameters: it does not run in this ROS domain, or it has none`;
  const words = reading.findings.map((f) => f.words).join("; ");
  if (reading.findings.some(({ breaks }) => breaks))
    throw new Ailment(
      words,
      "set these parameters; until then the agent does not move the arm (docs/safety/bounds.md, " +
        '"Which bounds hold under which controllers")',
    );
  const count = Object.keys(reading.parameters).length;
  return `${count} parameters read from the controller at ${topic}${words && `; ${words}`}`;
}

/** Whether an arm's capsules match its URDF: of one robot, or of all in config/robots that name a URDF. */
export function shapeCheck(robot?: string): Check {
  return {
    name: "arm's shape",
    run: async () => {
      const { coverNotices } = await import("../agent/robot/coverNotices.js");
      const robots =
          robot === undefined ? configNames("robots").map((name) => loadRobotConfig(name)) : [loadRobotConfig(robot)],
        well: string[] = [];
      for (const config of robots) {
        if (config.urdf === undefined) continue;
        const fix =
          `telos robot show ${robot ?? config.name} prints the details; put the meshes beside the URDF, source ` +
          `their package, or give \`capsules\` in the robot file`;
        let bad: string[];
        try {
          bad = coverNotices({
            robot: config,
            arm: armOfRobot(robot ?? config.name, config, readFileSync(config.urdf, "utf8")).arm,
          }).flatMap(({ good, text }) => (good ? [] : [text]));
        } catch (error) {
          throw new Ailment(`${config.name}: ${(error as Error).message}`, fix);
        }
        if (bad.length > 0) throw new Ailment(`${config.name}: ${bad.join("; ")}`, fix);
        well.push(config.name);
      }
      return well.length > 0
        ? `${well.join(", ")} ${well.length === 1 ? "matches its" : "match their"} URDF`
        : "the URDF comes on robot_description: the agent checks it when it starts";
    },
  };
}

export const checks: readonly Check[] = [
  { name: "Node", run: nodeVersion },
  { name: "ROS 2", run: ros },
  { name: "set-up", run: setUp },
  { name: "messages", run: messages },
  { name: "libraries", run: libraries },
  { name: "Python", run: python },
  { name: "DDS round trip", run: dds },
  { name: "writable folders", run: folders },
  { name: "model files", run: models },
  { name: "people", run: people },
];
