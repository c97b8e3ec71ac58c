import type { SharedClock } from "../core/time/SharedClock.js";
import type { Command } from "../core/Command.js";
import type { Outcome } from "../agent/AgentPort.js";
import type { AgentSetup } from "../agent/setup/AgentSetup.js";
import type { SharedMemory, ToReflex } from "./messages.js";
import type { ReflexReport } from "../reflex/ReflexReport.js";

/** What the reflex reports to its owner. */
export interface ReflexListener {
  /**
   * A command that leaves now. From a reflex inside it counts as sent when this returns; from a separate one it has
   * left already.
   */
  command(command: Command): void;
  report(report: ReflexReport): void;
  died(why: string): void;
}

/**
 * The reflex and the safety filter as their owner sees them: a thread of this process (`ReflexThread`), or the separate
 * guard process.
 */
export interface ReflexPort {
  /** Resolves once it accepts messages. @throws Error if it cannot start */
  started(): Promise<void>;
  post(message: ToReflex): void;
  end(): Promise<void>;
  /**
   * Of a separate reflex, which owns its latch. It can be asked to stop, but a person resets it, at the service
   * named.
   */
  // silence: in words; "" while it reports
  readonly apart?: { stop(): Promise<Outcome>; readonly resetAt: string; silence(): string };
}

export type ReflexMaker = (
  setup: AgentSetup,
  shared: SharedMemory,
  clock: SharedClock,
  listener: ReflexListener,
) => ReflexPort;
