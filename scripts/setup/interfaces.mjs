// Builds our messages as an ament package, generates JavaScript from them, and tests them from both languages.
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { rosPython, SetupError, which } from "./host.mjs";
import { INTERFACES, LOGS, PACKAGE, RCLNODEJS, ROOT, ROS, VENV } from "./paths.mjs";
import { rosEnv, writeSetupScript } from "./ros.mjs";

const BUILD = join(ROS, "build");

/** The environment for the build: the underlying ROS without our own prefix, which is about to be replaced. */
function buildEnv(ros) {
  const env = rosEnv(ros);
  for (const name of ["AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"]) {
    env[name] = env[name]
      .split(":")
      .filter((p) => p !== INTERFACES)
      .join(":");
  }
  // colcon's own would be -jN -lN, and with a load of N, which other steps of the set-up make, one job runs at a time
  const MAKEFLAGS = env.MAKEFLAGS ?? `-j${availableParallelism()}`;
  return { ...env, MAKEFLAGS, COLCON_HOME: join(ROS, "colcon") };
}

const pythonOf = (ros, env) => (ros.mode === "wheels" ? join(VENV, "bin", "python") : rosPython(env));

export async function buildInterfaces(job, ros, rosKey) {
  const env = buildEnv(ros);
  rmSync(INTERFACES, { recursive: true, force: true });
  // Object files made for another ROS cannot be used. Those for the same one save much time.
  const builtFor = join(BUILD, ".ros");
  if (!existsSync(builtFor) || readFileSync(builtFor, "utf8") !== rosKey)
    rmSync(BUILD, { recursive: true, force: true });

  const python = pythonOf(ros, env);
  const cmake = [
    "-DBUILD_TESTING=OFF",
    ...(which("ninja", env.PATH) ? ["-GNinja"] : []),
    ...(python ? [`-DPython3_EXECUTABLE=${python}`] : []),
  ];
  if (which("colcon", env.PATH)) {
    await job.exec(
      "colcon",
      [
        "--log-base",
        join(LOGS, "colcon"),
        "build",
        "--merge-install",
        "--base-paths",
        PACKAGE,
        "--build-base",
        BUILD,
        "--install-base",
        INTERFACES,
        "--event-handlers",
        "console_direct+",
        "--cmake-args",
        ...cmake,
      ],
      { env, cwd: ROS },
    );
  } else {
    // A sourced ROS does not always have colcon; for a single package CMake does the same.
    await job.exec("cmake", ["-S", PACKAGE, "-B", BUILD, `-DCMAKE_INSTALL_PREFIX=${INTERFACES}`, ...cmake], { env });
    await job.exec("cmake", ["--build", BUILD, "--target", "install", "--parallel"], { env });
  }
  writeFileSync(builtFor, rosKey);
}

export async function generateMessages(job, ros) {
  const said = await job.exec(process.execPath, [join(RCLNODEJS, "scripts", "generate_messages.cjs")], {
    cwd: RCLNODEJS,
    env: rosEnv(ros),
  });
  // The generator reports its failures on stdout and exits 0.
  if (!said.includes("Generation complete")) throw new SetupError("the message generator failed", "see its log");
  const made = readdirSync(join(RCLNODEJS, "generated", "telos_interfaces"));
  const wanted = ["action", "msg", "srv"].flatMap((kind) =>
    readdirSync(join(PACKAGE, kind)).map((file) => `telos_interfaces__${kind}__${file.split(".")[0]}.js`),
  );
  const missing = wanted.filter((file) => !made.includes(file));
  if (!existsSync(join(RCLNODEJS, "types", "interfaces.d.ts"))) missing.push("types/interfaces.d.ts");
  if (missing.length) throw new SetupError(`not generated: ${missing.join(", ")}`, "see its log");
}

/** Loads everything once, from Node and from Python, and writes .ros/setup.sh for other processes. */
export async function tryEverything(job, ros) {
  writeSetupScript(ros);
  const env = rosEnv(ros);
  await job.exec(
    process.execPath,
    ["-e", "const r = require('rclnodejs'); r.createMessageObject('telos_interfaces/msg/AgentState')"],
    {
      env,
      cwd: ROOT,
    },
  );
  const python = pythonOf(ros, env);
  if (python) await job.exec(python, ["-c", "import rclpy; from telos_interfaces.action import Accomplish"], { env });
}
