import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { armOfRobot } from "../../src/agent/robot/armOfRobot.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { loadRobotConfig, loadSceneConfig, packageRoot } from "../../src/config/index.js";

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
    [
      "joints: [joint1, shoulder_pan]",
      /:3:18 joints\[1\]: URDF joints: got "shoulder_pan", want joints between base and tool: joint1, /,
    ],
    ["home: [0, 0, 0]", /:3:7 home: URDF home: got 3 values, want 7, one for each of joint1, /],
    ["home: [0, 0, 0, 9, 0, 0, 0]", /:3:17 home\[3\]: URDF home of joint "joint4": got 9, want a number in \[/],
    [
      "limits:\n  joints:\n    elbow: { velocity: 1 }",
      /:5:12 limits\.joints\.elbow: URDF limits of joint "elbow": got a joint that the arm does not have, want joint1/,
    ],
    [
      "capsules: [{ link: hand2, p0: [0, 0, 0], p1: [0, 0, 1], radius: 5 cm }]",
      /:3:20 capsules\[0\]\.link: URDF capsule 0 of link "hand2"/,
    ],
    [
      "self_collision: { ignore: [[base_link, forearm]] }",
      /:3:40 self_collision\.ignore\[0\]\[1\]: URDF self collision: got link "forearm", want base_link, /,
    ],
  ] as const) {
    robot(lines);
    assert.throws(
      () => loadSetup({ robot: file, agent: "default" }),
      (e: Error) => (e.message.startsWith(file) && words.test(e.message)) || assert.fail(e.message),
    );
  }
});

test("a URDF that is not there, or is none, is told at the key that names it", () => {
  const missing = write("robots/missing.yaml", "name: mine\n# the driver's\nurdf: mein.urdf\n");
  assert.throws(
    () => loadRobotConfig(missing),
    /missing\.yaml:3:7 urdf: got 'mein\.urdf', and .*\/robots\/mein\.urdf does not exist, want the path of a URDF/,
  );
  write("robots/torn.urdf", "<robot name='x'><link name='a'/></robot");
  const torn = write("robots/torn.yaml", "name: torn\nurdf: torn.urdf\n");
  assert.throws(
    () => loadSetup({ robot: torn, agent: "default" }),
    /torn\.yaml:2:7 urdf: .*torn\.urdf: URDF line 1: got/,
  );
  // its URDF comes on robot_description
  const topic = write("robots/topic.yaml", "name: topic\njoints: [shoulder_pan]\n");
  assert.throws(
    () => armOfRobot(topic, loadRobotConfig(topic), readFileSync(urdf, "utf8")),
    /topic\.yaml:2:10 joints\[0\]: URDF joints: got "shoulder_pan"/,
  );
  assert.throws(
    () => armOfRobot(topic, loadRobotConfig(topic), "<robot"),
    /^UrdfError: URDF/,
    "what came over a topic is no file's fault",
  );
});

test(
  "a scene's robot is found from the scene's folder, " +
    "wherever the program was started; one that is not there is told at its line",
  () => {
    robot("");
    const scene = (named: string): string => write("scenes/bench.yaml", `name: bench\nrobot: ${named}\n`);
    assert.equal(loadSceneConfig(scene("../robots/mine.yaml")).robot, join(folder, "robots", "mine.yaml"));
    assert.equal(loadSetup({ robot: loadSceneConfig(scene("../robots/mine.urdf")).robot, agent: "default" }).arm.nq, 7);
    assert.equal(
      loadSceneConfig(scene(join(folder, "robots", "mine.yaml"))).robot,
      join(folder, "robots", "mine.yaml"),
      "a whole path too",
    );
    assert.equal(loadSceneConfig(scene("ur5")).robot, "ur5");
    assert.throws(
      () => loadSceneConfig(scene("mine.yaml")),
      new RegExp(
        String.raw`bench\.yaml:2:8 robot: got 'mine\.yaml', and .*\/scenes\/mine\.yaml ` +
          "does not exist, want the path of a robot's YAML or URDF from this file",
      ),
    );
    assert.throws(
      () => loadSceneConfig(scene("arm8")),
      new RegExp(
        String.raw`bench\.yaml:2:8 robot: got 'arm8' \(did you mean 'arm7'\?\), ` +
          "want one of: arm7, .* or the path of a file from this one",
      ),
    );
  },
);

test(
  "numbers of a joint that slides are lengths, of one that turns angles: " +
    "units that do not fit are told at their line, in robot and task",
  () => {
    const joint = (n: number, type: string, limit: string): string =>
      `<joint name="${type}${n}" type="${type}"><parent link="l${n}"/><child link="l${n + 1}"/><origin xyz="0 0 ` +
      `0.2"/><axis xyz="0 ${n % 2} ${1 - (n % 2)}"/><limit ${limit} velocity="1" effort="90"/></joint>`;
    write(
      "robots/rail.urdf",
      `<robot name="rail">` +
        `${[0, 1, 2, 3]
          .map((n) => `<link name="l${n}"><collision><geometry><sphere radius="0.05"/></geometry></collision></link>`)
          .join("")}` +
        `${joint(0, "prismatic", 'lower="0" upper="0.8"')}${joint(1, "revolute", 'lower="-2" upper="2"')}` +
        `${joint(2, "revolute", 'lower="-2" upper="2"')}</robot>`,
    );
    const rail = (lines: string): string => write("robots/rail.yaml", `name: rail\nurdf: rail.urdf\n${lines}\n`);
    const setup = loadSetup({
      robot: rail(
        "home: [30 cm, 20 deg, 0]\nlimits:\n  joints:\n" +
          "    prismatic0: { upper: 700 mm, velocity: 20 cm/s, acceleration: 1 m/s^2, effort: 60 N }\n" +
          "    revolute1: { upper: 90 deg, effort: 20 Nm }",
      ),
      agent: "default",
    });
    assert.deepEqual([...setup.arm.home], [0.3, (20 * Math.PI) / 180, 0]);
    assert.deepEqual(
      [
        setup.arm.limits.hi[0] + setup.robot.tracking_error.sliding,
        setup.arm.limits.velocity[0],
        setup.arm.limits.acceleration[0],
      ].map((x) => Number(x.toFixed(9))),
      [0.7, 0.19, 1],
    );
    for (const [lines, words] of [
      [
        "home: [30 deg, 0, 0]",
        /:3:8 home\[0\]: got '30 deg', want a number in m or with such a unit: prismatic0 slides/,
      ],
      [
        "home: [0.3, 2 cm, 0]",
        /:3:13 home\[1\]: got '2 cm', want a number in rad or with such a unit: revolute1 turns/,
      ],
      [
        "limits:\n  joints:\n    prismatic0: { velocity: 1 rad/s }",
        /:5:29 limits\.joints\.prismatic0\.velocity: got '1 rad\/s', want a number in m\/s or/,
      ],
      [
        "limits:\n  joints:\n    revolute2: { effort: 9 N }",
        /:5:26 limits\.joints\.revolute2\.effort: got '9 N', want a number in .* revolute2 turns/,
      ],
      [
        "home: [2 kg, 0, 0]",
        /home\[0\]: got '2 kg', want an angle \('15 deg' or a number in rad; of a sliding joint in m\)/,
      ],
    ] as const)
      assert.throws(
        () => loadSetup({ robot: rail(lines), agent: "default" }),
        (e: Error) => words.test(e.message) || assert.fail(e.message),
      );
    const read = (goal: string): string => {
      const task = readTask(`goal: [{ joint_positions: ${goal} }]`, setup, []);
      return "code" in task
        ? task.message
        : JSON.stringify((task.spec.goal[0].spec as { angles: number[] }).angles.map((x) => Number(x.toFixed(6))));
    };
    assert.equal(
      read("{ prismatic0: 25 cm, revolute1: 90 deg, tolerance: { sliding: 2 mm } }"),
      `[0.25,${(Math.PI / 2).toFixed(6)}]`,
    );
    assert.equal(read("[0.25, 0.1, 10 deg]"), `[0.25,0.1,${((10 * Math.PI) / 180).toFixed(6)}]`);
    assert.match(
      read("{ prismatic0: 10 deg }"),
      new RegExp(
        String.raw`:1:\d+ goal\[0\]\.joint_positions\.prismatic0: got '10 deg', ` +
          "want a number in m or with such a unit: prismatic0 slides",
      ),
    );
    assert.match(
      read("[0.25, 3 mm, 0]"),
      /goal\[0\]\.joint_positions\[1\]: got '3 mm', want a number in rad or with such a unit: revolute1 turns/,
    );
  },
);
