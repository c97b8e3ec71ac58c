import { quantile } from "../quantile.js";

export const AHEAD = [1, 3, 5] as const; // model steps
const MOVED = 0.005; // m: an object that moved farther than this in a step was pushed
// m per step. An object that moves farther in a step than the tool does was squeezed and flung away. The agent's safety
// filter and servos would not do that.
const PUSHED = 0.11;

/** Position errors of pushed objects, m, over the windows in which they were pushed. */
export interface PredictionError {
  readonly ahead: number; // steps
  readonly windows: number;
  readonly flung: number; // windows left out because an object moved farther than a push can move it
  readonly model: Size;
  readonly persistence: Size; // error of the prediction that nothing moves
  readonly ratio: number; // rms of persistence / rms of the model
}

export interface Size {
  readonly rms: number; // m
  readonly median: number; // m
}

/** Collects errors of pushed objects in the plane, by the number of steps predicted. */
export class Tally {
  private readonly by = new Map<number, { flung: number; model: number[]; persistence: number[] }>(
    AHEAD.map((n) => [n, { flung: 0, model: [], persistence: [] }]),
  );

  /** @param said predicted positions [no,3], m; `before` and `after` have the same shape */
  add(ahead: number, before: ArrayLike<number>, after: ArrayLike<number>, said: ArrayLike<number>): void {
    const errors = this.by.get(ahead)!;
    for (let i = 0; i < before.length; i += 3) {
      const moved = Math.hypot(after[i] - before[i], after[i + 1] - before[i + 1]);
      if (moved < MOVED) continue;
      if (moved > PUSHED * ahead) {
        errors.flung++;
        continue;
      }
      errors.persistence.push(moved);
      errors.model.push(Math.hypot(after[i] - said[i], after[i + 1] - said[i + 1]));
    }
  }

  errors(): PredictionError[] {
    const size = (e: readonly number[]): Size => ({
      rms: Math.sqrt(e.reduce((sum, x) => sum + x * x, 0) / e.length),
      median: quantile(e, 0.5),
    });
    return [...this.by].map(([ahead, e]) => {
      const model = size(e.model),
        persistence = size(e.persistence);
      return { ahead, windows: e.model.length, flung: e.flung, model, persistence, ratio: persistence.rms / model.rms };
    });
  }
}
