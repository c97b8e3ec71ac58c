import { fixedPoses } from "./fixedFrames.js";
import type { PlacedLink } from "./placeLinks.js";
import type { Urdf } from "./Urdf.js";
import type { StandingLink } from "./worldShapes.js";

/**
 * Of the links that are not the arm's: `standing` stand still in the base's frame, below it, above or beside it;
 * `elsewhere` move by joints that are not the arm's, a hand's apart. The arm's own foot is the link that carries its
 * first joint; `own` are others that are said to belong to it.
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
