/**
 * How many trials a law is given: `usual` of them, times TELOS_TRIALS. With TELOS_TRIALS=5 the laws that use it are
 * tried about as often as time allows on a day without a hurry.
 */
export const trials = (usual: number): number => Math.ceil(usual * Number(process.env.TELOS_TRIALS ?? 1));
