import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "../src/config/index.js";

const src = join(packageRoot(), "src");

/** The rooms a room may look into, beside itself. What is not named here it may not see. */
const geometry = ["core", "config", "kinematics", "onnx"];
const sight: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ["core"],
  kinematics: ["core"],
  onnx: ["core", "config"], // a manifest is a configuration with a place for each error
  perception: geometry,
  worldmodel: geometry,
  cost: geometry,
  guardrails: ["core", "config", "kinematics"], // never a learned model
  memory: geometry,
  actuation: geometry,
  planner: [...geometry, "worldmodel", "cost", "guardrails", "memory", "perception", "actuation"],
  agent: [...geometry, "perception", "worldmodel", "cost", "guardrails", "memory", "actuation", "planner"],
  sim: ["core", "config", "kinematics"],
  collect: [
    ...geometry,
    "perception",
    "worldmodel",
    "guardrails",
    "actuation",
    "memory",
    "planner",
    "agent",
    "sim",
    "ros",
  ], // of ros the codecs, and collectRos the arm
  ros: ["core", "config", "kinematics", "cost", "guardrails", "memory", "agent"],
  cli: ["core", "config", "kinematics", "cost", "guardrails", "memory", "planner", "agent", "sim", "ros", "collect"],
};

/** The only rooms that may import a package. */
const owners: Readonly<Record<string, readonly string[]>> = {
  rclnodejs: ["ros", "cli"],
  "@foxglove/cdr": ["ros"],
  "@mujoco/mujoco": ["sim"],
  "onnxruntime-node": ["onnx"],
  mathjs: ["cost"],
  yaml: ["config", "cli"], // the doctor reads manifests that are no configuration
  "@mcap/core": ["memory"],
};

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
const imports = files.flatMap((file) => {
  const text = readFileSync(join(src, file), "utf8");
  const found = text.matchAll(
    new RegExp(
      String.raw`(?:^\s*(?:import|export)\b[^;]*?\bfrom\s*|\bimport\(\s*|` +
        String.raw`\brequire\w*\([^)]*\)\(\s*|^\s*import\s*)["']([^"']+)["']`,
      "gm",
    ),
  );
  return [...found].map(([, to]) => ({ file, room: file.split("/")[0], to }));
});

describe("architecture", () => {
  it("has every room of the design, and no other", () => {
    const rooms = readdirSync(src, { withFileTypes: true })
      .filter((d) => d.isDirectory())
      .map((d) => d.name);
    assert.deepEqual(
      rooms.filter((r) => !(r in sight)),
      [],
    );
    for (const room of [
      "perception",
      "worldmodel",
      "planner",
      "guardrails",
      "cost",
      "memory",
      "actuation",
      "agent",
      "ros",
      "sim",
      "cli",
    ])
      assert.ok(rooms.includes(room), room);
  });

  it("imports go downward only, siblings never", () => {
    const wrong = imports.filter(({ file, room, to }) => {
      if (!to.startsWith(".") || room.endsWith(".ts")) return false;
      const target = relative(src, resolve(src, dirname(file), to)).split("/")[0];
      return target !== room && target !== ".." && !sight[room].includes(target);
    });
    assert.deepEqual(
      wrong.map(({ file, to }) => `${file} imports ${to}`),
      [],
    );
  });

  it("each outside package is seen from the rooms that own it alone", () => {
    const wrong = imports.filter(({ room, to }) =>
      Object.entries(owners).some(
        ([name, rooms]) => (to === name || to.startsWith(`${name}/`)) && !rooms.includes(room),
      ),
    );
    assert.deepEqual(
      wrong.map(({ file, to }) => `${file} imports ${to}`),
      [],
    );
  });

  it("finds imports at all", () => assert.ok(imports.length > 300));
});
