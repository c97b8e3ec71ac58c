import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { XMLParser } from "fast-xml-parser";
import { parse } from "yaml";
import { bridgeYaml } from "../../src/cli/bridgeYaml.js";
import { peopleOf } from "../../src/cli/people.js";
import { withCameras } from "../../src/cli/withCameras.js";
import { configNames, loadRobotConfig, loadSceneConfig } from "../../src/config/index.js";
import { armFromUrdf, Kinematics, parseUrdf } from "../../src/kinematics/index.js";
import { fixedFrames } from "../../src/kinematics/urdf/fixedFrames.js";
import { lookAt, project } from "../../src/sim/render/Camera.js";
import { Mover } from "../../src/sim/physics/Mover.js";
import { makeWorld } from "../sim/sdfWorlds.js";
import { listed } from "../sim/listed.js";

for (const name of configNames("scenes"))
  test(`${name}: the bridge passes every topic that the world's own plugins and sensors have, and no other`, () => {
    const scene = loadSceneConfig(name),
      { sdf } = makeWorld(name, scene.robot);
    const topics = [...sdf.matchAll(/<(?:topic|camera_info_topic)>([^<]*)</g)].map(([, topic]) => topic);
    const lines = parse(bridgeYaml(scene, "gazebo", "joint_trajectory_controller/joint_trajectory")) as {
      ros_topic_name: string;
      gz_topic_name: string;
      direction: string;
    }[];
    assert.deepEqual(lines.map((l) => l.gz_topic_name).sort(), ["/clock", ...topics].sort());
    for (const { ros_topic_name: ros, direction } of lines) {
      assert.match(ros, /^(\/clock|[a-z][a-z0-9_]*(\/[a-z0-9_]+)*)$/);
      assert.equal(direction, /trajectory$/.test(ros) ? "ROS_TO_GZ" : "GZ_TO_ROS");
    }
    const frames = [...sdf.matchAll(/<gz_frame_id>([^<]*)</g)].map(([, frame]) => frame);
    assert.deepEqual(
      frames,
      [...sdf.matchAll(/<ignition_frame_id>([^<]*)</g)].map(([, frame]) => frame),
    );
    for (const frame of frames) assert.match(frame, /_optical_frame$/);
  });

test(
  "the description's optical frame sees what the simulator's camera sees, " + "where it sees it; the arm is the same",
  () => {
    const scene = loadSceneConfig("table"),
      { urdf: file } = loadRobotConfig("arm7"),
      text = readFileSync(file!, "utf8"),
      seen = withCameras(text, "base_link", scene);
    const camera = lookAt(
      scene.camera!.position,
      scene.camera!.look_at,
      scene.camera!.fov,
      scene.camera!.width,
      scene.camera!.height,
    );
    const {
      position: p,
      orientation: [x, y, z, w],
    } = fixedFrames(parseUrdf(seen), "base_link").camera_optical_frame;
    for (const at of [
      [0.4, 0.1, 0.2],
      [0.3, -0.3, 0],
      [0.6, 0, 0.5],
    ] as const) {
      // The point in the frame: Rᵀ(at − p) with R of the quaternion, by the sandwich product.
      const d = at.map((c, i) => c - p[i]),
        t = [2 * (-y * d[2] + z * d[1]), 2 * (-z * d[0] + x * d[2]), 2 * (-x * d[1] + y * d[0])];
      const [X, Y, Z] = [
        d[0] + w * t[0] + -y * t[2] + z * t[1],
        d[1] + w * t[1] + -z * t[0] + x * t[2],
        d[2] + w * t[2] + -x * t[1] + y * t[0],
      ];
      const [u, v, depth] = project(camera, at);
      [
        [(camera.f * X) / Z + camera.cx, u],
        [(camera.f * Y) / Z + camera.cy, v],
        [Z, depth],
      ].forEach(([mine, theirs]) =>
        assert.ok(Math.abs(mine - theirs) < 1e-6 * Math.max(1, Math.abs(theirs)), `${mine}, want ${theirs}`),
      );
    }
    const [bare, with_] = [text, seen].map(
      (t) => new Kinematics(armFromUrdf(parseUrdf(t), { base: "base_link", tool: "tool" })),
    );
    for (const k of [bare, with_]) k.forward(Float64Array.from([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]), 0);
    assert.deepEqual(bare.tool, with_.tool);
  },
);

test(
  "a person's path, point by point, is the simulator's; " + "its slides carry it along the axes of the offset",
  async () => {
    const scene = loadSceneConfig("person"),
      people = await peopleOf(scene);
    const sdf = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" }).parse(
      makeWorld("person", "arm7").sdf,
    ).sdf.world;
    let moving = 0;
    for (const { id, path, joints, parts } of people) {
      const mover = new Mover(scene.bodies.find((b) => b.id === id)!);
      assert.deepEqual(parts, mover.capsules(0));
      const model = listed<any>(sdf.model).find((m) => m["@name"] === id);
      if (path.length === 0) {
        assert.equal(String(model.static), "true");
        continue;
      }
      moving++;
      for (const { t, offset } of path) {
        mover.progress = t;
        mover
          .capsules(0)
          .forEach(({ p0 }, i) => p0.forEach((x, c) => assert.ok(Math.abs(x - parts[i].p0[c] - offset[c]) < 1e-12)));
      }
      mover.progress = 1e6;
      assert.ok(
        path.at(-1)!.offset.every((x, c) => Math.abs(x - (mover.capsules(0)[0].p0[c] - parts[0].p0[c])) < 1e-12),
        "the path does not end where it ends",
      );
      assert.deepEqual(
        listed<any>(model.joint).map((j) => [j["@name"], j.axis.xyz]),
        [
          [joints[0], "1 0 0"],
          [joints[1], "0 1 0"],
          [joints[2], "0 0 1"],
        ],
      );
    }
    assert.ok(moving > 0);
  },
);
