import { statusLine } from "../src/cli/statusLine.js";

const EVERY = 10_000; // ms between two lines where nobody looks on, and so in logs
const LIVE = 200; // ms on a terminal

/** Tells on stderr how far a long run is and when it may end: on a terminal in one line, else now and then. */
export class Progress {
  private readonly begun = performance.now();
  private told = performance.now();
  private from: number | undefined;

  /** @param done of `all`, in any unit; what was done before this run began is not counted for its speed */
  tell(what: string, done: number, all: number, note = ""): void {
    const now = performance.now();
    this.from ??= done;
    if (now - this.told < (process.stderr.isTTY ? LIVE : EVERY)) return;
    this.told = now;
    const left = ((now - this.begun) / 1000 / (done - this.from)) * (all - done);
    const text =
      `${what}: ${done} of ${all} (${((100 * done) / all).toFixed(1)} ` +
      `%)${note && `, ${note}`}` +
      (Number.isFinite(left) ? `, ${duration(left)} left` : "");
    statusLine(text);
  }

  /** Clears the line. */
  end(): void {
    statusLine("");
  }
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
