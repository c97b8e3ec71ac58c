import type { AgentSetup } from "./AgentSetup.js";

const LONG = 2; // s

export interface CoverNotice {
  readonly good: boolean;
  readonly text: string;
}

/** What is to be said of an arm's capsules before it moves: which are not kept apart without proof, and why; and that fitting them took long. @param took s, to load the setup */
export function coverNotices({ arm, robot }: AgentSetup, took: number): CoverNotice[] {
  const notices: CoverNotice[] = [], reasons = new Map<string, string[]>();
  for (const { a, b, why, unproven } of arm.excludedPairs ?? []) if (unproven) reasons.set(why, [...(reasons.get(why) ?? []), `${a} and ${b}`]);
  for (const [why, pairs] of reasons)
    notices.push({ good: why.startsWith("close"), text: `not kept apart, as ${why}: ${pairs.join(", ")}. self_collision.ignore says that this is meant; slimmer \`capsules\` keep them apart` });
  if (took > LONG && robot.capsules === undefined) notices.push({ good: true, text: `${arm.capsules.length} capsules were fitted to its meshes, ${took.toFixed(1)} s; capsules in the robot's file are there at once (scripts/fit-capsules.mjs prints them)` });
  return notices;
}
