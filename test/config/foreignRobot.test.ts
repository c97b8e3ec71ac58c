import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { armOfRobot } from "../../src/agent/armOfRobot.js";
import { loadSetup } from "../../src/agent/AgentSetup.js";
import { loadRobotConfig, loadSceneConfig, packageRoot } from "../../src/config/index.js";
import { readFileSync } from "node:fs";

const folder = mkdtempSync(join(tmpdir(), "telos-foreign-"));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "robots"));
mkdirSync(join(folder, "scenes"));
const urdf = join(packageRoot(), "config", "robots", "arm7.urdf");
copyFileSync(urdf, join(folder, "robots", "mine.urdf"));

const write = (name: string, text: string): string => (writeFileSync(join(folder, name), text), join(folder, name));
const robot = (lines: string): string => write("robots/mine.yaml", `name: mine\nurdf: mine.urdf\n${lines}\n`);

test("what a robot's file asks of the URDF and the URDF has not is told at that file, line and key", () => {
  const file = join(folder, "robots", "mine.yaml");
  for (const [lines, words] of [
    ["tool: wrist", /:3:7 tool: URDF tool: got "wrist", want a link: base_link/],
    ["base: pedestal", /:3:7 base: URDF base: got "pedestal", want a link/],
    ["joints: [joint1, shoulder_pan]", /:3:18 joints\[1\]: URDF joints: got "shoulder_pan", want joints between base and tool: joint1, /],
    ["home: [0, 0, 0]", /:3:7 home: URDF home: got 3 values, want 7, one for each of joint1, /],
    ["home: [0, 0, 0, 9, 0, 0, 0]", /:3:17 home\[3\]: URDF home of joint "joint4": got 9, want a number in \[/],
    ["limits:\n  joints:\n    elbow: { velocity: 1 }", /:5:12 limits\.joints\.elbow: URDF limits of joint "elbow": got a joint the arm has not, want joint1, /],
    ["capsules: [{ link: hand2, p0: [0, 0, 0], p1: [0, 0, 1], radius: 5 cm }]", /:3:20 capsules\[0\]\.link: URDF capsule 0 of link "hand2"/],
    ["self_collision: { ignore: [[base_link, forearm]] }", /:3:40 self_collision\.ignore\[0\]\[1\]: URDF self collision: got link "forearm", want base_link, /],
  ] as const) {
    robot(lines);
    assert.throws(() => loadSetup({ robot: file, agent: "default" }), (e: Error) => e.message.startsWith(file) && words.test(e.message) || assert.fail(e.message));
  }
});

test("a URDF that is not there, or is none, is told at the key that names it", () => {
  const missing = write("robots/missing.yaml", "name: mine\n# the driver's\nurdf: mein.urdf\n");
  assert.throws(() => loadRobotConfig(missing), /missing\.yaml:3:7 urdf: got 'mein\.urdf', and .*\/robots\/mein\.urdf is no file, want a URDF beside this file/);
  write("robots/torn.urdf", "<robot name='x'><link name='a'/></robot");
  const torn = write("robots/torn.yaml", "name: torn\nurdf: torn.urdf\n");
  assert.throws(() => loadSetup({ robot: torn, agent: "default" }), /torn\.yaml:2:7 urdf: .*torn\.urdf: URDF line 1: got/);
  const topic = write("robots/topic.yaml", "name: topic\njoints: [shoulder_pan]\n"); // its URDF comes on robot_description
  assert.throws(() => armOfRobot(topic, loadRobotConfig(topic), readFileSync(urdf, "utf8")), /topic\.yaml:2:10 joints\[0\]: URDF joints: got "shoulder_pan"/);
  assert.throws(() => armOfRobot(topic, loadRobotConfig(topic), "<robot"), /^UrdfError: URDF/, "what came over a topic is no file's fault");
});

test("a scene's robot is found from the scene's folder, wherever the program was started; one that is not there is told at its line", () => {
  robot("");
  const scene = (named: string): string => write("scenes/bench.yaml", `name: bench\nrobot: ${named}\n`);
  assert.equal(loadSceneConfig(scene("../robots/mine.yaml")).robot, join(folder, "robots", "mine.yaml"));
  assert.equal(loadSetup({ robot: loadSceneConfig(scene("../robots/mine.urdf")).robot, agent: "default" }).arm.nq, 7);
  assert.equal(loadSceneConfig(scene("ur5")).robot, "ur5");
  assert.throws(() => loadSceneConfig(scene("mine.yaml")), /bench\.yaml:2:8 robot: got 'mine\.yaml', and .*\/scenes\/mine\.yaml is no file, want a robot's YAML or URDF from this file/);
  assert.throws(() => loadSceneConfig(scene("arm8")), /bench\.yaml:2:8 robot: got 'arm8' \(did you mean 'arm7'\?\), want one of: arm7, .* or the path of a file from this one/);
});
