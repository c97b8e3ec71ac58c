import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./checkout.js";

// An rclpy program of someone else, which knows the interfaces and nothing of the code.
const CLIENT = `
import rclpy, sys
from rclpy.action import ActionClient
from rclpy.node import Node
from telos_interfaces.action import Accomplish
rclpy.init()
node = Node("stranger")
client = ActionClient(node, Accomplish, sys.argv[1])
if not client.wait_for_server(timeout_sec=15.0): sys.exit("no server")
seen = []
future = client.send_goal_async(Accomplish.Goal(task="reach", timeout=3.0), feedback_callback=lambda m: \
seen.append(m.feedback))
rclpy.spin_until_future_complete(node, future, timeout_sec=10.0)
result = future.result().get_result_async()
rclpy.spin_until_future_complete(node, result, timeout_sec=10.0)
r = result.result().result
assert r.error_code == Accomplish.Result.NO_PLAN, r
print(r.error_message, r.energy, seen[0].level, seen[0].guardrail_margin)
`;

const SERVER = `
const ros = require("rclnodejs");
(async () => {
  await ros.init();
  const node = new ros.Node("telos_stand_in");
  const Accomplish = ros.require("telos_interfaces/action/Accomplish");
  new ros.ActionServer(node, Accomplish, process.argv[1], async (goal) => {
    goal.publishFeedback(Object.assign(new Accomplish.Feedback(), { level: "motion", guardrail_margin: 0.25 }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    goal.abort();
    return Object.assign(new Accomplish.Result(), {
      error_code: Accomplish.Result.NO_PLAN, error_message: goal.request.task + " for " + goal.request.timeout + \
" s", energy: 1.5,
    });
  });
  ros.spin(node);
  console.log("ready");
})();`;

test("an rclpy client and a Node server speak our action over DDS", { timeout: 60_000 }, async () => {
  const name = `round_trip_${process.pid}`;
  const server = spawn(process.execPath, ["-e", SERVER, name], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(server.stdout, "data");
    const { stdout } = await promisify(execFile)("python3", ["-c", CLIENT, name]);
    assert.equal(stdout.trim(), "reach for 3 s 1.5 motion 0.25");
  } finally {
    server.kill("SIGKILL");
  }
});
