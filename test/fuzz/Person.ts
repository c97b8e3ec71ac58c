import type { Body } from "../../src/core/Body.js";
import type { Rng } from "../../src/core/math/Rng.js";
import type { OracleGeometry } from "../guardrails/OracleGeometry.js";
import { DELTA } from "./delta.js";

export const PERSON_RADIUS = 0.12;
const SPEED = 1.6,
  NOISE = 0.02,
  LATE = 5,
  HEIGHT = 0.6; // ticks of delay; m
const KEPT = 256;

/**
 * A person whose body is an upright capsule: chases the arm at the bound of speed, retreats, or stands, as it likes.
 * Seen 50 ms late, with 2 cm of error that makes it look farther away, and at times not at all for up to 0.3 s.
 */
export class Person {
  private readonly places = new Float64Array(3 * KEPT); // of ticks, in a ring
  private tick = 0;
  private mood = 0;
  private readonly to = new Float64Array(6);
  private readonly away = new Float64Array(3);
  private blind = 0;
  private last: Body[] = [];

  constructor(private readonly rng: Rng) {
    for (let i = 0; i < KEPT; i++) this.places.set([2, 0, 0.4], 3 * i);
  }

  /** What the agent is told at time t. */
  seen(t: number): Body[] {
    if (this.blind-- > 0 && this.last.length > 0) return this.last;
    if (this.rng.bits() % 200 === 0) this.blind = this.rng.bits() % 30;
    const i = 3 * ((this.tick - LATE - 1 + 4 * KEPT) % KEPT),
      p = this.places,
      e = this.away;
    const at = (z: number): [number, number, number] => [
      p[i] + NOISE * e[0],
      p[i + 1] + NOISE * e[1],
      p[i + 2] + NOISE * e[2] + z,
    ];
    return (this.last = [
      {
        id: "person",
        kind: "person",
        p0: at(0),
        p1: at(HEIGHT),
        radius: PERSON_RADIUS,
        speedBound: SPEED,
        stamp: t - LATE * DELTA,
      },
    ]);
  }

  /** Its axis, a share s of the way through the current interval. */
  axis(s: number): Float64Array {
    const a = 3 * ((this.tick - 1 + KEPT) % KEPT),
      b = 3 * (this.tick % KEPT),
      { to, places: p } = this;
    for (let d = 0; d < 3; d++) to[d] = to[3 + d] = p[a + d] + s * (p[b + d] - p[a + d]);
    to[5] += HEIGHT;
    return to;
  }

  /** Chooses where it will be at the end of the next interval, knowing where the arm is at its beginning. */
  move(arm: OracleGeometry): void {
    const { rng, places: p, away } = this;
    if (rng.bits() % 80 === 0) this.mood = rng.bits() % 4;
    const a = 3 * (this.tick % KEPT),
      b = 3 * (++this.tick % KEPT),
      e = arm.ends;
    let best = Infinity,
      x = 0,
      y = 0,
      z = 0;
    for (let i = 6; i < e.length; i += 3) {
      const dx = e[i] - p[a],
        dy = e[i + 1] - p[a + 1],
        dz = e[i + 2] - Math.max(p[a + 2], Math.min(p[a + 2] + HEIGHT, e[i + 2])),
        d = dx * dx + dy * dy + dz * dz;
      if (d < best) ((best = d), (x = dx), (y = dy), (z = dz));
    }
    const d = Math.sqrt(best) + 1e-9,
      far = Math.hypot(p[a], p[a + 1]) > 1.8;
    let way = this.mood < 3 && !far ? -1 : 0;
    if (this.mood === 0 && d > 0.02) way = 1; // chases a quarter of the time
    for (let i = 0; i < 3; i++) {
      const u = [x, y, z][i] / d;
      away[i] = -u;
      p[b + i] = p[a + i] + way * u * SPEED * DELTA;
    }
  }
}
