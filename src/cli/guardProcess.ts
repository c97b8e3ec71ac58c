import { NodeProcess } from "./NodeProcess.js";

export interface GuardChoice {
  readonly scene: string;
  readonly robot: string;
  readonly agent: string;
  readonly onLine?: (line: string) => void;
}

/** The guard as a separate process, in simulated time. It stores no latch, because each simulation is new. */
export function guardProcess({ scene, robot, agent, onLine }: GuardChoice): NodeProcess {
  const args = [
    "guard",
    "--gate",
    "--sim-time",
    "--json",
    "--scene",
    scene,
    "--robot",
    robot,
    "--agent",
    agent,
    "--ros-args",
    "-p",
    "latch_folder:=''",
  ];
  return new NodeProcess({ name: "guard", args, sign: '{"event":"state","state":"active"', onLine });
}
