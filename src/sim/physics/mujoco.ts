import load, { type MainModule } from "@mujoco/mujoco";

let loading: Promise<MainModule> | undefined;

/**
 * The MuJoCo library, compiled once a thread. Its heap only grows, so every view on it may go stale: take views anew,
 * never keep them.
 */
export function mujoco(): Promise<MainModule> {
  return (loading ??= load());
}
