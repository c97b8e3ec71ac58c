import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bareEnv, Checkout, root } from "./checkout.js";

const MAIN = `
const [what] = process.argv.slice(2);
if (what === "code") process.exit(7);
if (what === "wait") {
  process.on("SIGTERM", () => { console.log("TERM heard"); process.exit(9); });
  process.on("SIGINT", () => { console.log("INT heard"); process.exit(8); });
  setInterval(() => {}, 1000);
  console.log("ready");
} else console.log(JSON.stringify({ args: process.argv.slice(2), distro: process.env.ROS_DISTRO }));`;

const checkout = new Checkout();
const telos = join(checkout.dir, "scripts", "telos.mjs");
const run = (...args: string[]) => spawnSync(process.execPath, [telos, ...args], { env: bareEnv(), encoding: "utf8" });

before(async () => {
  checkout.write("dist/src/main.js", MAIN);
  await checkout.complete();
});
after(() => checkout.remove());

test("main.js gets the arguments and the environment of ROS", () => {
  const { stdout, stderr, status } = run("run", "--task", "a b");
  assert.deepEqual(JSON.parse(stdout), { args: ["run", "--task", "a b"], distro: "kilted" });
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

test("its exit code is the command's", () => {
  assert.equal(run("code").status, 7);
});

for (const [signal, code] of [
  ["SIGTERM", 9],
  ["SIGINT", 8],
] as const) {
  test(`${signal} reaches main.js, once, and the command ends when that has ended`, async () => {
    const child = spawn(process.execPath, [telos, "wait"], { env: bareEnv(), stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (text) => {
      if (said === "") child.kill(signal);
      said += text;
    });
    const [got] = await once(child, "close");
    assert.equal(said, `ready\n${signal.slice(3)} heard\n`);
    assert.equal(got, code);
  });
}

test("asking for help sets nothing up", () => {
  const fresh = new Checkout();
  try {
    const { stderr, status } = spawnSync(process.execPath, [join(fresh.dir, "scripts/telos.mjs"), "--help"], {
      env: bareEnv(),
      encoding: "utf8",
    });
    assert.match(stderr, /not set up yet.*npm start/);
    assert.equal(status, 1);
  } finally {
    fresh.remove();
  }
});

test("a set-up that has nothing to do is quick", () => {
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(checkout.dir, "scripts/setup.mjs")], {
    env: bareEnv(),
    encoding: "utf8",
  });
  assert.equal(status, 0);
  assert.equal(stdout + stderr, "");
  assert.ok(performance.now() - began < 1000, "even on a loaded machine");
});

test("npx telos works in the checkout", () => {
  const { status } = spawnSync("npx", ["telos", "--help"], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0);
});
