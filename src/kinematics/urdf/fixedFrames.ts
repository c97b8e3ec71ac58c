import type { FramePose } from "../../core/FramePose.js";
import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { quatFromTransform } from "../../core/geometry/quatFromTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import type { Urdf } from "./Urdf.js";

/** The links that fixed joints hold to `base`, above it and below, with where they stand in it. */
export function fixedFrames(urdf: Urdf, base: string): Record<string, FramePose> {
  const found = fixedPoses(urdf, base);
  found.delete(base);
  return Object.fromEntries(
    [...found].map(([name, t]) => [
      name,
      {
        position: [t[3], t[7], t[11]] as const,
        orientation: [...quatFromTransform(new Float64Array(4), 0, t, 0)] as unknown as FramePose["orientation"],
      },
    ]),
  );
}

/** The same, `base` too, as poses [12]. */
export function fixedPoses(urdf: Urdf, base: string): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>([
    [base, transformFromRpy(new Float64Array(12), 0, [0, 0, 0], [0, 0, 0])],
  ]);
  const fixed = [...urdf.joints.values()].filter((j) => j.type === "fixed");
  for (const [link, pose] of found) {
    for (const { parent, child, origin } of fixed) {
      const step = transformFromRpy(new Float64Array(12), 0, origin.xyz, origin.rpy);
      if (parent === link && !found.has(child)) found.set(child, mulTransform(step, 0, pose, 0, step, 0));
      if (child === link && !found.has(parent))
        found.set(parent, mulTransform(step, 0, pose, 0, invertTransform(step, 0, step, 0), 0));
    }
  }
  return found;
}
