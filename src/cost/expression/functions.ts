/** The functions an expression may call, with the least and the most number of arguments. */
export const functions = {
  norm: [1, 1],
  dot: [2, 2],
  abs: [1, 1],
  min: [1, Infinity],
  max: [1, Infinity],
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  tan: [1, 1],
  atan2: [2, 2],
  square: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;
