import type { AgentStatus } from "../agent/AgentPort.js";

/** The screen or stream that the view is written to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BARS = "▁▂▃▄▅▆▇█";
const FRAME = 100; // least time between two frames, ms
const LINE = 1000; // ms between two plain lines
const HISTORY = 40; // values of the energy, one per frame

/**
 * A live view of the agent in a few lines: redrawn in place on a terminal at up to 10 Hz, or one plain line per second
 * without a terminal. `distance` is the distance to the goal in words.
 */
export class TerminalView {
  private readonly energies: number[] = [];
  private drawn = 0; // number of lines that we have on the screen
  private last = -Infinity; // ms
  private readonly live: boolean;

  /** @param live redraws in place; otherwise, or if the screen is no terminal, it prints plain lines */
  constructor(
    private readonly screen: Screen,
    private readonly title: string,
    live: "live" | "plain",
  ) {
    this.live = live === "live" && screen.isTTY === true;
  }

  /** @param now ms, of any monotonic clock */
  show(status: AgentStatus, distance: string, now: number): void {
    if (now - this.last < (this.live ? FRAME : LINE)) return;
    this.last = now;
    if (Number.isFinite(status.energy)) this.energies.push(status.energy);
    if (this.energies.length > HISTORY) this.energies.shift();
    if (this.live) this.redraw(frame(status, this.title, distance, this.energies));
    else this.screen.write(`${line(status, distance)}\n`);
  }

  /** Prints a line above the view; it stays there. */
  note(text: string): void {
    this.clear();
    this.screen.write(`${text}\n`);
  }

  /** Removes the view from the screen. */
  clear(): void {
    if (this.drawn > 0) this.screen.write(`\x1b[${this.drawn}A\x1b[0J`);
    this.drawn = 0;
    this.last = -Infinity;
  }

  private redraw(lines: readonly string[]): void {
    const width = (this.screen.columns ?? 80) - 1; // a wrapped line would count as two
    const text = lines.map((s) => `\x1b[2K${[...s].slice(0, width).join("")}\n`).join("");
    this.screen.write((this.drawn > 0 ? `\x1b[${this.drawn}A` : "") + text);
    this.drawn = lines.length;
  }
}

function frame(s: AgentStatus, title: string, distance: string, energies: readonly number[]): string[] {
  return [
    title,
    `  task      ${s.task || "-"}  ${bar(s.progress, 24)} ${percent(s.progress)}  ${distance}`,
    `  mode      ${s.mode}${s.stoppedBy && s.mode !== "active" ? ` by ${s.stoppedBy}` : ""}`,
    `  energy    ${significant(s.energy)}  ${sparkline(energies)}`,
    `  margin    ${margin(s)}`,
    ...s.levels.map(
      (l) =>
        `  ${l.name.padEnd(9)} ${l.rate.toFixed(0).padStart(3)} Hz   ${ms(l.p50)} ms   p99 ${ms(l.p99)} ms   ` +
        `${l.plans} plans`,
    ),
    `  reflex    ${s.rate.toFixed(0).padStart(3)} Hz   ${s.guardrail.checks} checks   ${s.guardrail.limited} ` +
      `limited   ${s.guardrail.stopped} stopped   ${s.missed} missed`,
  ];
}

function line(s: AgentStatus, distance: string): string {
  const levels = s.levels.map((l) => `${l.name} ${l.rate.toFixed(0)} Hz`).join(", ");
  return (
    `${s.task || "-"}: ${s.mode}, ${percent(s.progress)}, ${distance}, energy ${significant(s.energy)}, margin ` +
    `${margin(s)}, ${levels}`
  );
}

/** The values of a series as bars between 0 and its largest. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, 1e-9);
  return values
    .map((x) => BARS[Math.max(0, Math.min(BARS.length - 1, Math.round((x / top) * (BARS.length - 1))))])
    .join("");
}

const bar = (share: number, width: number): string => "█".repeat(Math.round(share * width)).padEnd(width, "░");
const percent = (share: number): string => `${Math.floor(100 * share)} %`;
const ms = (seconds: number): string => (1000 * seconds).toFixed(0).padStart(3);
const significant = (x: number): string => (Number.isFinite(x) ? x.toPrecision(3) : "-").padStart(8).trim();

/** The guardrail with the smallest margin in the last check. */
function margin(s: AgentStatus): string {
  if (s.guardrail.checks === 0) return "-";
  const least = s.margins
    .filter((m) => m.unit === "m")
    .reduce<AgentStatus["margins"][number] | undefined>(
      (a, b) => (a === undefined || b.value < a.value ? b : a),
      undefined,
    );
  return least === undefined || !Number.isFinite(least.value)
    ? "-"
    : `${(100 * least.value).toFixed(1)} cm (${least.name})`;
}
