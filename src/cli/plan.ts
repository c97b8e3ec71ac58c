import type { Command } from "commander";
import type { LevelModels } from "../agent/setup/loadModels.js";
import type { Arm } from "../kinematics/Arm.js";
import type { TaskSpec } from "../cost/index.js";
import type { SceneView } from "./sceneImage.js";
import { defaultScene } from "./defaultScene.js";
import { angles } from "./angles.js";
import { wholeNumber } from "./wholeNumber.js";
import { positiveTime } from "./positiveTime.js";
import { commandForTask } from "./commandForTask.js";

interface PlanOptions {
  readonly task: string;
  readonly scene?: string;
  readonly robot?: string;
  readonly agent?: string;
  readonly seed: number;
  readonly start?: readonly number[];
  readonly fromRos: boolean;
  readonly deadline: number;
  readonly json: boolean;
}

const HELP = `
Without --start the plan starts at rest, in the start posture of the scene or at the robot's home. The same seed gives
the same plan.

Examples:
  telos plan --task around_wall
  telos plan --task reach --start "0, 0.2, 0, 1.6, 0, 1.2, 0" --json
  telos plan --task reach --from-ros        starts where the running arm is
`;

/** `telos plan`: what the agent would do. Without --from-ros it needs no ROS. */
export function planCommand(): Command {
  return commandForTask("plan", "plan a task and print the plan; nothing moves")
    .option("--seed <n>", "seed of the scene's random draws and of the search", wholeNumber, 1)
    .option("--start <q1,q2,…>", "joint positions to start from, rad (sliding joints: m)", angles)
    .option("--from-ros", "start from the present joint_states", false)
    .option("--deadline <s>", "longest search time of a level", positiveTime, 30)
    .option("--json", "print the plan as one JSON object", false)
    .addHelpText("after", HELP)
    .action(async (options: PlanOptions) => {
      const code = await run(options);
      // rclnodejs leaves native handles behind that would keep the event loop alive
      if (options.fromRos) process.exit(code);
      process.exitCode = code;
    });
}

async function run(options: PlanOptions): Promise<number> {
  const [
    { loadSetup },
    { MeasuredJoints },
    { planOnce },
    { loadAllModels, worldModelOf },
    { loadRobotConfig, loadSceneConfig, drawScene, thingOf },
    { readTask },
    { Rng },
    { monotonic },
    { describePlan, reportPlan },
    { defaultAgent },
    { withTaskFolder },
    { coverNotices },
    { loadSceneFor },
  ] = await Promise.all([
    import("../agent/setup/AgentSetup.js"),
    import("../runtime/ingress/MeasuredJoints.js"),
    import("../agent/planOnce.js"),
    import("../agent/setup/loadModels.js"),
    import("../config/index.js"),
    import("../agent/setup/readTask.js"),
    import("../core/math/Rng.js"),
    import("../core/time/SharedClock.js"),
    import("./PlanReport.js"),
    import("./defaultAgent.js"),
    import("../agent/setup/taskFolders.js"),
    import("../agent/robot/coverNotices.js"),
    import("../agent/setup/sceneFor.js"),
  ]);
  const sceneName = options.scene ?? defaultScene(options.task);
  const asWritten = loadSceneConfig(sceneName);
  const robot = options.robot ?? asWritten.robot;
  const urdf = options.fromRos && loadRobotConfig(robot).urdf === undefined ? await description() : undefined;
  const setup = withTaskFolder(
    loadSetup({ robot, agent: options.agent ?? defaultAgent(options.task), scene: sceneName, urdf }),
    options.task,
  );
  for (const { good, text } of coverNotices(setup))
    if (!good) process.stderr.write(`telos plan: ${setup.robot.name}: ${text}\n`);
  const { arm } = setup;
  const scene = drawScene(loadSceneFor(sceneName, setup.robot.name, arm), new Rng(options.seed));
  const { person, object_speed } = setup.agent.guardrails;
  const objects = scene.objects.map(({ id, position, orientation }) => ({
    id,
    position,
    orientation,
    positionStd: 0,
    stamp: 0,
  }));
  const bodies = scene.bodies.flatMap(({ id, kind, capsules, speed_bound }) =>
    capsules.map((c) => ({
      id,
      kind,
      ...c,
      speedBound: speed_bound ?? (kind === "person" ? person.speed : object_speed),
      stamp: 0,
    })),
  );
  const read = readTask(
    options.task,
    setup,
    objects.map((o) => o.id),
    scene.objects.map(thingOf),
  );
  if ("code" in read) throw new Error(read.message);

  const q = Float64Array.from(options.fromRos ? await fromRos(arm) : (options.start ?? scene.start ?? arm.home));
  if (q.length !== arm.nq)
    throw new Error(`--start: got ${q.length} values, want ${arm.nq} (${arm.jointNames.join(", ")})`);
  // checks the joints as the agent does
  const refusal = new MeasuredJoints(setup).take({ stamp: 0, names: arm.jointNames, positions: q, velocities: [] }, 0);
  if (refusal !== "") throw new Error(`start: ${refusal}`);
  const state = {
    stamp: 0,
    q,
    v: new Float64Array(arm.nq),
    objects: new Map(objects.map((o) => [o.id, o])),
    things: new Map(scene.objects.map((o) => [o.id, thingOf(o)])),
    hand: arm.gripper && { stamp: 0, aperture: arm.gripper.apertures.at(-1)!, speed: 0 },
    bodies,
  };
  const about = { task: read.spec.name, scene: scene.name, robot: setup.robot.name, seed: options.seed };
  if (setup.agent.planner !== undefined) {
    const [{ planSteps }, { describeSteps, reportSteps }] = await Promise.all([
      import("../agent/planSteps.js"),
      import("./StepsReport.js"),
    ]);
    const stepped = reportSteps(
      planSteps(setup, { number: options.seed, task: read.spec, state, failures: [] }, { now: monotonic }),
      about,
    );
    process.stdout.write(`${options.json ? JSON.stringify(stepped) : describeSteps(stepped)}\n`);
    return stepped.success ? 0 : 1;
  }
  const models = await loadAllModels(setup);
  const world = worldModelOf(models);
  const seen =
    world &&
    (await look(world, setup.arm, read.spec, q, {
      scene: sceneName,
      robot,
      seed: options.seed,
      camera: world.manifest.camera,
      start: [...q],
    }));
  const task = seen?.task ?? read.spec;
  const percept = seen && { z: seen.percept.z, q };
  const planned = await planOnce(
    setup,
    task,
    { ...state, percept },
    {
      seed: options.seed,
      clock: { now: monotonic },
      deadline: options.deadline,
      models,
    },
  );
  const report = reportPlan(arm, planned, about, setup.agent.guardrails.self_clearance);
  process.stdout.write(`${options.json ? JSON.stringify(report) : describePlan(report)}\n`);
  return report.success ? 0 : 1;
}

/** What the scene's camera sees, for an agent that plans from images. */
async function look(
  model: NonNullable<LevelModels["world"]>,
  arm: Arm,
  task: TaskSpec,
  q: Float64Array,
  view: SceneView,
) {
  const [{ seeOnce }, { sceneImage }] = await Promise.all([import("../agent/seeOnce.js"), import("./sceneImage.js")]);
  return seeOnce(model, arm, task, await sceneImage(view), q);
}

/** The running arm's URDF, for a robot without one in its file. @throws Error after 5 s without a message */
async function description(): Promise<string> {
  const { describeOnce } = await import("../adapters/ros/client/listenOnce.js");
  return describeOnce(5);
}

/**
 * The joints of the running arm, from the publisher that the agent would accept.
 * @throws Error after 5 s without a message, or if the agent would accept none
 */
async function fromRos(arm: Arm): Promise<number[]> {
  const [{ listenOnce }, { sourceJoints }] = await Promise.all([
    import("../adapters/ros/client/listenOnce.js"),
    import("../adapters/ros/agent/sourceJoints.js"),
  ]);
  const {
    state: { name, position },
    words,
  } = await listenOnce(sourceJoints(arm), 5);
  if (words !== "") process.stderr.write(`telos plan: ${words}\n`);
  return arm.jointNames.map((joint) => position[name.indexOf(joint)]);
}
