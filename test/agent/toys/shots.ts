import { z } from "zod";
import type { Problem, Search, SearchKind, SearchOptions, Solution } from "../../../src/planner/search/Search.js";

/** A search from outside: the best of what is proposed and of variations of it, drawn at random, without refitting. */
class Shots implements Search {
  constructor(private readonly samples: number) {}

  async minimise(p: Problem, { proposals, rng }: SearchOptions): Promise<Solution> {
    const dim = p.H * p.nu;
    let best = { a: new Float32Array(dim), energy: Infinity };
    const evaluate = async (sequences: readonly Float32Array[]): Promise<void> => {
      for (const a of sequences) {
        p.a.set(a);
        await p.evaluate(1);
        if (p.energy[0] < best.energy) best = { a: a.slice(), energy: p.energy[0] };
      }
    };
    await evaluate(proposals(0) ?? []);
    await evaluate(Array.from({ length: this.samples }, () => best.a.map((x) => x + 0.1 * rng.normal())));
    return { ...best, iterations: 1, rollouts: this.samples };
  }
}

export const shots: SearchKind<{ readonly samples: number }> = {
  describe: "random variations of the best proposal",
  keys: { samples: z.int().min(4).default(32).describe("sequences") },
  make: ({ samples }) => new Shots(samples),
};
