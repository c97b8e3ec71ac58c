import type { Observable } from "rxjs";
import type { Body } from "../../../core/Body.js";
import type { Seconds } from "../../../core/Seconds.js";
import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";
import type { Reading } from "../../../core/Reading.js";

/** What the simulator node needs of a running simulation; times count from its launch. `SimulationThread` is one. */
export interface SimPort<Scene> {
  readonly begun: Observable<number>; // ms of the system's clock at time 0
  readonly clock: Observable<Seconds>;
  readonly ticks: Observable<SimTick>;
  readonly refusals: Observable<string>;
  readonly handRefusals: Observable<string>;
  readonly leaps: Observable<number>; // rad, jump of the desired state to a trajectory that came late
  readonly slowness: Observable<{ readonly lag: Seconds; readonly realTimeFactor: number }>;
  send(trajectory: SimTrajectory): void;
  sendHand(trajectory: SimTrajectory): void;
  reset(to: {
    readonly scene?: Scene;
    readonly seed: number;
    readonly poses: readonly SimObject[];
  }): Promise<string | undefined>; // what went wrong
  disturb(d: SimDisturbance): Promise<string | undefined>;
  stop(): void;
}

export interface SimTrajectory {
  readonly stamp?: Seconds; // absent: now
  readonly jointNames: readonly string[];
  readonly points: readonly {
    readonly positions: ArrayLike<number>;
    readonly velocities: ArrayLike<number>;
    readonly accelerations: ArrayLike<number>;
    readonly effort?: ArrayLike<number>;
    readonly timeFromStart: Seconds;
  }[];
}

export interface SimObject {
  readonly id: string;
  readonly position: Vec3;
  readonly orientation: Quat;
}

export type SimDisturbance =
  | {
      readonly action: "move" | "hide" | "show" | "freeze" | "unfreeze" | "clear";
      readonly target: string;
      readonly position?: Vec3;
      readonly orientation?: Quat;
      readonly duration: Seconds;
    }
  | {
      readonly action: "drop" | "delay" | "corrupt";
      readonly target: string;
      readonly value: number;
      readonly duration: Seconds;
    };

export interface SimTick {
  readonly time: Seconds;
  readonly readings: readonly SimReading[];
  readonly truth: SimTruth;
}

export type SimReading = Reading;

export interface SimTruth {
  readonly q: Float64Array;
  readonly v: Float64Array;
  readonly effort: Float64Array;
  readonly desiredQ: Float64Array;
  readonly desiredV: Float64Array;
  readonly objects: readonly SimObject[];
  readonly contacts: readonly {
    readonly body1: string;
    readonly body2: string;
    readonly force: number;
    readonly position: Vec3;
    readonly depth: number;
  }[];
  readonly bodies: readonly Body[];
  readonly personDistances: ReadonlyMap<string, number>;
  readonly tool: { readonly position: Vec3; readonly orientation: Quat };
  readonly scene: string;
  readonly seed: number;
  readonly held: string; // id of what the hand holds, "" if nothing
  readonly realTimeFactor: number;
}
