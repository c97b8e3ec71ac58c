import type { Arm } from "./Arm.js";

/** [nq] Which of an arm's joints slide: their positions are in m, those of all others in rad. */
export const slidesOf = ({ kinds }: Pick<Arm, "kinds">): boolean[] => kinds.map((kind) => kind === "prismatic");
