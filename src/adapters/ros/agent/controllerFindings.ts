/** Parameters of a controller's node: values by name, only those that it has. */
export type ControllerParameters = Readonly<Record<string, unknown>>;

export interface ControllerFinding {
  readonly breaks: boolean; // the bounds do not hold, so nothing may move
  readonly words: string;
}

/**
 * Parameters of joint_trajectory_controller that decide whether the arm gets the path that was verified. Releases have
 * some of them (docs/safety/bounds.md, "Which bounds hold under which controllers").
 */
export const ASKED = [
  "joints",
  "interpolation_method",
  "allow_trajectory_replacement",
  "positions_upsampling.enable",
  "speed_scaling.state_interface",
  "cmd_timeout",
] as const;

/** What is wrong with a controller for commands as `JoinedCommands` makes them. */
export function controllerFindings(p: ControllerParameters, jointNames: readonly string[]): ControllerFinding[] {
  const found: ControllerFinding[] = [];
  const say = (breaks: boolean, words: string): unknown => found.push({ breaks, words });
  if (p.interpolation_method !== undefined && String(p.interpolation_method).toLowerCase() !== "splines")
    say(
      true,
      `interpolation_method is ${String(p.interpolation_method)}: set-points jump from point to point; want splines`,
    );
  // The release that splices has positions_upsampling. In earlier ones the parameter only kept what lies ahead.
  if (p.allow_trajectory_replacement === true && "positions_upsampling.enable" in p)
    say(
      true,
      "allow_trajectory_replacement is true: this release shifts a trajectory that begins in the past, so the arm " +
        "would jump; `ros2 param set` it to false, and in the controller's YAML",
    );
  else if (p.allow_trajectory_replacement === true)
    say(
      false,
      "allow_trajectory_replacement is true: 12 % more than the declared acceleration for one update where a motion " +
        "begins; false is exact",
    );
  const joints = p.joints as readonly string[] | undefined;
  if (joints !== undefined && (joints.length !== jointNames.length || !jointNames.every((j) => joints.includes(j))))
    say(true, `its joints are ${joints.join(", ")}; want ${jointNames.join(", ")}: it refuses every command`);
  if (typeof p["speed_scaling.state_interface"] === "string" && p["speed_scaling.state_interface"] !== "")
    say(
      false,
      `it scales its speed by ${p["speed_scaling.state_interface"]}: below 100 % the arm lags and then jumps; ` +
        "use the robot's limits.velocity_scale",
    );
  if (typeof p.cmd_timeout === "number" && p.cmd_timeout > 0)
    say(
      false,
      `cmd_timeout is ${p.cmd_timeout} s: after it the controller holds the measured position, which differs from ` +
        "the commanded one by the tracking error; 0 is exact",
    );
  return found;
}
