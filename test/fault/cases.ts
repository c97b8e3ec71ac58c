import { busyFaults } from "./busyFaults.js";
import { clockFaults } from "./clockFaults.js";
import { commandFaults } from "./commandFaults.js";
import { configFaults } from "./configFaults.js";
import { controllerFaults } from "./controllerFaults.js";
import type { FaultCase } from "./FaultCase.js";
import { guardFaults } from "./guardFaults.js";
import { handFaults } from "./handFaults.js";
import { latchFaults } from "./latchFaults.js";
import { measuredFaults } from "./measuredFaults.js";
import { noiseFaults } from "./noiseFaults.js";
import { peopleFaults } from "./peopleFaults.js";
import { processFaults } from "./processFaults.js";
import { sensorFaults } from "./sensorFaults.js";
import { strangerFaults } from "./strangerFaults.js";
import { threadFaults } from "./threadFaults.js";
import { worldFaults } from "./worldFaults.js";

const simulated: readonly FaultCase[] = [
  ...sensorFaults,
  ...strangerFaults,
  ...measuredFaults,
  ...clockFaults,
  ...noiseFaults,
  ...worldFaults,
  ...peopleFaults,
  ...commandFaults,
  ...controllerFaults,
  ...configFaults,
  ...handFaults,
];
const inRealTime: readonly FaultCase[] = [
  ...guardFaults,
  ...threadFaults,
  ...busyFaults,
  ...latchFaults,
  ...processFaults,
];

/** Every class of faults. */
export const cases = { simulated, inRealTime };
