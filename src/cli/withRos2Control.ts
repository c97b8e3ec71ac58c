/** Adds to a URDF the hardware for gz_ros2_control: position commands, and the initial position of each joint, rad. */
export function withRos2Control(urdf: string, jointNames: readonly string[], start: ArrayLike<number>): string {
  const joints = jointNames.map(
    (name, j) => `    <joint name="${name}">
      <command_interface name="position"/>
      <state_interface name="position"><param name="initial_value">${start[j]}</param></state_interface>
      <state_interface name="velocity"/>
    </joint>`,
  );
  const block = `  <ros2_control name="telos" type="system">
    <hardware><plugin>gz_ros2_control/GazeboSimSystem</plugin></hardware>
${joints.join("\n")}
  </ros2_control>
`;
  return beforeEnd(urdf, block);
}

/** Inserts a block at the end of a URDF. */
export function beforeEnd(urdf: string, block: string): string {
  const end = urdf.lastIndexOf("</robot>");
  if (end < 0) throw new Error("the URDF has no </robot>");
  return urdf.slice(0, end) + block + urdf.slice(end);
}
