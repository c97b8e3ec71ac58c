import { writeHeader, type Header } from "./Header.js";
import { writeFloats, writer } from "./sequences.js";
import { writeText } from "./writeText.js";

/** telos_interfaces/LevelPlan. Arrays are row-major. */
export interface LevelPlanMessage {
  readonly level: string;
  readonly dt: number; // s
  readonly horizon: number; // H
  readonly actionDim: number; // nu
  readonly actions: ArrayLike<number>; // [H,nu]
  readonly stateDim: number;
  readonly states: ArrayLike<number>; // [H+1,stateDim]
  readonly subgoal: ArrayLike<number>;
  readonly energies: Readonly<Record<string, number>>;
  readonly energy: number;
  readonly iterations: number;
  readonly rollouts: number;
  readonly time: number; // s
}

/** telos_interfaces/Plan. */
export interface PlanMessage {
  readonly header: Header;
  readonly levels: readonly LevelPlanMessage[];
}

export function encodePlan(m: PlanMessage): Uint8Array {
  const w = writer(4096);
  writeHeader(w, m.header);
  w.sequenceLength(m.levels.length);
  for (const l of m.levels) {
    const terms = Object.keys(l.energies);
    writeText(w, l.level);
    w.float64(l.dt);
    w.uint32(l.horizon);
    w.uint32(l.actionDim);
    writeFloats(w, l.actions);
    w.uint32(l.stateDim);
    writeFloats(w, l.states);
    writeFloats(w, l.subgoal);
    w.sequenceLength(terms.length);
    for (const term of terms) writeText(w, term);
    writeFloats(
      w,
      terms.map((term) => l.energies[term]),
    );
    w.float64(l.energy);
    w.uint32(l.iterations);
    w.uint32(l.rollouts);
    w.float64(l.time);
  }
  return w.data;
}
