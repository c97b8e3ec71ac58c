/**
 * What shall come of a fault: the task is done all the same; it is done after a stop; the arm stops and stays; it
 * latches until a person has looked.
 */
export type Expectation = "goes on" | "stops, goes on" | "stops" | "latches" | "refused" | "restarts";

/**
 * What came of it, evaluated by the ground truth. `violations` are bounds broken; `fault` is what else went against the
 * expectation, "" if nothing.
 */
export interface Outcome {
  readonly end: string;
  readonly violations: readonly string[];
  readonly fault: string;
}

/** One class of faults: every seed draws another instance of it. */
export interface FaultCase {
  readonly group:
    | "sensor"
    | "bodies"
    | "objects"
    | "command"
    | "plan"
    | "thread"
    | "process"
    | "config"
    | "guard"
    | "hand";
  readonly name: string;
  readonly expect: Expectation;
  readonly run: (seed: number) => Promise<Outcome>;
}
