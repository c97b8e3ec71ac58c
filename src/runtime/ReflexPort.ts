import type { SharedClock } from "../core/time/SharedClock.js";
import type { Command } from "../core/Command.js";
import type { Outcome } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { SharedMemory, ToReflex } from "./messages.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";

/** What the reflex tells its owner. */
export interface ReflexListener {
  /**
   * A command that leaves now: of a reflex inside it counts as sent when this returns; of one apart it has left
   * already.
   */
  command(command: Command): void;
  report(report: ReflexReport): void;
  died(why: string): void;
}

/**
 * The reflex and the safety filter as their owner sees them: a thread of this process (`ReflexThread`), or the guard, a
 * process of its own.
 */
export interface ReflexPort {
  /** Resolves once it can be told things. @throws Error if it cannot start */
  started(): Promise<void>;
  post(message: ToReflex): void;
  end(): Promise<void>;
  /**
   * Of a reflex that runs apart: its latch is its own. It can be asked to stop, but is reset by a person, at the
   * service named.
   */
  // silence: in words; "" while it speaks
  readonly apart?: { stop(): Promise<Outcome>; readonly resetAt: string; silence(): string };
}

export type ReflexMaker = (
  setup: AgentSetup,
  shared: SharedMemory,
  clock: SharedClock,
  listener: ReflexListener,
) => ReflexPort;
