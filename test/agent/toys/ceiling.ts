import { z } from "zod";
import { length } from "../../../src/config/index.js";
import type { Rollouts } from "../../../src/core/Rollouts.js";
import type { Guardrail } from "../../../src/guardrails/Guardrail.js";
import type { GuardrailKind } from "../../../src/guardrails/index.js";

/** A guardrail from outside: no link comes higher than a ceiling. margin = room below it, m. */
class Ceiling implements Guardrail {
  readonly name = "ceiling";
  readonly unit = "m";
  readonly escapable = true;

  constructor(private readonly height: number) {}

  margin({ N, nc, capsules, radius }: Rollouts, out: Float64Array, K: number): void {
    out.fill(Infinity, 0, K);
    for (let i = 0; i < K * N * nc; i++) {
      const k = Math.floor(i / (N * nc));
      out[k] = Math.min(out[k], this.height - radius[i] - Math.max(capsules[6 * i + 2], capsules[6 * i + 5]));
    }
  }
}

const schema = z.strictObject({ height: length({ above: 0 }).describe("above the base") });

export const ceiling: GuardrailKind<z.output<typeof schema>> = {
  schema,
  make: ({ height }) => new Ceiling(height),
};
