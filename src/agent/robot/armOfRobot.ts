import {
  loadConfig,
  requireHandUnits,
  requireJointUnits,
  resolveConfig,
  type RobotConfig,
} from "../../config/index.js";
import { parseUrdf, UrdfError, type Arm, type Urdf } from "../../kinematics/index.js";
import { armOptions } from "./armOptions.js";
import { loadArm } from "./loadArm.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

/**
 * Checks the units in a robot's file against the kinds of the arm's joints.
 * @throws ConfigError at the first that does not fit
 */
export function requireUnits(nameOrPath: string, arm: Pick<Arm, "jointNames" | "kinds">): void {
  const file = resolveConfig("robots", nameOrPath);
  if (!file.endsWith(".urdf")) requireJointUnits(loadConfig("robots", file), arm.jointNames, slidesOf(arm));
}

function requireUnitsOfHand(nameOrPath: string, { gripper }: Arm, urdf: Urdf): void {
  if (gripper === undefined) return;
  requireHandUnits(
    loadConfig("robots", resolveConfig("robots", nameOrPath)),
    gripper.jointNames.map((name) => urdf.joints.get(name)!.type === "prismatic"),
  );
}

/**
 * The arm of a robot's file and a URDF's text. What does not fit is reported at its place in that file: at a key that
 * names something missing in the URDF, or at the key `urdf` if the URDF itself is wrong.
 * @param nameOrPath of the robot's file @param tell reports progress, as `ArmOptions.tell`
 * @throws ConfigError; UrdfError if there is no such file: for a bare URDF, or one that came over a topic
 */
export function armOfRobot(
  nameOrPath: string,
  robot: RobotConfig,
  text: string,
  tell?: (doing: string) => void,
): { readonly urdf: Urdf; readonly arm: Arm } {
  try {
    const urdf = parseUrdf(text);
    const arm = loadArm(urdf, { ...armOptions(robot), tell });
    requireUnits(nameOrPath, arm);
    requireUnitsOfHand(nameOrPath, arm, urdf);
    return { urdf, arm };
  } catch (error) {
    const file = resolveConfig("robots", nameOrPath);
    if (
      !(error instanceof UrdfError) ||
      file.endsWith(".urdf") ||
      (error.option === undefined && robot.urdf === undefined)
    )
      throw error;
    throw loadConfig("robots", file).error(
      error.option ?? ["urdf"],
      error.option === undefined ? `${robot.urdf}: ${error.message}` : error.message,
    );
  }
}
