import type { Clock } from "./Clock.js";
import type { Seconds } from "../Seconds.js";

/**
 * This thread's zero on the machine's monotonic clock. The two clocks cannot be read at once: a delay in between (the
 * first use loads `performance`; a busy machine suspends the thread) makes the difference too small, so the largest of
 * several is the most accurate.
 */
function zero(): Seconds {
  let origin = -Infinity;
  for (let i = 0; i < 20; i++)
    origin = Math.max(origin, Number(process.hrtime.bigint()) / 1e9 - performance.now() / 1e3);
  return origin;
}

const origin = zero();

/** The machine's monotonic clock, s; the same in all threads. */
export function monotonic(): Seconds {
  return origin + performance.now() / 1e3;
}

/**
 * The agent's clock, shared by its threads: now = at + rate·min(monotonic − since, lasts), numbers in shared memory
 * behind a sequence lock. On system time `rate` is 1; under `use_sim_time` one thread sets it from /clock, and the
 * others extrapolate simulated time in between, for at most `lasts`.
 */
export class SharedClock implements Clock {
  private readonly sequence: Int32Array;
  private readonly values: Float64Array; // at, since, rate, lasts, leapt

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(48)) {
    this.sequence = new Int32Array(buffer, 0, 2);
    this.values = new Float64Array(buffer, 8, 5);
  }

  /** A clock on the system's time. */
  static system(): SharedClock {
    const clock = new SharedClock();
    clock.set(Date.now() / 1e3, monotonic(), 1);
    return clock;
  }

  /** Only one thread may call this. */
  set(at: Seconds, since: Seconds, rate: number, lasts = Infinity): void {
    const before = this.at(since);
    Atomics.add(this.sequence, 0, 1);
    this.values[4] += at - before;
    this.values[0] = at;
    this.values[1] = since;
    this.values[2] = rate;
    this.values[3] = lasts;
    Atomics.add(this.sequence, 0, 1);
  }

  get rate(): number {
    return this.values[2];
  }

  /** Sum of all jumps of the clock, forward and back, since it was made. */
  get leapt(): Seconds {
    return this.values[4];
  }

  /** @param instant of the machine's monotonic clock; default: now */
  now(instant?: Seconds): Seconds {
    for (;;) {
      const before = Atomics.load(this.sequence, 0);
      const now = this.at(instant ?? monotonic());
      if ((before & 1) === 0 && Atomics.load(this.sequence, 0) === before) return now;
    }
  }

  /** @param instant of the machine's monotonic clock */
  private at(instant: Seconds): Seconds {
    const [at, since, rate, lasts] = this.values;
    return at + rate * Math.min(instant - since, lasts);
  }
}
