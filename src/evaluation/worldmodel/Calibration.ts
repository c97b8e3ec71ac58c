import type { Rng } from "../../core/math/Rng.js";
import { wilson, type Share } from "./wilson.js";

const DRAWS = 400; // random draws per forecast

/**
 * Measures how often objects end up where a forecast predicts them: the share of true positions inside the forecast's
 * region of highest density with probability c. A forecast is an equal mixture of Gaussians in the plane; the region of
 * one Gaussian is an ellipse. The share is c for a calibrated forecast, and less for an overconfident one.
 *
 * Source: Hyndman, Computing and graphing highest density regions, 1996. The region is found by random draws: a point
 * is inside if and only if the density at fewer than the share c of them is higher.
 */
export class Calibration {
  private readonly denser: number[] = []; // share of a forecast's draws that are denser than the truth

  constructor(private readonly rng: Rng) {}

  /** @param mean, sigma [S,2] m. @param truth [2] m */
  add(mean: ArrayLike<number>, sigma: ArrayLike<number>, truth: ArrayLike<number>): void {
    const { rng } = this;
    const S = mean.length / 2;
    const density = (x: number, y: number): number => {
      let sum = 0;
      for (let i = 0; i < 2 * S; i += 2) {
        const a = (x - mean[i]) / sigma[i],
          b = (y - mean[i + 1]) / sigma[i + 1];
        sum += Math.exp(-0.5 * (a * a + b * b)) / (sigma[i] * sigma[i + 1]);
      }
      return sum;
    };
    const there = density(truth[0], truth[1]);
    let denser = 0;
    for (let d = 0; d < DRAWS; d++) {
      const i = 2 * Math.floor(rng.uniform() * S);
      if (density(mean[i] + sigma[i] * rng.normal(), mean[i + 1] + sigma[i + 1] * rng.normal()) > there) denser++;
    }
    this.denser.push(denser / DRAWS);
  }

  /** Share of the truths inside the regions that should contain the share c of them. */
  coverage(c: number): Share {
    return wilson(this.denser.filter((p) => p < c).length, this.denser.length);
  }
}
