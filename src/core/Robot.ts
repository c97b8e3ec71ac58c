import type { Observable } from "rxjs";
import type { Command } from "./Command.js";
import type { HandCommand } from "./Hand.js";
import type { Observation } from "./Observation.js";

/** The port to an arm. ROS 2 and the embedded simulator are two adapters of it. `send` returns what was really sent. */
export interface Robot {
  readonly observations: Observable<Observation>;
  send(command: Command): Command;
  sendHand?(command: HandCommand): void; // of a robot with a gripper
}
