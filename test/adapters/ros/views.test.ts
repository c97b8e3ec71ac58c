import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const ours: Record<string, string> = { "telos/state": "AgentState", "telos/plan": "Plan" };
const topics = new Set([
  ...Object.keys(ours),
  "telos/markers",
  "joint_states",
  "camera/image_raw",
  "camera/camera_info",
  "robot_description",
  "diagnostics",
]);
const fieldsOf = (message: string): Map<string, string> =>
  new Map(
    readFileSync(join(root, "interfaces", "msg", `${message}.msg`), "utf8")
      .split("\n")
      .map((line) => /^([\w/]+)(\[\])?\s+(\w+)/.exec(line))
      .filter((m) => m !== null)
      .map((m) => [m[3], m[1]]),
  );
const known = (topic: string): void => assert.ok(topics.has(topic.replace(/^\//, "")), `nobody publishes ${topic}`);

test("telos.foxglove.json shows topics and fields that there are, and every panel has its place", () => {
  const layout = JSON.parse(readFileSync(join(root, "launch", "telos.foxglove.json"), "utf8"));
  const panels: Record<string, any> = layout.configById;
  const placed: string[] = [];
  const walk = (node: any): unknown =>
    typeof node === "string" ? placed.push(node) : (walk(node.first), walk(node.second));
  walk(layout.layout);
  assert.deepEqual(placed.sort(), Object.keys(panels).sort());
  Object.keys(panels["3D!telos"].topics).forEach(known);
  for (const topic of [panels["Image!camera"].imageMode.imageTopic, panels["RawMessages!state"].topicPath])
    known(topic);
  let plotted = 0;
  for (const { value } of Object.values(panels).flatMap((p) => p.paths ?? [])) {
    const [topic, ...fields] = (value as string).replaceAll("[:]", "").split(".");
    known(topic);
    let type = ours[topic.slice(1)];
    for (const field of type === undefined ? [] : fields) {
      assert.ok(fieldsOf(type).has(field), `${value}: ${type} has no ${field}`);
      type = fieldsOf(type).get(field)!;
    }
    plotted++;
  }
  assert.ok(plotted >= 9);
});

test("telos.rviz shows topics that there are, in the frame of arm7's base", () => {
  const { "Visualization Manager": view } = parse(readFileSync(join(root, "launch", "telos.rviz"), "utf8"));
  for (const display of view.Displays) {
    const topic = display.Topic?.Value ?? display["Description Topic"]?.Value;
    if (topic !== undefined) known(topic);
  }
  assert.equal(view["Global Options"]["Fixed Frame"], "base_link");
});
