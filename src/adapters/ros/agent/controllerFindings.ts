/** What a controller's node says of itself: values by name, of those parameters that it has. */
export type ControllerParameters = Readonly<Record<string, unknown>>;

export interface ControllerFinding {
  readonly breaks: boolean; // bounds do not hold: nothing may move
  readonly words: string;
}

/**
 * Parameters of joint_trajectory_controller that decide whether what is verified is what the arm is told; releases know
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
      `interpolation_method is ${String(p.interpolation_method)}: set-points leap from point to point; want splines`,
    );
  // The release that splices came with positions_upsampling; before it, the parameter only kept what lies ahead.
  if (p.allow_trajectory_replacement === true && "positions_upsampling.enable" in p)
    say(
      true,
      "allow_trajectory_replacement is true: this release shifts what begins in the past, so the arm would leap; " +
        "`ros2 param set` it to false, and in the controller's YAML",
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
      `it scales its speed by ${p["speed_scaling.state_interface"]}: at less than 100 % the arm lags and leaps ` +
        "after; use the robot's limits.velocity_scale",
    );
  if (typeof p.cmd_timeout === "number" && p.cmd_timeout > 0)
    say(
      false,
      `cmd_timeout is ${p.cmd_timeout} s: then it holds where the arm is measured, by its tracking error beside ` +
        "where it was told to rest; 0 is exact",
    );
  return found;
}
