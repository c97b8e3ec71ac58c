import { commandFaults } from "./commandFaults.js";
import type { FaultCase } from "./FaultCase.js";
import { sensorFaults } from "./sensorFaults.js";
import { worldFaults } from "./worldFaults.js";

/** Every class of faults. `long`: also in the size that takes hours. */
export function cases(_o: { readonly long: boolean }): readonly FaultCase[] {
  return [...sensorFaults, ...worldFaults, ...commandFaults];
}
