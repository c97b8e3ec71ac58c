import { quantile } from "../quantile.js";

export const AHEAD = [1, 3, 5] as const; // model steps
const MOVED = 0.005; // m: an object that a step has moved farther than this was pushed
// m a step: farther than the tool goes in one, an object was squeezed and flung, which the agent's safety filter and
// servos would not have gone through with
const PUSHED = 0.11;

/** Errors of pushed objects' positions, m, over windows in which they were pushed: root mean square and median. */
export interface PredictionError {
  readonly ahead: number; // steps
  readonly windows: number;
  readonly flung: number; // windows left out, in which an object moved farther than any push takes it
  readonly model: Size;
  readonly persistence: Size; // of saying that nothing moves
  readonly ratio: number; // persistence / model, root mean squares
}

export interface Size {
  readonly rms: number; // m
  readonly median: number; // m
}

/** Errors of pushed objects in the plane, by steps ahead. */
export class Tally {
  private readonly by = new Map<number, { flung: number; model: number[]; persistence: number[] }>(
    AHEAD.map((n) => [n, { flung: 0, model: [], persistence: [] }]),
  );

  /** @param said positions predicted [no,3], as `before` and `after` */
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
