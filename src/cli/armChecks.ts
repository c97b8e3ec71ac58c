import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { ArmFound } from "../adapters/ros/agent/lookAtArm.js";
import { Ailment, controllerCheck, type Check } from "./doctorChecks.js";

const LOOK = 4; // s: nodes find each other within the first

/** What is looked at of one arm: its file, and what there is of it in this ROS domain. @param nameOrPath of its file */
export function armChecks(nameOrPath: string): Check[] {
  let setup: AgentSetup | undefined, found: ArmFound | undefined;
  const look = async (): Promise<ArmFound> => {
    if (setup === undefined) throw new Ailment("not looked at, without the robot's file", "see above");
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
            "is the arm's driver up, its joint_state_broadcaster active, and the ROS domain the same? Joints are " +
              "named as in the URDF",
          );
        return `${(taken / LOOK).toFixed(0)} Hz or more`;
      },
    },
    {
      name: "controller",
      run: async () => {
        const { controller, hearers } = await look();
        if (controller !== "")
          throw new Ailment(
            controller,
            "controller.topic in the robot's file is the topic of the arm's joint_trajectory_controller: `ros2 " +
              "control list_controllers`, `ros2 topic list -t`",
          );
        return hearers.length > 0 ? `${hearers.join(", ")} hears the commands` : "its action is served";
      },
    },
    controllerCheck(nameOrPath),
  ];
}
