import type { Seconds } from "../core/Seconds.js";

/**
 * Whether a step of the agent's clock within a tenth of a second is a jump of time itself. An estimate of simulated
 * time is never set back, but forward by some 10 ms if a stamp proves that it is late. After such an error the arm
 * brakes, as after commands that came late.
 */
export const isLeap = (step: Seconds): boolean => step < -0.005 || step > 0.05;
