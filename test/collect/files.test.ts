import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Collector } from "../../src/collect/Collector.js";
import { recordEpisode } from "../../src/collect/recordEpisode.js";
import { loadCollectConfig, packageRoot } from "../../src/config/index.js";
import { loadRecording } from "../../src/memory/episodes/loadRecording.js";
import { writeRecording } from "../../src/memory/episodes/writeRecording.js";
import { decodeImage } from "../../src/adapters/ros/cdr/Image.js";
import { decodeJointState } from "../../src/adapters/ros/cdr/JointState.js";
import { decodeJointTrajectory } from "../../src/adapters/ros/cdr/JointTrajectory.js";
import { decodeObjectArray } from "../../src/adapters/ros/cdr/ObjectArray.js";
import { toSeconds } from "../../src/adapters/ros/cdr/Stamp.js";
import { decodeString } from "../../src/adapters/ros/cdr/StringMessage.js";

const folder = mkdtempSync(join(tmpdir(), "telos-collect-"));
const short = join(folder, "short.yaml");
writeFileSync(
  short,
  readFileSync(join(packageRoot(), "config/collect/pucks.yaml"), "utf8").replace("steps: 20", "steps: 4\ndepth: true"),
);
const main = join(packageRoot(), "dist/src/main.js");
const args = (out: string, count: number): string[] => [
  main,
  "collect",
  "--config",
  short,
  "--episodes",
  String(count),
  "--out",
  join(folder, out),
  "--workers",
  "1",
];

describe("recordings of episodes", () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("hold what was lived, in ROS 2's own messages, and what was drawn", async () => {
    const collector = await Collector.create(loadCollectConfig(short));
    const episode = await collector.live(3, 7);
    const path = join(folder, "one.mcap");
    await writeRecording(path, recordEpisode(collector, episode, "1.2.3"));
    const { channels, messages, metadata } = loadRecording(path);
    const of = (topic: string): Uint8Array[] => messages.filter((m) => m.topic === topic).map((m) => m.data);
    assert.deepEqual(Object.fromEntries(channels.map((c) => [c.topic, c.type])), {
      "/robot_description": "std_msgs/msg/String",
      "/camera/image_raw": "sensor_msgs/msg/Image",
      "/camera/camera_info": "sensor_msgs/msg/CameraInfo",
      "/camera/depth": "sensor_msgs/msg/Image",
      "/joint_states": "sensor_msgs/msg/JointState",
      "/joint_trajectory_controller/joint_trajectory": "trajectory_msgs/msg/JointTrajectory",
      "/objects": "telos_interfaces/msg/ObjectArray",
    });
    assert.match(decodeString(of("/robot_description")[0]), /<robot name="arm7"/);
    of("/camera/image_raw")
      .map(decodeImage)
      .forEach((image, k) => {
        assert.deepEqual([image.encoding, image.width, image.height, image.step], ["rgb8", 64, 64, 192]);
        assert.ok(Math.abs(toSeconds(image.header.stamp) - 0.4 * k) < 1e-9);
        assert.deepEqual(Uint8Array.from(image.data), episode.frames[k].image);
      });
    assert.equal(of("/camera/image_raw").length, 5);
    const depths = of("/camera/depth").map(decodeImage);
    assert.equal(depths.length, 5);
    const { position } = episode.world.view;
    for (const image of depths) {
      assert.deepEqual([image.encoding, image.width, image.height, image.step], ["32FC1", 16, 16, 64]);
      const metres = new Float32Array(Uint8Array.from(image.data).buffer);
      // the table, at the latest, is nearer than the arm's base
      assert.ok(metres.every((x) => x > 0) && Math.min(...metres) < Math.hypot(...position));
    }
    const joints = of("/joint_states").map(decodeJointState);
    assert.deepEqual(
      joints.map((j) => [...(j.position as number[])]),
      episode.joints.map((j) => [...j.q]),
    );
    assert.deepEqual(joints[0].name.slice(0, 7), collector.jointNames);
    of("/objects")
      .map(decodeObjectArray)
      .forEach(({ objects }, k) =>
        assert.deepEqual(
          objects.map((o) => [o.id, ...o.position]),
          episode.frames[k].objects.map((o) => [o.id, ...o.position]),
        ),
      );
    const trajectories = of("/joint_trajectory_controller/joint_trajectory").map(decodeJointTrajectory);
    trajectories.forEach((t, k) =>
      assert.deepEqual(
        t.points.map((p) => [...(p.positions as number[])]),
        episode.sent[k].q.map((q) => [...q]),
      ),
    );
    for (let i = 1; i < messages.length; i++) assert.ok(messages[i].stamp >= messages[i - 1].stamp);
    assert.equal(metadata.get("contact"), episode.contact.map((c) => (c ? "1" : "0")).join(""));
    assert.deepEqual(
      [metadata.get("seed"), metadata.get("episode"), metadata.get("scene"), metadata.get("version")],
      ["3", "7", "pucks", "1.2.3"],
    );
    assert.deepEqual(
      (JSON.parse(metadata.get("camera")!) as { position: number[] }).position,
      episode.world.view.position,
    );
    collector.dispose();
  });

  it("are refused where they end early", () => {
    const bytes = readFileSync(join(folder, "one.mcap"));
    for (const share of [0.1, 0.5, 0.999]) {
      writeFileSync(join(folder, "cut.mcap"), bytes.subarray(0, Math.floor(share * bytes.length)));
      assert.throws(() => loadRecording(join(folder, "cut.mcap")), /ends early/);
    }
  });

  it("are whole after kill -9 at any time, and the same command goes on to the same files", async () => {
    const COUNT = 5,
      killed = join(folder, "killed"),
      whole = join(folder, "whole");
    for (const wanted of [1, 3]) {
      const child = spawn(process.execPath, args("killed", COUNT), { stdio: "ignore" });
      const exit = new Promise((done) => child.once("exit", done));
      while (!(existsSync(killed) && readdirSync(killed).filter((f) => f.endsWith(".mcap")).length >= wanted))
        await sleep(5);
      child.kill("SIGKILL");
      await exit;
      for (const file of readdirSync(killed))
        if (file.endsWith(".mcap"))
          assert.equal(
            loadRecording(join(killed, file)).messages.filter((m) => m.topic === "/camera/image_raw").length,
            5,
          );
    }
    assert.ok(readdirSync(killed).filter((f) => f.endsWith(".mcap")).length < COUNT);
    for (const out of ["killed", "whole"]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, args(out, COUNT), { encoding: "utf8" });
      assert.equal(status, 0, stderr);
      assert.match(stdout, /frames\/s\ncontact in .* of the episodes/);
    }
    assert.deepEqual(readdirSync(killed), readdirSync(whole));
    assert.equal(readdirSync(whole).length, COUNT);
    for (const file of readdirSync(whole))
      assert.deepEqual(readFileSync(join(killed, file)), readFileSync(join(whole, file)), file);
    assert.match(
      spawnSync(process.execPath, args("whole", COUNT), { encoding: "utf8" }).stdout,
      /nothing to do: all 5 episodes exist already/,
    );
    const other = spawnSync(process.execPath, [...args("whole", COUNT + 1), "--seed", "2"], { encoding: "utf8" });
    assert.equal(other.status, 1);
    assert.match(other.stderr, /whole: holds episodes of seed 1, got seed 2; want the same, or another folder/);
  });
});
