import { NodeProcess } from "./NodeProcess.js";

export interface SimChoice {
  readonly scene: string;
  readonly robot: string;
  readonly seed: number;
  readonly speed: number;
  readonly objects: boolean;
  readonly onLine?: (line: string) => void;
}

/** The simulator as a process of its own. */
export function simProcess({ scene, robot, seed, speed, objects, onLine }: SimChoice): NodeProcess {
  const args = [
    "sim",
    "--gate",
    "--scene",
    scene,
    "--robot",
    robot,
    "--seed",
    String(seed),
    "--speed",
    String(speed),
    ...(objects ? ["--objects"] : []),
  ];
  return new NodeProcess({ name: "simulator", args, sign: "telos_sim ready", onLine });
}
