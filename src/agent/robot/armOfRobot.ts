import { loadConfig, requireJointUnits, resolveConfig, type RobotConfig } from "../../config/index.js";
import { parseUrdf, UrdfError, type Arm, type Urdf } from "../../kinematics/index.js";
import { armOptions } from "./armOptions.js";
import { loadArm } from "./loadArm.js";
import { slidesOf } from "../../kinematics/slidesOf.js";

/**
 * Holds the units in a robot's file against what the arm's joints do.
 * @throws ConfigError at the first that does not fit
 */
export function requireUnits(nameOrPath: string, arm: Pick<Arm, "jointNames" | "kinds">): void {
  const file = resolveConfig("robots", nameOrPath);
  if (!file.endsWith(".urdf")) requireJointUnits(loadConfig("robots", file), arm.jointNames, slidesOf(arm));
}

/**
 * The arm that a robot's file makes of a URDF's text. What does not fit is told at its place in that file: a key that
 * names what the URDF has not, or the key `urdf` where the URDF itself is wrong.
 * @param nameOrPath of the robot's file @param tell what is being done, as `ArmOptions.tell`
 * @throws ConfigError; UrdfError where there is no such file: of a bare URDF, or one that came over a topic
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
