import { fixedPoses } from "./fixedFrames.js";
import type { PlacedLink } from "./placeLinks.js";
import type { Urdf } from "./Urdf.js";
import type { StandingLink } from "./worldShapes.js";

/**
 * Links that are not the arm's: `standing` are fixed in the base's frame, below, above or beside it; `elsewhere` move
 * by joints that are not the arm's, except a hand's. The arm's foot is the link that carries its first joint; `own` are
 * other links declared as the arm's.
 */
export function standingLinks(
  urdf: Urdf,
  base: string,
  placed: readonly PlacedLink[],
  foot: string,
  own: ReadonlySet<string>,
): { standing: StandingLink[]; elsewhere: string[] } {
  const below = new Map(placed.map((p) => [p.link, p])),
    fixed = fixedPoses(urdf, base),
    standing: StandingLink[] = [],
    elsewhere: string[] = [];
  for (const link of urdf.links.keys()) {
    const at = below.get(link);
    if (link === foot || own.has(link)) continue;
    if (at?.other) elsewhere.push(link);
    else if (at === undefined) {
      const pose = fixed.get(link);
      if (pose !== undefined) standing.push({ link, pose });
      else elsewhere.push(link);
    } else if (at.frame === 0 && at.poses.length === 1 && at.gap === 0) standing.push({ link, pose: at.poses[0] });
  }
  return { standing, elsewhere };
}
