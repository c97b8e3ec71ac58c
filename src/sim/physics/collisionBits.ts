/**
 * Which geoms collide, as MuJoCo's contype and conaffinity: two geoms collide if either's type is in the other's
 * affinity.
 */
export const collisionBits = {
  arm: { contype: 1, conaffinity: 1 | 2 | 4 | 8 },
  fixed: { contype: 2, conaffinity: 1 | 4 },
  object: { contype: 4, conaffinity: 1 | 2 | 4 | 8 },
  body: { contype: 8, conaffinity: 1 | 4 },
  picture: { contype: 0, conaffinity: 0 },
} as const;
