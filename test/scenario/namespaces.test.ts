import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { Checker } from "../../src/evaluation/Checker.js";
import { Program } from "../../src/evaluation/Program.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const main = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const [world, mind] = [`tw${process.pid}`, `tm${process.pid}`];
const ip = (...args: string[]) => spawnSync("ip", args, { encoding: "utf8" });
const inside = (space: string, ...args: string[]) => ip("netns", "exec", space, ...args);

/** Two network namespaces with a cable between them, and nothing else. @returns why not */
function wire(): string | undefined {
  const steps = [
    ["netns", "add", world],
    ["netns", "add", mind],
    ["link", "add", `${world}v`, "netns", world, "type", "veth", "peer", "name", `${mind}v`, "netns", mind],
    ...[
      [world, "10.77.0.1/24"],
      [mind, "10.77.0.2/24"],
    ].flatMap(([space, address]) => [
      ["-n", space, "address", "add", address, "dev", `${space}v`],
      ["-n", space, "link", "set", `${space}v`, "up"],
      ["-n", space, "link", "set", "lo", "up"],
      ["-n", space, "route", "add", "224.0.0.0/4", "dev", `${space}v`],
    ]),
  ];
  for (const step of steps) {
    const { status, error, stderr } = ip(...step);
    if (error || status !== 0) return `ip ${step.join(" ")}: ${error?.message ?? stderr.trim()}`;
  }
  return undefined;
}

function unwire(): void {
  for (const space of [world, mind]) ip("netns", "delete", space);
}

const fault = rosIsHere ? wire() : "ROS 2 is not in the environment";
if (fault !== undefined) unwire();
const options = { skip: fault === undefined ? false : fault, timeout: 200_000 };
/** Namespaces of our own: nobody else hears it. They share /dev/shm, and two machines do not: hence UDP alone. */
const env = {
  ...process.env,
  ROS_DOMAIN_ID: "33",
  ROS_AUTOMATIC_DISCOVERY_RANGE: "SUBNET",
  FASTDDS_BUILTIN_TRANSPORTS: "UDPv4",
};

let sim: Program, agent: Program, checker: Checker;

before(
  async () => {
    if (fault !== undefined) return;
    const node = (space: string, name: string, args: string[], sign: RegExp): Program =>
      new Program({
        name,
        command: "ip",
        args: ["netns", "exec", space, process.execPath, main, ...args],
        env,
        sign,
        within: 140_000,
      });
    sim = node(world, "simulator", ["sim", "--scene", "table", "--no-camera"], /^telos_sim ready/);
    agent = node(mind, "agent", ["agent", "--scene", "table", "--sim-time", "--json"], /"state":"active"/);
    await Promise.all([sim.ready, agent.ready]);
    checker = new Checker(env, [], ["ip", "netns", "exec", world]);
    await checker.ready();
  },
  { timeout: 180_000 },
);
after(async () => {
  await Promise.all([agent?.kill(), sim?.kill(), checker?.end()]);
  if (fault === undefined) unwire();
});

test(
  "simulator and agent in two network namespaces share nothing but a cable, and the arm reaches a goal",
  options,
  async () => {
    assert.notEqual(inside(mind, "ip", "-brief", "address").stdout, inside(world, "ip", "-brief", "address").stdout);
    await checker.begin();
    const end = await checker.accomplish("reach");
    assert.equal(end.success, true, `${end.message}\n${agent.output()}`);
    assert.deepEqual((await checker.verdict()).violations, []);
  },
);

test("with the cable drawn the arm comes to rest and nothing is broken", options, async () => {
  await checker.begin();
  await checker.goal("home");
  await checker.moving(0.2);
  await checker.act({ what: "perturb", action: "clear", target: "" }); // marks the moment, and changes nothing
  assert.equal(ip("-n", mind, "link", "set", `${mind}v`, "down").status, 0);
  const { still } = await checker.rest([8, 8, 8, 8, 12, 12, 12]);
  assert.ok(still, "the arm still moves");
  assert.deepEqual((await checker.verdict()).violations, []);
});
