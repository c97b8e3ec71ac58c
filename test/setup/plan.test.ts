import assert from "node:assert/strict";
import { appendFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { Checkout, type Ros } from "./checkout.js";

const used: Checkout[] = [];
let checkout: Checkout;

beforeEach(async () => {
  checkout = new Checkout();
  used.push(checkout);
  await checkout.complete();
});
after(() => used.forEach((c) => c.remove()));

const touch = (path: string, text: string) => appendFileSync(join(checkout.dir, path), text);

test("a complete set-up has nothing to do", async () => {
  assert.deepEqual(await checkout.due(), []);
});

test("a changed action redoes the interfaces and what is made from them, nothing else", async () => {
  touch("interfaces/action/Accomplish.action", "float64 another  # [m]\n");
  assert.deepEqual(await checkout.due(), ["interfaces", "messages", "trial"]);
});

test("a changed list of wheels redoes all that is linked with ROS", async () => {
  touch("scripts/setup/ros-wheels.txt", "another==1.0\n");
  assert.deepEqual(await checkout.due(), ["wheels", "interfaces", "rclnodejs", "messages", "trial"]);
});

test("a changed npm lock redoes what lies in node_modules", async () => {
  const file = "package-lock.json";
  checkout.write(
    file,
    readFileSync(join(checkout.dir, file), "utf8").replace('"version": "7.8.2"', '"version": "7.8.1"'),
  );
  assert.deepEqual(await checkout.due(), ["packages", "rclnodejs", "messages"]);
});

test("a changed, added or deleted source is compiled again", async () => {
  touch("src/main.ts", "// changed\n");
  assert.deepEqual(await checkout.due(), ["build"]);
  await checkout.complete();
  checkout.write("src/core/added.ts", "export {};\n");
  assert.deepEqual(await checkout.due(), ["build"]);
  await checkout.complete();
  rmSync(join(checkout.dir, "src/core/added.ts"));
  assert.deepEqual(await checkout.due(), ["build"]);
});

test("a deleted product is made again", async () => {
  rmSync(join(checkout.dir, "node_modules/rclnodejs/build"), { recursive: true });
  assert.deepEqual(await checkout.due(), ["rclnodejs"]);
  rmSync(join(checkout.dir, ".ros/venv"), { recursive: true });
  assert.deepEqual(await checkout.due(), ["wheels", "rclnodejs"]);
});

test("a product without a stamp is half-made", async () => {
  const { clearStamp } = await checkout.module("stamp");
  clearStamp(join(checkout.dir, ".ros/venv"));
  assert.deepEqual(await checkout.due(), ["wheels"]);
});

test("a sourced ROS needs no wheels, and everything linked with the wheels anew", async () => {
  const ros = { mode: "sourced", distro: "jazzy", prefix: "/opt/ros/jazzy" } as const;
  assert.deepEqual(await checkout.due(ros), ["interfaces", "rclnodejs", "messages", "trial"]);
});

test(
  "messages of a sourced workspace are taken where they are those of this checkout, " + "and then none are built",
  async () => {
    const { detectRos } = await checkout.module("ros");
    const [underlay, overlay] = ["underlay", "overlay"].map((name) => join(checkout.dir, name));
    checkout.write("underlay/share/rcl/package.xml", "");
    cpSync(join(checkout.dir, "interfaces"), join(overlay, "share/telos_interfaces"), { recursive: true });
    const env = { ROS_DISTRO: "jazzy", AMENT_PREFIX_PATH: `${overlay}:${underlay}` };
    const ros: Ros = detectRos(env);
    assert.deepEqual(ros, { mode: "sourced", distro: "jazzy", prefix: underlay, interfaces: overlay } satisfies Ros);
    assert.deepEqual(await checkout.due(ros), ["rclnodejs", "messages", "trial"]);
    touch("overlay/share/telos_interfaces/msg/Plan.msg", "float64 another  # of an older version\n");
    assert.deepEqual(detectRos(env), { mode: "sourced", distro: "jazzy", prefix: underlay });
  },
);

test("packages installed by hand that fit the lock are taken as they are", async () => {
  const { clearStamp } = await checkout.module("stamp");
  clearStamp(join(checkout.dir, "node_modules"));
  const { packages } = JSON.parse(readFileSync(join(checkout.dir, "package-lock.json"), "utf8"));
  delete packages[""];
  checkout.write("node_modules/.package-lock.json", JSON.stringify({ packages }));
  assert.deepEqual(await checkout.due(), []);
});
