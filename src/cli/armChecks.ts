import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ArmFound } from "../adapters/ros/agent/lookAtArm.js";
import { handWords } from "./handWords.js";
import { Ailment, controllerCheck, type Check } from "./doctorChecks.js";

const LOOK = 4; // s; nodes discover each other within the first second

/**
 * The checks of one arm: its file, and its driver and controller in this ROS domain.
 * @param nameOrPath its robot file
 */
export function armChecks(nameOrPath: string): Check[] {
  let setup: AgentSetup | undefined, found: ArmFound | undefined;
  const look = async (): Promise<ArmFound> => {
    if (setup === undefined) throw new Ailment("not checked: the robot file cannot be read", "fix the robot file");
    const { lookAtArm } = await import("../adapters/ros/agent/lookAtArm.js");
    return (found ??= await lookAtArm(setup, LOOK));
  };
  return [
    {
      name: "robot file",
      run: async () => {
        const [{ loadSetup }, { describeOnce }, { loadRobotConfig }] = await Promise.all([
          import("../agent/setup/AgentSetup.js"),
          import("../adapters/ros/client/listenOnce.js"),
          import("../config/index.js"),
        ]);
        try {
          const urdf = loadRobotConfig(nameOrPath).urdf === undefined ? await describeOnce(5) : undefined;
          setup = loadSetup({ robot: nameOrPath, agent: "default", urdf });
        } catch (error) {
          throw new Ailment(
            (error as Error).message,
            "docs/guide/your-arm.md shows how to write a robot file, docs/reference/keys.md lists its keys",
          );
        }
        return (
          `${setup.robot.name}: ${setup.arm.nq} joints, ${setup.arm.jointNames.join(", ")}; ` +
          `${setup.arm.capsules.length} capsules`
        );
      },
    },
    {
      name: "joint states",
      run: async () => {
        const { joints, taken } = await look();
        if (joints !== "")
          throw new Ailment(
            joints,
            "check that the arm's driver runs in this ROS domain, that its joint_state_broadcaster is active, and " +
              "that the joint names are those of the URDF",
          );
        return `at least ${(taken / LOOK).toFixed(0)} Hz`;
      },
    },
    {
      name: "controller",
      run: async () => {
        const { controller, hearers } = await look();
        if (controller !== "")
          throw new Ailment(
            controller,
            "set controller.topic in the robot file to the topic of the arm's joint_trajectory_controller; `ros2 " +
              "control list_controllers` and `ros2 topic list -t` show it",
          );
        return hearers.length > 0 ? `${hearers.join(", ")} subscribes to the commands` : "its action server runs";
      },
    },
    controllerCheck(nameOrPath),
    {
      name: "hand",
      run: async () => {
        const { hand } = await look(),
          { arm, robot } = setup!;
        if (arm.gripper === undefined || hand === undefined) return "the robot file declares no gripper";
        if (hand.trouble !== "")
          throw new Ailment(
            hand.trouble,
            "check that the hand's driver runs in this ROS domain, that it publishes the joints that " +
              "`gripper.joints` of the robot file names, and that `gripper.controller` names its controller",
          );
        return `${handWords(arm.gripper, robot.gripper!.controller)}; at least ${(hand.taken / LOOK).toFixed(0)} Hz`;
      },
    },
  ];
}
