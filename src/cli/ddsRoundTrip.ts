import { spawn, type ChildProcess } from "node:child_process";

// Both ends are separate processes. Within one process the middleware would pass the message in memory, and a library
// that hangs or crashes would end the doctor too.
const ECHO = `
const [topic] = process.argv.slice(1);
const ros = require("rclnodejs");
await ros.init();
const node = new ros.Node("telos_doctor_echo");
const back = node.createPublisher("std_msgs/msg/String", topic + "_back");
node.createSubscription("std_msgs/msg/String", topic, (m) => back.publish(m));
ros.spin(node);`;

const CALL = `
const [topic] = process.argv.slice(1);
const ros = require("rclnodejs");
await ros.init();
const node = new ros.Node("telos_doctor_call");
const out = node.createPublisher("std_msgs/msg/String", topic);
let left = 5; // the first ones also contain the time of discovery
node.createSubscription("std_msgs/msg/String", topic + "_back", (m) => {
  if (--left > 0) return;
  console.log(performance.now() - Number(m.data));
  process.exit(0);
});
setInterval(() => out.publish({ data: String(performance.now()) }), 20);
ros.spin(node);`;

function start(program: string, topic: string): ChildProcess {
  const source = `(async () => {${program}})().catch((e) => { console.error(e.message); process.exit(1); });`;
  return spawn(process.execPath, ["-e", source, topic], { stdio: ["ignore", "pipe", "pipe"] });
}

/**
 * Sends a message to another process over DDS and waits for it to come back.
 * @returns the time there and back [ms]
 * @throws with what a process said when one fails, or when nothing comes back within `timeout` [ms]
 */
export async function ddsRoundTrip(timeout: number): Promise<number> {
  const topic = `telos_doctor_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
  const echo = start(ECHO, topic);
  const call = start(CALL, topic);
  try {
    return await new Promise<number>((resolve, reject) => {
      let said = "";
      const timer = setTimeout(() => reject(new Error(`nothing came back within ${timeout / 1000} s`)), timeout);
      for (const child of [echo, call]) {
        child.stderr!.on("data", (text: Buffer) => (said += text));
        child.on("close", (code) => code && reject(new Error(said.trim().split("\n")[0] || `ended with code ${code}`)));
        child.on("close", () => clearTimeout(timer));
      }
      call.stdout!.on("data", (text: Buffer) => Number(text) > 0 && resolve(Number(text)));
    });
  } finally {
    echo.kill("SIGKILL");
    call.kill("SIGKILL");
  }
}
