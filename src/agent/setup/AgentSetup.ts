import { readFileSync } from "node:fs";
import { loadAgentConfig, type AgentConfig } from "./AgentConfig.js";
import { loadRobotConfig, loadSceneConfig, thingOf, type RobotConfig } from "../../config/index.js";
import type { FramePose } from "../../core/FramePose.js";
import type { JointLimits } from "../../core/JointLimits.js";
import type { Shape } from "../../core/geometry/Shape.js";
import { monotonic } from "../../core/time/SharedClock.js";
import type { Thing } from "../../core/Thing.js";
import type { Arm } from "../../kinematics/index.js";
import { fixedFrames } from "../../kinematics/urdf/fixedFrames.js";
import { loadManifest, type ModelManifest } from "../../worldmodel/learned/onnx/index.js";
import { armOfRobot } from "../robot/armOfRobot.js";
import { learnedFolder } from "./loadModels.js";
import { paceAgent } from "./paceAgent.js";
import { requireStart } from "./sceneFor.js";
import { expectedTrackingError, trackingError } from "../robot/trackingError.js";

const PATIENCE = 2,
  SAY_EVERY = 2; // s

/** All that an agent is made from, resolved and checked. Plain data: every thread gets a copy. */
export interface AgentSetup {
  readonly robot: RobotConfig;
  readonly agent: AgentConfig;
  readonly arm: Arm; // with the limits used for planning: the robot's, shrunk by the tracking error
  readonly learned?: ModelManifest; // of the top level's learned model, if it has one
  readonly fixed: readonly Shape[]; // known geometry: the scene's, then what the URDF fixes to the base
  readonly fixedIds?: readonly string[]; // its names, for tasks that may touch some of it; parts of one thing share one
  readonly fixedThings?: readonly Thing[]; // the scene's, whole: parts in the base frame
  readonly frames?: Readonly<Record<string, FramePose>>; // frames fixed in the arm's base, declared or by the URDF
  readonly links?: readonly string[]; // all of the URDF
}

/** Names or paths from the user. */
export interface SetupChoice {
  readonly robot: string;
  readonly agent: string;
  readonly scene?: string;
  readonly urdf?: string; // text, if the robot's description comes by topic
  readonly law?: RobotConfig["controller"]["law"]; // of the arm's controller, in place of the one in the robot's file
}

/** @throws ConfigError, UrdfError, ModelError */
export function loadSetup(choice: SetupChoice): AgentSetup {
  const robot = controlled(loadRobotConfig(choice.robot), choice.law);
  const agent = paceAgent(loadAgentConfig(choice.agent), robot);
  const model = learnedFolder(agent);
  const scene = choice.scene === undefined ? undefined : loadSceneConfig(choice.scene);
  if (choice.urdf === undefined && robot.urdf === undefined)
    throw new Error(`robot ${robot.name}: got no urdf, want a file or a robot_description`);
  const text = choice.urdf ?? readFileSync(robot.urdf!, "utf8");
  const { urdf, arm: fitted } = armOfRobot(choice.robot, robot, text, tellWhatTakesLong(robot.name)),
    taken = new Set(scene?.fixed.map((f) => f.id));
  if (choice.scene !== undefined) requireStart(choice.scene, robot.name, fitted);
  const world = (fitted.world ?? []).map((w) => ({ ...w, id: taken.has(w.id) ? `${w.id} of the URDF` : w.id })),
    arm = { ...fitted, world };
  const fixedThings = scene?.fixed.map(thingOf) ?? [];
  return {
    robot,
    agent,
    arm: {
      ...arm,
      limits: shrink(arm.limits, trackingError({ arm, robot })),
      trackingError: expectedTrackingError({ arm, robot }),
    },
    learned: model === undefined ? undefined : loadManifest(model),
    fixed: [...fixedThings.flatMap((thing) => thing.parts), ...world.map((w) => w.shape)],
    fixedIds: [...fixedThings.flatMap(({ id, parts }) => parts.map(() => id)), ...world.map((w) => w.id)],
    frames: { ...fixedFrames(urdf, arm.base), ...agent.perception.frames },
    fixedThings,
    links: [...urdf.links.keys()],
  };
}

/** The robot under another controller than its own. */
function controlled(robot: RobotConfig, law: SetupChoice["law"] = robot.controller.law): RobotConfig {
  return { ...robot, controller: { ...robot.controller, law } };
}

/** For `ArmOptions.tell`: reports progress on stderr once it takes more than two seconds. */
function tellWhatTakesLong(name: string): (doing: string) => void {
  const began = monotonic();
  let said = began + PATIENCE - SAY_EVERY;
  return (doing) => {
    if (monotonic() - said < SAY_EVERY) return;
    said = monotonic();
    process.stderr.write(`telos: robot ${name}: ${doing}, ${(said - began).toFixed(0)} s so far\n`);
  };
}

/** Position limits shrunk by the tracking error on both sides; if a joint's range is smaller, its middle. */
function shrink(limits: JointLimits, error: ArrayLike<number>): JointLimits {
  const lo = limits.lo.map((x, j) => Math.min(x + error[j], 0.5 * (x + limits.hi[j])));
  const hi = limits.hi.map((x, j) => Math.max(x - error[j], 0.5 * (x + limits.lo[j])));
  return { ...limits, lo, hi };
}
