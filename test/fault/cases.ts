import { busyFaults } from "./busyFaults.js";
import { commandFaults } from "./commandFaults.js";
import { configFaults } from "./configFaults.js";
import { controllerFaults } from "./controllerFaults.js";
import type { FaultCase } from "./FaultCase.js";
import { guardFaults } from "./guardFaults.js";
import { latchFaults } from "./latchFaults.js";
import { measuredFaults } from "./measuredFaults.js";
import { peopleFaults } from "./peopleFaults.js";
import { processFaults } from "./processFaults.js";
import { sensorFaults } from "./sensorFaults.js";
import { threadFaults } from "./threadFaults.js";
import { worldFaults } from "./worldFaults.js";

/** Every class of faults; those in real time come last. */
export const cases: readonly FaultCase[] = [
  ...sensorFaults, ...measuredFaults, ...worldFaults, ...peopleFaults, ...commandFaults, ...controllerFaults, ...configFaults, ...guardFaults, ...threadFaults, ...busyFaults, ...latchFaults, ...processFaults,
];
