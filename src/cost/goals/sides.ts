/**
 * Relations on a side: which coordinate is compared, and its sign: x forward, y left, z up, seen from the arm's base.
 */
export const SIDES = { left_of: [1, 1], right_of: [1, -1], behind: [0, 1], in_front_of: [0, -1] } as const;
