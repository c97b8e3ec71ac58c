import type { Seconds } from "../core/Seconds.js";

/**
 * Whether a step of the agent's clock within a tenth of a second is one of time itself. An estimate of simulated time
 * is never set back, but forth by some 10 ms where a stamp proves it late; such errors brake as commands that came late
 * do.
 */
export const isLeap = (step: Seconds): boolean => step < -0.005 || step > 0.05;
