/** s, from command to command of the fuzz. */
export const DELTA = 0.01;
