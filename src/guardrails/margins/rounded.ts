/** A number as errors tell it. */
export const rounded = (x: number): number => Number(x.toPrecision(6));
