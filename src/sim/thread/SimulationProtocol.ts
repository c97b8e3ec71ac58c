import type { SceneConfig } from "../../config/SceneConfig.js";
import type { Body } from "../../core/Body.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Contact } from "../physics/Contact.js";
import type { TrajectoryMessage } from "../physics/TrajectoryMessage.js";
import type { Perturbation } from "../physics/Perturbation.js";
import type { Reading } from "../../core/Reading.js";
import type { SensorOptions } from "../sensors/Sensors.js";
import type { Pose } from "../physics/Disturbances.js";
import type { ObjectPose } from "../physics/Simulation.js";
import type { SimulationSetup } from "../physics/SimulationSetup.js";

/** The start data of the simulation thread. */
export interface ThreadSetup {
  readonly setup: SimulationSetup;
  readonly sensors: SensorOptions;
  readonly speed: number; // simulated seconds per second; Infinity: as fast as it goes
  readonly shared: SharedArrayBuffer; // Int32: [0] wakes the thread, [1] counts the ticks that the other side has read
}

/** A disturbance of the world or of a sensor, as in telos_interfaces/Perturb. */
export type Disturbance =
  | Perturbation
  | {
      readonly action: "drop" | "delay" | "corrupt";
      readonly target: string;
      readonly value: number;
      readonly duration: Seconds;
    };

/**
 * Messages to the simulation. Times count from the launch and never jump back. Those of `Simulation` restart with each
 * reset.
 */
export type SimulationRequest =
  | { readonly type: "begin" }
  | { readonly type: "trajectory"; readonly message: TrajectoryMessage; readonly to: "arm" | "hand" }
  | {
      readonly type: "reset";
      readonly id: number;
      readonly scene?: SceneConfig;
      readonly seed: number;
      readonly poses: readonly ObjectPose[];
    }
  | { readonly type: "perturb"; readonly id: number; readonly disturbance: Disturbance }
  | { readonly type: "stop" };

/** Messages from the simulation. */
export type SimulationReport =
  | { readonly type: "begun"; readonly at: number } // ms of the system's clock when simulated time began
  | { readonly type: "tick"; readonly time: Seconds; readonly readings: readonly Reading[]; readonly truth: Truth }
  | { readonly type: "clock"; readonly time: Seconds } // between two ticks
  | { readonly type: "reply"; readonly id: number; readonly fault: string | undefined }
  | { readonly type: "refused"; readonly by: "arm" | "hand"; readonly reason: string }
  | { readonly type: "leapt"; readonly by: number } // rad, jump of the desired state to a late trajectory
  | { readonly type: "slow"; readonly lag: Seconds; readonly realTimeFactor: number };

/** The ground truth at one instant. Contacts are those since the tick before. */
export interface Truth {
  readonly q: Float64Array; // [nq]
  readonly v: Float64Array;
  readonly effort: Float64Array;
  readonly desiredQ: Float64Array;
  readonly desiredV: Float64Array;
  readonly objects: readonly ObjectPose[];
  readonly contacts: readonly Contact[];
  readonly bodies: readonly Body[];
  readonly personDistances: ReadonlyMap<string, number>; // m
  readonly tool: Pose;
  readonly scene: string;
  readonly seed: number;
  readonly held: string; // id of what the hand holds, "" if nothing
  readonly realTimeFactor: number;
}
