import type { Seconds } from "../../../core/Seconds.js";
import { bounds } from "./bounds.js";
import { readHeader, writeHeader, type Header } from "./Header.js";
import { reader, readFloats, readString, readStrings, writeFloats, writer, writeStrings } from "./sequences.js";
import { readStamp, writeStamp, type Stamp } from "./Stamp.js";
import { writeText } from "./writeText.js";

/** The constants of telos_interfaces/Proposal, by number. */
export const PROPOSAL_KINDS = ["stop", "follow", "recover"] as const;

/** telos_interfaces/Proposal. */
export interface ProposalMessage {
  readonly header: Header;
  readonly kind: number;
  readonly jointNames: readonly string[];
  readonly start: Stamp;
  readonly dt: Seconds;
  readonly positions: ArrayLike<number>; // [N,n] rad
  readonly velocities: ArrayLike<number>; // [N,n] rad/s
  readonly guardrails: string;
}

export function encodeProposal(m: ProposalMessage): Uint8Array {
  const w = writer(512 + 16 * m.positions.length + 3 * m.guardrails.length);
  writeHeader(w, m.header);
  w.uint8(m.kind);
  writeStrings(w, m.jointNames);
  writeStamp(w, m.start);
  w.float64(m.dt);
  writeFloats(w, m.positions);
  writeFloats(w, m.velocities);
  writeText(w, m.guardrails);
  return w.data;
}

/** @throws RangeError if the bytes are no Proposal */
export function decodeProposal(bytes: Uint8Array): ProposalMessage {
  const r = reader(bytes);
  return {
    header: readHeader(r),
    kind: r.uint8(),
    jointNames: readStrings(r, bounds.joints),
    start: readStamp(r),
    dt: r.float64(),
    positions: readFloats(r, bounds.knots),
    velocities: readFloats(r, bounds.knots),
    guardrails: readString(r, bounds.text),
  };
}
