import { MOST_EXCESS } from "../../kinematics/shapes/volumesOf.js";
import type { AgentSetup } from "../setup/AgentSetup.js";

const LONG = 2; // s

export interface CoverNotice {
  readonly good: boolean;
  readonly text: string;
}

const FITS = "Confirm this with self_collision.ignore, or keep them apart with slimmer `capsules`";
const NARROW = "use slimmer `capsules`, another `home`, or self_collision.ignore if they never touch";
const STANDS = "They stay this close at every angle of the first joint, so it could not turn if they were kept apart";

/**
 * Notices about an arm's shape before it moves: guesses, by link and file; capsules that are not kept apart without
 * proof, and why; capsules much larger than their link; capsules that separate home from other postures; and a long
 * fit.
 * @param took s, to load the setup
 */
export function coverNotices({ arm, robot }: Pick<AgentSetup, "arm" | "robot">, took = 0): CoverNotice[] {
  const notices: CoverNotice[] = [],
    reasons = new Map<string, string[]>(),
    guesses = new Map<string, string[]>();
  for (const { link, file, text } of arm.guesses ?? []) {
    guesses.set(text, [...(guesses.get(text) ?? []), file === undefined ? link : `${link} (mesh ${file})`]);
  }
  for (const [text, links] of guesses) notices.push({ good: false, text: `link ${links.join(", ")}: ${text}` });
  for (const { a, b, why, unproven } of arm.excludedPairs ?? [])
    if (unproven) reasons.set(why, [...(reasons.get(why) ?? []), `${a} and ${b}`]);
  for (const [why, pairs] of reasons)
    notices.push({
      good: why.startsWith("close"),
      text: `not kept apart, because ${why}: ${pairs.join(", ")}. ${why.startsWith("made") ? STANDS : FITS}`,
    });
  for (const { link, times } of arm.excess ?? [])
    if (times > MOST_EXCESS)
      notices.push({
        good: false,
        text:
          `link ${link}: its capsules hold ${times.toFixed(1)} times the volume of its own shape, want at most ` +
          `${MOST_EXCESS}: they block much free space; use slimmer \`capsules\``,
      });
  const { passage } = arm;
  if (passage !== undefined && passage.joined < passage.sampled)
    notices.push({
      good: false,
      text:
        `of ${passage.sampled} sampled postures without self-collision, a path was found from home to ` +
        `${passage.joined}` +
        (passage.parting === undefined ? "" : `: ${passage.parting.join(" and ")} are in the way; ${NARROW}`),
    });
  if (took > LONG && robot.capsules === undefined)
    notices.push({
      good: true,
      text:
        `${arm.capsules.length} capsules were fitted to its meshes, ${took.toFixed(1)} s; with capsules in the ` +
        "robot file this takes no time (telos robot show --yaml prints them)",
    });
  return notices;
}
