import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { after, test } from "node:test";
import rclnodejs from "rclnodejs";
import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { packageRoot } from "../../../src/config/index.js";
import { streamRecording } from "../../../src/memory/episodes/streamRecording.js";
import { BelievedJoints } from "../../../src/adapters/ros/agent/BelievedJoints.js";
import { decodeJointState } from "../../../src/adapters/ros/cdr/JointState.js";
import { RemoteArm } from "../../../src/adapters/ros/client/RemoteArm.js";
import { sourceJoints } from "../../../src/adapters/ros/agent/sourceJoints.js";
import { telos } from "../../cli/telos.js";

const root = new URL("../../../../", import.meta.url),
  TELLER = fileURLToPath(new URL("jointTeller.js", import.meta.url));
const skip =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root))
    ? false
    : "ROS 2 is not in the environment";
const env = { ROS_DOMAIN_ID: String(60 + (process.pid % 30)), ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST" };
const { arm } = loadSetup({ robot: "arm7", agent: "default" });
const folder = mkdtempSync(join(tmpdir(), "telos-believed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Programs of their own that tell of joints, each under its name and with its positions; the action runs once all are
 * there, and again where it fails: on a busy machine two nodes may take long to find each other.
 */
async function beside<T>(...given: Parameters<typeof besideOnce<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await besideOnce(...given);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
}

async function besideOnce<T>(
  tellers: readonly (readonly [name: string, q: readonly number[], joints?: readonly string[], urdf?: string])[],
  act: () => Promise<T>,
): Promise<T> {
  const programs: ReturnType<typeof spawn>[] = [];
  try {
    for (const [name, q, joints = arm.jointNames, ...urdf] of tellers) {
      const program = spawn(
        process.execPath,
        [TELLER, name, JSON.stringify(q), JSON.stringify(joints), ...(urdf as string[])],
        { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] },
      );
      programs.push(program);
      await new Promise<void>(
        (resolve, reject) => (
          program.stdout!.once("data", () => resolve()),
          program.once("exit", () => reject(new Error(`${name} ended`)))
        ),
      );
    }
    return await act();
  } finally {
    for (const program of programs) program.kill("SIGKILL");
  }
}

const ATTEMPTS = 3;
const home = Array.from(arm.home),
  other = home.map((x, j) => (j === 3 ? x - 0.2 : x));
const plan = (): ReturnType<typeof telos> =>
  telos(["plan", "--task", "goal: [{ joint_positions: { joint1: 0.3 } }]", "--scene", "table", "--from-ros"], { env });

test(
  "plan --from-ros begins where the arm is told to be, " +
    "beside a gripper that tells of its own; of two who agree one is taken and the other named",
  { skip },
  async () => {
    await beside(
      [
        ["driver", home],
        ["gripper", [0.01], ["finger"]],
      ],
      async () => {
        const { code, stdout, stderr } = await plan();
        assert.equal(code, 0, stdout + stderr);
        assert.doesNotMatch(stderr, /joint_states/);
      },
    );
    await beside(
      [
        ["driver", home],
        ["gui", home],
      ],
      async () => {
        const { code, stderr } = await plan();
        assert.equal(code, 0, stderr);
        assert.match(
          stderr,
          new RegExp(
            String.raw`^telos plan: \/(driver|gui) publish(es)? the arm's joints on \/joint_states ` +
              String.raw`too, and is ignored: \/(driver|gui), which came first, is used$`,
            "m",
          ),
        );
      },
    );
  },
);

test("plan --from-ros takes neither of two who differ, whoever speaks first", { skip }, async () => {
  for (const tellers of [
    [
      ["driver", home],
      ["gui", other],
    ],
    [
      ["gui", other],
      ["driver", home],
    ],
  ] as const)
    await beside(tellers, async () => {
      const { code, stderr } = await plan();
      assert.equal(code, 1, stderr);
      assert.match(
        stderr,
        new RegExp(
          String.raw`\/(driver and \/gui|gui and \/driver) both publish the arm's joints on ` +
            String.raw`\/joint_states, and differ \(joint4 at -?\d+\.\d{3} and -?\d+\.\d{3} rad\): ` +
            "neither is used, because it is not known which is right; stop one of them",
        ),
      );
    });
});

test("calibrate delay measures nothing while two tell of the arm", { skip }, async () => {
  await beside(
    [
      ["driver", home],
      ["gui", other],
    ],
    async () => {
      const { code, stderr } = await telos(["calibrate", "delay", "--robot", "arm7", "--for", "4"], { env });
      assert.equal(code, 1);
      assert.match(stderr, /both publish the arm's joints on \/joint_states, and differ/);
    },
  );
});

const driver = ["driver", home, arm.jointNames, join(packageRoot(), "config", "robots", "arm7.urdf")] as const;

test(
  "a collection records the joint states that the agent believes, and a gripper's; it does not begin while two differ",
  { skip },
  async () => {
    Object.assign(process.env, env);
    const told: string[] = [],
      path = join(folder, "r.mcap");
    await beside([driver, ["gripper", [0.01], ["finger"]]], async () => {
      const remote = await RemoteArm.open("camera", [], 20, (words) => told.push(words));
      try {
        await sleep(3000); // who comes from now on came later
        remote.record(path);
        await beside([["gui", other]], async () => {
          for (let waited = 0; waited < 100 && told.length === 0; waited++) await sleep(100);
          await sleep(500);
        });
        assert.equal(remote.unbelieved(), "");
        await remote.finish(new Map());
      } finally {
        remote.close();
      }
    });
    assert.match(
      told.at(-1) ?? "",
      /\/gui publishes the arm's joints on \/joint_states too, and is ignored: \/driver, which came first, is used/,
    );
    const states = [...streamRecording(path)]
      .filter((m) => m.topic === "/joint_states")
      .map((m) => decodeJointState(m.data));
    const own = states.filter((m) => m.name.includes("joint4")),
      fingers = states.filter((m) => m.name.includes("finger"));
    assert.ok(own.length > 30 && fingers.length > 30, `${own.length} of the arm, ${fingers.length} of the gripper`);
    assert.equal(
      own.filter((m) => m.position[m.name.indexOf("joint4")] !== home[3]).length,
      0,
      "another's are in the recording",
    );
    await beside([driver, ["gui", other]], () =>
      assert.rejects(
        RemoteArm.open("camera", [], 20, () => undefined),
        /both publish the arm's joints on \/joint_states, and differ \(joint4 at .* rad\): neither is used/,
      ),
    );
  },
);

test(
  "of those who come later, each a program of its own, not one message is taken, from the first on",
  { skip },
  async () => {
    Object.assign(process.env, env);
    const taken: number[] = [],
      others: number[] = [],
      said: string[] = [];
    await beside([["driver", home]], async () => {
      const context = new rclnodejs.Context();
      await rclnodejs.init(context);
      const node = new rclnodejs.Node("hearer", "", context);
      const believed = new BelievedJoints(node, sourceJoints(arm), {
        believed: (m) => taken.push(m.position[3]),
        other: (m) => others.push(m.position[3]),
        told: (words) => said.push(words),
      });
      try {
        node.spin();
        for (let i = 0; i < 600 && (taken.length === 0 || believed.sources.believed === undefined); i++)
          await sleep(10);
        await sleep(3500); // who comes from now on came later
        const settled = taken.length;
        for (let i = 1; i <= 3; i++) {
          const named = new RegExp(
            `/gui${i} publish(es)? the arm's joints on /joint_states too, and (is|are) ignored: /driver, ` +
              "which came first",
          );
          await beside([[`gui${i}`, home.map((x, j) => (j === 3 ? x + 0.01 * i : x))]], async () => {
            for (let waited = 0; waited < 100 && !named.test(said.at(-1) ?? ""); waited++) await sleep(100);
            await sleep(500);
          });
          assert.match(said.at(-1)!, named);
          await sleep(300);
        }
        assert.ok(taken.length - settled > 100, `${taken.length - settled} of the driver's at 50 Hz`);
      } finally {
        believed.destroy();
        node.stop();
        rclnodejs.shutdown(context);
      }
    });
    assert.equal(
      taken.findIndex((q) => q !== home[3]),
      -1,
      `${taken.filter((q) => q !== home[3]).length} of ${taken.length} taken are another's`,
    );
    assert.ok(others.length > 60 && others.every((q) => q !== home[3]), `${others.length} skipped`);
    setTimeout(() => process.exit(), 500).unref();
  },
);
