import rclnodejs from "rclnodejs";
import type { Seconds } from "../../../core/Seconds.js";
import { ControllerCheck } from "./ControllerCheck.js";
import type { ControllerFinding, ControllerParameters } from "./controllerFindings.js";

export interface ControllerReading {
  readonly parameters: ControllerParameters;
  readonly findings: readonly ControllerFinding[];
}

/**
 * Reads a controller's parameters as the agent does (`ControllerCheck`), for a program that uses ROS just once.
 * @returns undefined if no node offered any `within` that time
 */
export async function readController(
  topic: string,
  jointNames: readonly string[],
  within: Seconds,
): Promise<ControllerReading | undefined> {
  await rclnodejs.init();
  const node = new rclnodejs.Node("telos_doctor_controller");
  const check = new ControllerCheck(node, node.resolveTopicName(topic), jointNames, () => undefined);
  node.spin();
  for (const end = performance.now() + 1000 * within; check.parameters === undefined && performance.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const { parameters, findings } = check;
  check.destroy();
  node.destroy();
  rclnodejs.shutdown();
  return parameters && { parameters, findings };
}
