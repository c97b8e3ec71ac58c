import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bareEnv, root } from "./checkout.js";

const script = join(root, ".ros", "setup.sh");
const sh = (program: string, env = bareEnv()) =>
  execFileSync("sh", ["-euc", program], { cwd: tmpdir(), env, encoding: "utf8" });
const NAMES = ["ROS_DISTRO", "AMENT_PREFIX_PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "CMAKE_PREFIX_PATH"];
const show = NAMES.map((name) => `echo "\${${name}-}"`).join("; ");

test(".ros/setup.sh says in a plain shell, from any folder, what the set-up gives its own processes", async () => {
  const { rosEnv, detectRos } = await import(join(root, "scripts/setup/ros.mjs"));
  const own = rosEnv(detectRos(), bareEnv());
  const sourced = sh(`. '${script}'; ${show}`).trimEnd().split("\n");
  assert.deepEqual(
    sourced,
    NAMES.map((name) => own[name]),
  );
});

test("sourcing it twice adds nothing", () => {
  assert.equal(sh(`. '${script}'; . '${script}'; ${show}`), sh(`. '${script}'; ${show}`));
});

test("it keeps what the user had in the paths", () => {
  const env = { ...bareEnv(), LD_LIBRARY_PATH: "/some/lib", PYTHONPATH: "/some/python" };
  const [, , libraries, python] = sh(`. '${script}'; ${show}`, env).split("\n");
  assert.match(libraries, /:\/some\/lib$/);
  assert.match(python, /:\/some\/python$/);
});

test("a process started with it knows that it has it, any other that it has not", async () => {
  const { hasRosEnv, rosEnv, detectRos } = await import(join(root, "scripts/setup/ros.mjs"));
  const ros = detectRos();
  assert.equal(hasRosEnv(ros, rosEnv(ros, bareEnv())), true);
  assert.equal(hasRosEnv(ros, bareEnv()), false);
});

test("a path with an apostrophe survives the shell", async () => {
  const { setupScript } = await import(join(root, "scripts/setup/ros.mjs"));
  const text = setupScript({ mode: "wheels", distro: "it's", prefix: "" });
  assert.equal(sh(`${text} echo "$ROS_DISTRO"`), "it's\n");
});
