import { writeHeader, type Header } from "./Header.js";
import { writeMargins, type MarginMessage } from "./Margin.js";
import { writePose, type PoseMessage } from "./Pose.js";
import { writeFloats, writer } from "./sequences.js";
import { writeText } from "./writeText.js";

/** telos_interfaces/Belief. */
export interface BeliefMessage extends PoseMessage {
  readonly id: string;
  readonly kind: string;
  readonly lastSeen: number; // s
  readonly positionStd: number; // m
}

/** telos_interfaces/AgentState. */
export interface AgentStateMessage {
  readonly header: Header;
  readonly task: string;
  readonly level: string;
  readonly mode: string;
  readonly stoppedBy: string;
  readonly energies: Readonly<Record<string, number>>;
  readonly energy: number;
  readonly progress: number; // 0 … 1
  readonly margins: readonly MarginMessage[];
  readonly surprise: number;
  readonly beliefs: readonly BeliefMessage[];
  readonly rate: number; // Hz
}

export function encodeAgentState(m: AgentStateMessage): Uint8Array {
  const w = writer(1024);
  const terms = Object.keys(m.energies);
  writeHeader(w, m.header);
  for (const text of [m.task, m.level, m.mode, m.stoppedBy]) writeText(w, text);
  w.sequenceLength(terms.length);
  for (const term of terms) writeText(w, term);
  writeFloats(
    w,
    terms.map((term) => m.energies[term]),
  );
  w.float64(m.energy);
  w.float64(m.progress);
  writeMargins(w, m.margins);
  w.float64(m.surprise);
  w.sequenceLength(m.beliefs.length);
  for (const b of m.beliefs) {
    writeText(w, b.id);
    writeText(w, b.kind);
    writePose(w, b);
    w.float64(b.lastSeen);
    w.float64(b.positionStd);
  }
  w.float64(m.rate);
  return w.data;
}
