import { MultiBar } from "cli-progress";
import type { SingleBar } from "cli-progress";
import type { Collected } from "../collect/collectWorker.js";
import { monotonic } from "../core/time/SharedClock.js";

const EDGES = [0.002, 0.01, 0.02, 0.03, 0.045, 0.06]; // m, for the histogram of objects' displacements in a step

/** Progress of a collection, and its summary at the end. */
export class CollectReport {
  private readonly begun = monotonic();
  private readonly bars = new MultiBar({
    format: "{bar} {value}/{total} episodes · {speed} frames/s · contact in {contact} % · {eta_formatted} left",
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 10000,
    stream: process.stderr,
  });
  private bar: SingleBar | undefined;
  private readonly ends: Record<string, number> = {};
  private readonly shifts = new Array<number>(EDGES.length + 1).fill(0);
  private episodes = 0;
  private frames = 0;
  private steps = 0;
  private contacts = 0;
  private touched = 0;
  private commands = 0;
  private limited = 0;
  private stopped = 0;
  private bytes = 0;

  constructor(private readonly wanted: number) {}

  /** @param todo number of episodes to record */
  begin(todo: number): void {
    if (todo > 0) this.bar = this.bars.create(todo, 0, { speed: 0, contact: 0 });
  }

  add(e: Collected): void {
    this.episodes++;
    this.frames += e.frames;
    this.steps += e.steps;
    this.contacts += e.contacts;
    this.bytes += e.bytes;
    this.commands += e.commands;
    this.limited += e.limited;
    this.stopped += e.stopped;
    if (e.contacts > 0) this.touched++;
    this.ends[e.end] = (this.ends[e.end] ?? 0) + 1;
    for (const x of e.moved) this.shifts[EDGES.filter((edge) => x >= edge).length]++;
    this.bar?.update(this.episodes, {
      speed: this.speed().toFixed(0),
      contact: ((100 * this.touched) / this.episodes).toFixed(0),
    });
  }

  stop(): void {
    this.bars.stop();
  }

  summary(): object {
    const { episodes, frames, bytes, ends } = this;
    return {
      episodes,
      frames,
      bytes,
      seconds: monotonic() - this.begun,
      framesPerSecond: this.speed(),
      contactEpisodes: this.touched / Math.max(1, episodes),
      contactSteps: this.contacts / Math.max(1, this.steps),
      commands: { all: this.commands, limited: this.limited, stopped: this.stopped },
      ends,
      shifts: { edges: EDGES, counts: this.shifts },
    };
  }

  text(): string {
    const { episodes, frames, bytes } = this;
    if (episodes === 0) return `nothing to do: all ${this.wanted} episodes exist already`;
    const all = this.shifts.reduce((a, b) => a + b, 0);
    const percent = (x: number, of: number): string => `${((100 * x) / Math.max(1, of)).toFixed(1)} %`;
    const bins = this.shifts.map((n, i) => `  ${binName(i)}: ${percent(n, all)}`);
    return [
      `${episodes} episodes, ${frames} frames, ${(bytes / 1e6).toFixed(0)} MB at ${this.speed().toFixed(0)} frames/s`,
      `contact in ${percent(this.touched, episodes)} of the episodes and ${percent(this.contacts, this.steps)} of ` +
        "the steps",
      `the safety filter stopped ${this.stopped} of ${this.commands} commands and limited ${this.limited}`,
      `ended: ${Object.entries(this.ends)
        .map(([end, n]) => `${end} ${n}`)
        .join(", ")}`,
      "displacement of an object in one step:",
      ...bins,
    ].join("\n");
  }

  private speed(): number {
    return this.frames / Math.max(1e-9, monotonic() - this.begun);
  }
}

/** The name of the bin between two edges. */
function binName(i: number): string {
  if (i === 0) return "below 2 mm";
  const from = 100 * EDGES[i - 1];
  return i === EDGES.length ? `from ${from} cm` : `${from} to ${100 * EDGES[i]} cm`;
}
