import load, { type MainModule } from "@mujoco/mujoco";

let loading: Promise<MainModule> | undefined;

/**
 * The MuJoCo library, compiled once per thread. Its heap may grow, which invalidates views on it: never keep a view.
 */
export function mujoco(): Promise<MainModule> {
  return (loading ??= load());
}
