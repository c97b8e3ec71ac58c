import type { SceneConfig } from "../../src/config/index.js";

/**
 * Whether a contact is one of the arm's: of any of its links, those that no joint moves by itself too (hand, fingers).
 * All else has a name in the scene.
 */
export function touchesArm(
  { body1, body2 }: { readonly body1: string; readonly body2: string },
  { fixed, objects, bodies }: SceneConfig,
): boolean {
  const others = new Set(["floor", ...[...fixed, ...objects, ...bodies].map((x) => x.id)]);
  return !others.has(body1) || !others.has(body2);
}
