import type { Rollouts } from "../../core/Rollouts.js";
import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Guardrail } from "../Guardrail.js";
import type { z } from "zod";
import { boundSchemas } from "../../config/index.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { rounded } from "./rounded.js";

/**
 * Every watched link stays inside an axis-aligned box of the base frame. margin = least distance to a wall from within,
 * m.
 */
export class Workspace implements Guardrail {
  readonly name = "workspace";
  readonly unit = "m";
  readonly escapable = true;

  constructor(
    private readonly low: Vec3,
    private readonly high: Vec3,
    private readonly watched: Int32Array,
  ) {}

  margin(r: Rollouts, out: Float64Array, K: number): void {
    const { N, nc, capsules, chord, thickness } = r;
    const { low, high, watched } = this;
    for (let k = 0; k < K; k++) {
      let worst = Infinity;
      for (let n = 0; n < N; n++) {
        for (let w = 0; w < watched.length; w++) {
          const i = (k * N + n) * nc + watched[w];
          for (let e = 0; e < 6; e++) {
            const x = capsules[6 * i + e],
              size = thickness[i] + Math.abs(chord[6 * i + e]);
            worst = Math.min(worst, x - low[e % 3] - size, high[e % 3] - x - size);
          }
        }
      }
      out[k] = worst;
    }
  }

  parts(): Workspace[] {
    const none: Vec3 = [Infinity, Infinity, Infinity],
      far: Vec3 = [-Infinity, -Infinity, -Infinity],
      only = (v: Vec3, rest: Vec3, e: number): Vec3 =>
        [0, 1, 2].map((d) => (d === e ? v[d] : rest[d])) as unknown as Vec3;
    return Array.from(this.watched).flatMap((c) =>
      [0, 1, 2].flatMap((e) => [
        new Workspace(only(this.low, far, e), none, Int32Array.of(c)),
        new Workspace(far, only(this.high, none, e), Int32Array.of(c)),
      ]),
    );
  }
}

/** Where every capsule must stay. */
export const workspace: GuardrailKind<z.output<typeof boundSchemas.workspace>> = {
  schema: boundSchemas.workspace,
  own: (robot) => robot.workspace,
  tighten({ box: a }, { robot, refuse }) {
    if (robot.workspace === undefined) return;
    const b = robot.workspace.box;
    for (let e = 0; e < 3; e++) {
      const low = a.center[e] - a.size[e] / 2,
        high = a.center[e] + a.size[e] / 2,
        least = b.center[e] - b.size[e] / 2,
        most = b.center[e] + b.size[e] / 2;
      if (low < least - 1e-9 || high > most + 1e-9)
        refuse(
          ["box"],
          `got ${"xyz"[e]} from ${rounded(low)} to ${rounded(high)} m, want it within ${robot.name}'s ` +
            `${rounded(least)} to ${rounded(most)} m`,
        );
    }
  },
  make: ({ box: { center: c, size: s } }, { watched }) =>
    new Workspace(
      [c[0] - s[0] / 2, c[1] - s[1] / 2, c[2] - s[2] / 2],
      [c[0] + s[0] / 2, c[1] + s[1] / 2, c[2] + s[2] / 2],
      watched,
    ),
};
