import { spawn } from "node:child_process";

// a program ends when this process ends, for whatever reason
const SPIN = "for (const parent = process.ppid; process.ppid === parent; ) for (let i = 0; i < 1e5; i++);";

/**
 * Simulates load by other users: starts `count` programs that each keep one core busy. Each runs in a session of its
 * own, like a program in another terminal.
 * @returns a function that ends them
 */
export function busyCores(count: number): () => void {
  const programs = Array.from({ length: count }, () =>
    spawn(process.execPath, ["-e", SPIN], { stdio: "ignore", detached: true }),
  );
  const end = (): void => programs.forEach((p) => p.kill("SIGKILL"));
  process.once("exit", end);
  return () => {
    process.off("exit", end);
    end();
  };
}
