import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { Seconds } from "../../core/Seconds.js";
import { TIME_STEP } from "../physics/buildMjcf.js";
import { Pacer } from "./Pacer.js";
import type { Reading } from "../../core/Reading.js";
import { Sensors } from "../sensors/Sensors.js";
import { Simulation } from "../physics/Simulation.js";
import type { Disturbance, SimulationReport, SimulationRequest, ThreadSetup, Truth } from "./SimulationProtocol.js";

const TICK = 5; // steps between two reports: 10 ms
const AHEAD = 20; // unread ticks before the simulation waits

const { setup, sensors: sensorOptions, speed, shared } = workerData as ThreadSetup;
const port = parentPort!;
const bell = new Int32Array(shared);
const simulation = await Simulation.create(setup);
const sensors = new Sensors(simulation, sensorOptions);
const report = (r: SimulationReport): void => port.postMessage(r);

const LEAP = 5e-4; // rad; more than rounding errors, and than a delay of 10 ms at an acceleration of 8 rad/s²
let origin: Seconds = 0; // time of simulation.time 0 on the clock that starts at the launch
let pending: Reading[] = [];
let begun = false;
let stopped = false;
const pacer = new Pacer(speed, (lag, realTimeFactor) => report({ type: "slow", lag, realTimeFactor }));
warmUp();
while (!begun && !stopped) {
  Atomics.wait(bell, 0, 0);
  serve();
}
pacer.start();
report({ type: "begun", at: performance.timeOrigin + performance.now() });
pending.push(...stamped(sensors.read()));

for (let step = 0, ticks = 0; !stopped; step++) {
  if (step % TICK === 0) {
    report({ type: "tick", time: origin + simulation.time, readings: pending, truth: truth() });
    pending = [];
    ticks++;
    while (ticks - Atomics.load(bell, 1) > AHEAD && !stopped) {
      Atomics.wait(bell, 0, 0, 20);
      serve();
    }
  }
  if (step % TICK === 2) report({ type: "clock", time: origin + simulation.time });
  pacer.step(TIME_STEP, (ms) => {
    Atomics.wait(bell, 0, 0, ms);
    serve();
  });
  serve();
  simulation.step(TIME_STEP);
  if (simulation.controller.leap > LEAP) report({ type: "leapt", by: simulation.controller.leap });
  simulation.controller.leap = 0;
  pending.push(...stamped(sensors.read()));
}
port.close();

/**
 * Runs the hot loops before time starts, so that they are compiled and the first second is not late. Then it restores
 * the state.
 */
function warmUp(): void {
  for (let k = 0; k < 60; k++) {
    simulation.step(5 * TIME_STEP);
    sensors.read();
    truth();
  }
  simulation.reset();
  sensors.restart();
}

/** Handles received messages. It polls, because the thread never returns to its event loop. */
function serve(): void {
  Atomics.store(bell, 0, 0);
  for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) handle(m.message as SimulationRequest);
}

function handle(r: SimulationRequest): void {
  switch (r.type) {
    case "begin":
      begun = true;
      break;
    case "trajectory": {
      const { stamp } = r.message,
        message = { ...r.message, stamp: stamp === undefined ? undefined : stamp - origin };
      const reason = r.to === "arm" ? simulation.accept(message) : simulation.acceptHand(message);
      if (reason !== undefined) report({ type: "refused", by: r.to, reason });
      break;
    }
    case "reset":
      report({ type: "reply", id: r.id, fault: reset(r) });
      break;
    case "perturb":
      report({ type: "reply", id: r.id, fault: disturb(r.disturbance) });
      break;
    case "stop":
      stopped = true;
      break;
    default:
      r satisfies never;
  }
}

function reset(r: Extract<SimulationRequest, { type: "reset" }>): string | undefined {
  const now = origin + simulation.time;
  try {
    simulation.reset(r);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    origin = now - simulation.time;
    sensors.restart();
  }
}

function disturb(d: Disturbance): string | undefined {
  switch (d.action) {
    case "drop":
    case "delay":
    case "corrupt":
      return sensors.disturb(d.target, { [d.action]: d.value }, d.duration);
    case "clear":
      if (sensors.clear(d.target) && d.target !== "") return undefined;
      return simulation.perturb(d);
    default:
      return simulation.perturb(d);
  }
}

function truth(): Truth {
  const { controller } = simulation;
  return {
    q: simulation.q,
    v: simulation.v,
    effort: simulation.effort,
    desiredQ: controller.q,
    desiredV: controller.v,
    objects: simulation.objects(),
    contacts: simulation.takeContacts(),
    bodies: simulation.bodies(),
    personDistances: simulation.personDistances(),
    tool: simulation.tool(),
    scene: simulation.scene.name,
    seed: simulation.seed,
    held: simulation.held() ?? "",
    realTimeFactor: pacer.realTimeFactor,
  };
}

/** Readings with their times on the clock that starts at the launch. */
function stamped(readings: readonly Reading[]): Reading[] {
  return readings.map((r) => ({ ...r, stamp: r.stamp + origin }));
}
