import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadCollectConfig, packageRoot } from "../../src/config/index.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { loadRecording } from "../../src/memory/episodes/loadRecording.js";
import { readHeader } from "../../src/adapters/ros/cdr/Header.js";
import { decodeImage } from "../../src/adapters/ros/cdr/Image.js";
import { decodeJointState } from "../../src/adapters/ros/cdr/JointState.js";
import { reader } from "../../src/adapters/ros/cdr/sequences.js";
import { toSeconds } from "../../src/adapters/ros/cdr/Stamp.js";
import { decodeString } from "../../src/adapters/ros/cdr/StringMessage.js";
import { telos } from "../cli/telos.js";
import { tried, TOO_SLOW } from "./law.js";
import { Program } from "../../src/evaluation/Program.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const MAIN = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const domain = (offset: number) => ({
  ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + offset) % 102),
  ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
});
const env = domain(6);
const folder = mkdtempSync(join(tmpdir(), "telos-collect-ros-"));
const config = (name: string, ...changes: readonly (readonly [string, string])[]): string => {
  const text =
    readFileSync(join(packageRoot(), "config/collect/pucks.yaml"), "utf8").replace("steps: 20", "steps: 8") +
    "explorer: { push: 0, low: 0, free: 1 }\n"; // above the pucks
  writeFileSync(
    join(folder, name),
    changes.reduce((t, [from, to]) => t.replace(from, to), text),
  );
  return join(folder, name);
};
const short = config("short.yaml");
const collect = (
  out: string,
  episodes: number,
  o: Parameters<typeof telos>[1] = { env },
  file = short,
  ...rest: string[]
) =>
  telos(["collect", "--ros", "--config", file, "--episodes", String(episodes), "--out", join(folder, out), ...rest], o);
const file = (out: string, number: number): string => join(folder, out, `episode-00000${number}.mcap`);

describe(
  "an arm that explores by its agent, over DDS",
  { skip: rosIsHere ? false : "ROS 2 is not in the environment" },
  () => {
    let sim: Program, agent: Program;
    const node = (name: string, args: string[], sign: RegExp): Program =>
      new Program({
        name,
        command: process.execPath,
        args: [MAIN, ...args],
        env: { ...process.env, ...env },
        sign,
        within: 180_000,
      });
    const begin = async (): Promise<void> => {
      sim = node("simulator", ["sim", "--scene", "pucks", "--objects"], /^telos_sim ready/);
      agent = node("agent", ["agent", "--scene", "pucks", "--sim-time", "--json"], /"state":"active"/);
      await Promise.all([sim.ready, agent.ready]);
    };
    const end = (): Promise<unknown> => Promise.all([agent?.kill(), sim?.kill()]);
    before(begin);
    after(async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    });

    /**
     * Collects into a folder of the same name. Where the simulator says that the machine was too slow for commands to
     * come in time, it begins anew, as `lawsOf` does.
     */
    const law = (name: string, out: string, body: () => Promise<void>): unknown =>
      it(name, (t) => {
        let began = 0;
        const start = async (): Promise<void> => {
          began = sim.moment;
          await body();
        };
        const late = async (): Promise<string | undefined> => {
          const said = TOO_SLOW.exec(sim.since(began))?.[0];
          if (said === undefined) return undefined;
          await end();
          await begin();
          rmSync(join(folder, out), { recursive: true, force: true });
          return said;
        };
        return tried(t, start, late, Infinity);
      });

    law(
      "writes what the simulated collection writes, an episode a file: same topics and types, images, an arm in " +
        "motion within its limits",
      "arm",
      async () => {
        const { code, stdout, stderr } = await collect("arm", 1);
        assert.equal(code, 0, stderr + agent.output() + sim.output());
        assert.match(stdout, /^1 episodes, \d+ images, [1-9]\d* of \d+ places reached/);
        const kept = readFileSync(file("arm", 0));
        assert.match((await collect("arm", 2)).stdout, /^1 episodes/);
        assert.deepEqual(readFileSync(file("arm", 0)), kept);
        const { steps, dt } = loadCollectConfig(short);
        for (const number of [0, 1]) {
          const { channels, messages, metadata } = loadRecording(file("arm", number));
          const of = (topic: string): Uint8Array[] => messages.filter((m) => m.topic === topic).map((m) => m.data);
          assert.deepEqual(Object.fromEntries(channels.map((c) => [c.topic, c.type])), {
            "/robot_description": "std_msgs/msg/String",
            "/camera/image_raw": "sensor_msgs/msg/Image",
            "/camera/camera_info": "sensor_msgs/msg/CameraInfo",
            "/joint_states": "sensor_msgs/msg/JointState",
            "/joint_trajectory_controller/joint_trajectory": "trajectory_msgs/msg/JointTrajectory",
            "/objects": "telos_interfaces/msg/ObjectArray",
          });
          for (const topic of ["/camera/image_raw", "/joint_states"]) {
            const stamps = of(topic).map((data) => toSeconds(readHeader(reader(data)).stamp));
            for (let i = 1; i < stamps.length; i++)
              assert.ok(stamps[i] > stamps[i - 1], `${topic}: ${stamps[i]} s after ${stamps[i - 1]} s`);
            assert.ok(stamps.at(-1)! - stamps[0] >= steps * dt - 0.2, `${topic} for ${stamps.at(-1)! - stamps[0]} s`);
          }
          for (let i = 1; i < messages.length; i++) assert.ok(messages[i].stamp >= messages[i - 1].stamp);
          for (const image of of("/camera/image_raw").map(decodeImage))
            assert.deepEqual(
              [image.width, image.height, image.encoding, image.data.length],
              [64, 64, "rgb8", 3 * 64 * 64],
            );
          const arm = armFromUrdf(parseUrdf(decodeString(of("/robot_description")[0])), {
            base: "base_link",
            tool: "tool",
          });
          const { lo, hi, velocity } = arm.limits;
          let fastest = 0;
          for (const { name, position, velocity: v } of of("/joint_states").map(decodeJointState))
            arm.jointNames.forEach((joint, j) => {
              const i = name.indexOf(joint);
              assert.ok(position[i] >= lo[j] && position[i] <= hi[j], `${joint} at ${position[i]} rad`);
              assert.ok(Math.abs(v[i]) <= 1.02 * velocity[j], `${joint} at ${v[i]} rad/s`);
              fastest = Math.max(fastest, Math.abs(v[i]));
            });
          assert.ok(fastest > 0.1, `the fastest joint went ${fastest} rad/s`);
          assert.deepEqual(
            [metadata.get("policy"), metadata.get("episode"), metadata.get("end"), metadata.get("seed")],
            ["ros", String(number), "complete", "1"],
          );
        }
      },
    );

    law("at Ctrl-C comes to rest, keeps the episode as it is and ends with 130", "stopped", async () => {
      let told = false;
      const { code, stderr } = await collect("stopped", 9, {
        env,
        meanwhile: (child, said) => {
          if (told || !/episode 0: /.test(said)) return;
          told = true;
          setTimeout(() => child.kill("SIGINT"), 2000);
        },
      });
      assert.equal(code, 130, stderr + agent.output());
      const names = readdirSync(join(folder, "stopped"));
      assert.ok(names.length > 1 && names.every((name) => name.endsWith(".mcap")), names.join());
      const { messages, metadata } = loadRecording(file("stopped", names.length - 1));
      assert.equal(metadata.get("end"), "interrupted");
      const { velocity } = decodeJointState(messages.filter((m) => m.topic === "/joint_states").at(-1)!.data);
      assert.ok(Math.max(...Array.from(velocity, Math.abs)) < 0.02, "the file ends before the arm rests");
      assert.match((await collect("stopped", names.length)).stdout, /nothing to do: all \d episodes exist already/);
    });

    it("says what is missing, or does not go together", async () => {
      const nobody = config("silent.yaml", ["scene: pucks", "scene: pucks\ncamera: nobody"]);
      const [silent, alone, mixed, ...cross] = await Promise.all([
        collect("silent", 1, { env }, nobody),
        collect("alone", 1, { env: domain(7) }),
        telos(["collect", "--config", short, "--episodes", "9", "--out", join(folder, "arm")], { env }),
        ...[
          ["--scene", "pucks"],
          ["--policy", "model"],
          ["--workers", "1"],
        ].map((more) => collect("arm", 9, { env }, short, ...more)),
      ]);
      assert.match(silent.stderr, /nothing on \/nobody\/image_raw for 10 s: start the camera's driver/);
      assert.match(alone.stderr, /nobody offers the action \/telos\/accomplish for 10 s: start telos agent/);
      assert.match(mixed.stderr, /arm: holds episodes of policy ros, got policy explore/);
      for (const { stderr } of cross)
        assert.match(stderr, /option '--ros' cannot be used with option|cannot be used with option '--ros'/);
      assert.deepEqual([silent.code, alone.code, mixed.code], [1, 1, 1]);
      for (const name of ["silent", "alone"])
        assert.deepEqual(existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : [], []);
    });

    law("ends with the agent's words where no place is reached", "beyond", async () => {
      const { code, stderr } = await collect(
        "beyond",
        1,
        { env },
        config("beyond.yaml", ["steps: 8", "steps: 200"], ["0.66 m", "2.6 m"], ["low: [0.3 m", "low: [2.5 m"]),
      );
      assert.equal(code, 1);
      assert.match(
        stderr,
        new RegExp(
          "the arm reached none of 5 places in a row, the last because of (TIMEOUT|NO_PLAN), .*; " +
            "check that the box of pucks is within the arm's reach",
        ),
      );
    });
  },
);
