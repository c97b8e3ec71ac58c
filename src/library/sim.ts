/**
 * `telos/sim`: an arm in a MuJoCo scene, in this process and on simulated time. Same seed, same calls, same bits.
 *
 * ```ts
 * const robot = await simulate("table", { seed: 1 });
 * robot.observations.subscribe(({ stamp, q }) => console.log(stamp, q)); // s, rad
 * robot.advance(0.1); // s
 * ```
 * Run: examples/06_the_agent_in_a_loop
 */
export { simulate, type SimulationChoice } from "./simulate.js";
export { SimRobot } from "../sim/physics/SimRobot.js";
export { Simulation, type SimulationSetup } from "../sim/physics/Simulation.js";
export type { Contact } from "../sim/physics/Contact.js";
export type { SensorOptions } from "../sim/sensors/Sensors.js";
export { encodePng } from "../sim/render/encodePng.js";
export type { Body } from "../core/Body.js";
export type { Image, Observation } from "../core/Observation.js";
