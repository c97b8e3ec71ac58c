import { spawn } from "node:child_process";

// ends with us, however we end
const SPIN = "for (const parent = process.ppid; process.ppid === parent; ) for (let i = 0; i < 1e5; i++);";

/**
 * Other people's work: so many programs that each want a core and never rest, in sessions of their own as a program in
 * another terminal is.
 * @returns what ends them
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
