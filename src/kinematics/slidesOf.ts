import type { Arm } from "./Arm.js";

/** [nq] Which joints of an arm slide: their positions are in m, all others in rad. */
export const slidesOf = ({ kinds }: Pick<Arm, "kinds">): boolean[] => kinds.map((kind) => kind === "prismatic");
