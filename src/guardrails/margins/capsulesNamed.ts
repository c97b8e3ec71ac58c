import type { Arm } from "../../kinematics/Arm.js";

/** Indices of the capsules of that name or of the link of that name; `held`: those of the thing in the hand. */
export const capsulesNamed = (
  { capsules, linkNames }: Pick<Arm, "capsules" | "linkNames">,
  name: string,
): readonly number[] =>
  [...capsules.keys()].filter((c) =>
    capsules[c].held === true ? name === "held" : capsules[c].name === name || linkNames[capsules[c].link] === name,
  );
