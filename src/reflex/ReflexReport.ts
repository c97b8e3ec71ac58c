import type { ModeState } from "../guardrails/mode.js";

export interface ReflexReport {
  readonly kind: "report";
  readonly state: ModeState;
  readonly by: string;
  readonly margin: number;
  readonly idle: boolean; // at rest, nothing commanded
  readonly fresh: boolean;
  readonly margins: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  readonly checks: number;
  readonly limited: number;
  readonly trips: Readonly<Record<string, number>>;
  readonly stopped: number;
  readonly missed: number;
  readonly ticks: number;
}
