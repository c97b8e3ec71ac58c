/** A number as error messages show it. */
export const rounded = (x: number): number => Number(x.toPrecision(6));
