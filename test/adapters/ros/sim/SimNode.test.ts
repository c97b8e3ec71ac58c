import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

/** The true node in a process of its own, over true DDS; needs the environment of ROS 2 and our interfaces in it. */
const root = new URL("../../../../../", import.meta.url);
const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));
const options = { skip: ready ? false : "ROS 2 is not in the environment" };
const domain = String(100 + (process.pid % 100));

/** Starts a process and resolves when it has said that it is ready. */
async function start(
  program: string,
  args: string[],
  sign: RegExp,
): Promise<{ child: ChildProcess; output: () => string }> {
  const child = spawn(program, args, {
    env: { ...process.env, ROS_DOMAIN_ID: domain },
    cwd: fileURLToPath(root),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (d) => (text += d));
  const limit = Date.now() + 40_000;
  while (!sign.test(text)) {
    if (Date.now() > limit || child.exitCode !== null) throw new Error(`no sign of readiness:\n${text}`);
    await new Promise((r) => setTimeout(r, 50));
  }
  return { child, output: () => text };
}

const MAIN = fileURLToPath(new URL("dist/src/main.js", root));

let sim: Awaited<ReturnType<typeof start>>;
let client: Awaited<ReturnType<typeof start>>;
let answer: ((line: string) => void) | undefined;

/** Asks the client process, which is sim_client.py, and resolves to its answer. */
async function ask(question: object): Promise<any> {
  const line = new Promise<string>((resolve) => (answer = resolve));
  client.child.stdin!.write(`${JSON.stringify(question)}\n`);
  return JSON.parse(await line);
}

if (ready) {
  before(async () => {
    sim = await start(
      process.execPath,
      [
        MAIN,
        "sim",
        "--scene",
        "table",
        "--seed",
        "3",
        "--ros-args",
        "-r",
        "__ns:=/left",
        "-p",
        "scene:=person",
        "-p",
        "telos_sim:objects:=true",
        "-p",
        "other:seed:=4",
      ],
      /telos_sim ready/,
    );
    client = await start(
      "python3",
      [fileURLToPath(new URL("test/adapters/ros/sim_client.py", root)), "/left"],
      /client ready/,
    );
    let rest = "";
    client.child.stdout!.on("data", (d) => {
      const lines = (rest + d).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith("{")) answer?.(line);
    });
  });
  after(() => {
    client?.child.kill("SIGKILL");
    sim?.child.kill("SIGKILL");
  });
}

test("topics come at their rates, in simulated time that agrees with the system's", options, async () => {
  const { counts, age, names, image, info, description, truth, bodies, objects } = await ask({
    do: "watch",
    seconds: 4,
  });
  const rate = (topic: string): number => counts[topic] / 4;
  assert.ok(rate("clock") > 150, `clock ${rate("clock")} Hz`);
  for (const [topic, want] of [
    ["joint_states", 100],
    ["ground_truth", 100],
    ["bodies", 30],
    ["camera/image_raw", 10],
    ["camera/camera_info", 10],
    ["objects", 20],
  ] as const)
    assert.ok(Math.abs(rate(topic) - want) < 0.25 * want, `${topic}: ${rate(topic)} Hz, want ${want}`);
  assert.ok(Math.abs(age) < 0.5, `joint states are ${age} s old`);
  assert.deepEqual(names.slice(0, 7), ["joint1", "joint2", "joint3", "joint4", "joint5", "joint6", "joint7"]);
  assert.deepEqual(image, {
    width: 64,
    height: 64,
    encoding: "rgb8",
    step: 192,
    bytes: 12288,
    frame: "camera_optical_frame",
  });
  assert.ok(Math.abs(info[0] - 32 / Math.tan((25 * Math.PI) / 180)) < 1e-9);
  assert.match(description, /<robot name="arm7">/);
  assert.equal(truth.scene, "person");
  assert.equal(truth.seed, 3);
  assert.deepEqual(truth.persons, ["person", "person_arm"]);
  assert.equal(bodies, 5);
  assert.deepEqual(objects, ["puck"]);
});

test(
  "what it was begun with are its parameters: described, read-only, " +
    "and what --ros-args say of them counts; one that there is not kills nobody",
  options,
  async () => {
    const parameters: Record<string, { value: unknown; description: string; readOnly: boolean; set: string }> =
      await ask({ do: "parameters" });
    assert.deepEqual(Object.keys(parameters).sort(), [
      "camera",
      "controller",
      "objects",
      "robot",
      "scene",
      "seed",
      "speed",
      "use_sim_time",
    ]);
    const { camera, objects, robot, scene, seed, speed } = parameters;
    assert.deepEqual(
      [camera, objects, robot, scene, seed, speed].map((p) => p.value),
      [true, true, "", "person", 3, 1],
    );
    for (const [name, { description, readOnly, set }] of Object.entries(parameters)) {
      assert.ok(readOnly && description.length > 15, name);
      assert.match(set, /read-?only/i, name);
    }
  },
);

test("what cannot be is refused at the start", options, () => {
  for (const [rule, words] of [
    ["scene:=persn", /'persn' \(did you mean 'person'\?\)/],
    ["speed:=-1", /parameter speed: got -1, want a number above 0/],
    ["seed:=1.5", /parameter seed: got 1\.5, want a whole number/],
    ["controller:=hydro", /parameter controller: got 'hydro', want one of jazzy/],
  ] as const) {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "sim", "--ros-args", "-p", rule], {
      encoding: "utf8",
      env: { ...process.env, ROS_DOMAIN_ID: domain },
    });
    assert.ok(status! > 0, rule);
    assert.match(stderr, words);
  }
});

test("a trajectory moves the arm where it says", options, async () => {
  const { moved, error } = await ask({ do: "move", joint: 0, by: 0.3, seconds: 1 });
  assert.ok(Math.abs(moved - 0.3) < 3e-3, `moved ${moved}`);
  assert.ok(error < 3e-3);
});

test("what is no trajectory is refused, and the arm stays", options, async () => {
  const { moved } = await ask({ do: "nonsense" });
  assert.ok(Math.abs(moved) < 1e-4);
  assert.match(sim.output(), /trajectory refused: unknown joint nobody/);
});

test(
  "a commander that is killed in the middle of a stream leaves the arm at rest where its last trajectory ends",
  options,
  async () => {
    const { speed, rest } = await ask({ do: "streamAndStop" });
    assert.ok(speed > 0.1, "it moved while commanded");
    assert.ok(rest < 1e-3, "and came to rest by itself");
  },
);

test(
  "perturb hides, moves and breaks sensors; reset undoes it, with poses of its own; errors name the choices",
  options,
  async () => {
    assert.deepEqual(await ask({ do: "perturb", action: "hide", target: "person_arm" }), {
      success: true,
      message: "",
    });
    assert.equal((await ask({ do: "watch", seconds: 0.5 })).bodies, 2);
    await ask({ do: "perturb", action: "drop", target: "joint_states", value: 1, duration: 1 });
    await new Promise((r) => setTimeout(r, 100));
    assert.equal((await ask({ do: "watch", seconds: 0.5 })).counts.joint_states ?? 0, 0);
    assert.match(
      (await ask({ do: "perturb", action: "move", target: "cup" })).message,
      /no object or body 'cup', want one of: puck, person, person_arm/,
    );
    assert.match(
      (await ask({ do: "perturb", action: "explode", target: "puck" })).message,
      /got action 'explode', want move/,
    );
    assert.match((await ask({ do: "reset", scene: "no_such_scene", seed: 1 })).message, /no_such_scene/);
    assert.deepEqual(await ask({ do: "reset", scene: "table", seed: 11, object: "puck", at: [0.4, -0.3, 0.02] }), {
      success: true,
      message: "",
    });
    const { truth, backwards } = await ask({ do: "watch", seconds: 1 });
    assert.equal(truth.scene, "table");
    assert.equal(truth.seed, 11);
    assert.ok(Math.abs(truth.objects.puck[0] - 0.4) < 1e-3);
    assert.equal(backwards, 0, "the clock never goes back");
  },
);

test("Ctrl-C ends it within a second, with exit code 0", options, async () => {
  const began = Date.now();
  const ended = once(sim.child, "exit");
  sim.child.kill("SIGINT");
  const [code] = await ended;
  assert.equal(code, 0, sim.output());
  assert.ok(Date.now() - began < 1500, `${Date.now() - began} ms`);
});
