import type rclnodejs from "rclnodejs";

export interface SimNodeSettings<Scene> {
  readonly jointNames: readonly string[]; // of the arm
  readonly base: string; // frame of all poses
  readonly urdf: string; // text, for `robot_description`
  readonly objects: boolean; // whether to publish `objects`
  readonly forces: boolean; // whether to publish `wrench`
  readonly trajectoryTopic: string;
  readonly handTopic?: string; // of the hand's controller, of a robot with a gripper
  readonly trajectoryAction?: string; // action offered beside the topic; needs control_msgs
  readonly acceleration: ArrayLike<number>; // rad/s², of the joints, with which a cancelled goal's motion ends
  readonly slides?: readonly boolean[]; // [nq] joints in m; absent: none
  readonly declare?: (node: rclnodejs.Node) => void; // its parameters
  readonly loadScene: (name: string) => Scene; // throws an error with a message for the user
}
