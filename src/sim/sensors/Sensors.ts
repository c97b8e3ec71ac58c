import { sceneCameras } from "../../config/SceneConfig.js";
import { thingOf } from "../../config/thingOf.js";
import { Rng } from "../../core/math/Rng.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import { SceneCamera } from "../render/SceneCamera.js";
import { healthy, SensorChannel, type SensorFault } from "./SensorChannel.js";
import type { Simulation } from "../physics/Simulation.js";
import type { Reading } from "../../core/Reading.js";

/** Noise and delays of the simulated sensors. */
export interface SensorOptions {
  readonly seed?: number; // for noise and loss; the simulation has a seed of its own
  readonly cameras?: boolean; // default: those of the scene
  readonly objects?: boolean; // default: none
  readonly forces?: boolean; // default: none
  readonly jointPeriod?: Seconds;
  readonly objectStd?: number; // m, noise of `objects`; the orientation's is ten times as many rad
  readonly joints?: Partial<SensorFault>; // corrupt in rad and rad/s
  readonly images?: Partial<SensorFault>; // corrupt in 8-bit levels
  readonly bodies?: Partial<SensorFault>; // corrupt in m
}

const BODY_PERIOD = 1 / 30; // s
const FORCE_PERIOD = 1 / 100; // s
const OBJECT_PERIOD = 1 / 20; // s
const SHAPE_PERIOD = 1; // s

interface Source {
  readonly topic: string;
  readonly period: Seconds;
  readonly channel: SensorChannel<Reading>;
  readonly measure: () => Reading;
  next: Seconds;
}

/**
 * All sensors of one simulation. Each measures at its own rate and sends through its own channel, which applies the
 * faults.
 */
export class Sensors {
  readonly cameras = new Map<string, SceneCamera>(); // views and light may be changed between two steps
  private sources: Source[] = [];
  private shapesDue: Seconds = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly options: SensorOptions = {},
  ) {
    this.restart();
  }

  /** Names of the sensors as topics, for `disturb`. */
  get topics(): string[] {
    return this.sources.map((s) => s.topic);
  }

  /** Starts again with the present scene of the simulation. Faults are removed. */
  restart(): void {
    const { simulation: sim, options: o } = this;
    const rng = new Rng(o.seed ?? sim.seed);
    const source = (topic: string, period: Seconds, base: Partial<SensorFault>, measure: () => Reading): Source => ({
      topic,
      period,
      channel: new SensorChannel(rng.fork(), spoil, { ...healthy, ...base }),
      measure,
      next: sim.time,
    });
    const noise = rng.fork();
    this.shapesDue = sim.time;
    this.sources = [source("bodies", BODY_PERIOD, o.bodies ?? {}, () => bodies(sim))];
    if (o.objects)
      this.sources.push(source("objects", OBJECT_PERIOD, {}, () => this.objects(o.objectStd ?? 0.003, noise)));
    this.cameras.clear();
    if (o.cameras !== false)
      for (const [name, config] of Object.entries(sceneCameras(sim.scene))) {
        const camera = new SceneCamera(name, config);
        this.cameras.set(name, camera);
        this.sources.push(
          source(`${name}/image_raw`, 1 / config.rate, o.images ?? {}, () => ({
            kind: "image",
            stamp: sim.time,
            camera: name,
            width: config.width,
            height: config.height,
            f: camera.view.f,
            data: camera.shoot(sim),
          })),
        );
      }
    if (o.forces)
      this.sources.push(
        source("wrench", FORCE_PERIOD, {}, () => ({ kind: "wrench", stamp: sim.time, force: sim.takeForce() })),
      );
    // this one is last, so that an observation contains the newest images
    this.sources.push(source("joint_states", o.jointPeriod ?? 0.01, o.joints ?? {}, () => joints(sim)));
  }

  /** The objects in sight, and once a second their shapes. */
  private objects(std: number, noise: Rng): Reading {
    const { simulation: sim } = this,
      reading = objects(sim, std, noise);
    const due = sim.time >= this.shapesDue;
    if (due) this.shapesDue = sim.time + SHAPE_PERIOD;
    const seen = new Set(reading.objects.map(({ id }) => id));
    return { ...reading, shapes: due ? sim.scene.objects.filter(({ id }) => seen.has(id)).map(thingOf) : [] };
  }

  /** Takes the measurements that are due and returns those that arrive now. Call it after every simulation step. */
  read(): Reading[] {
    const now = this.simulation.time;
    const out: Reading[] = [];
    for (const s of this.sources) {
      if (s.next <= now + 1e-9) {
        s.channel.offer(s.measure(), now);
        // after a long step it measures only once
        s.next += s.period * (1 + Math.floor((now - s.next) / s.period + 1e-6));
      }
      out.push(...s.channel.take(now));
    }
    return out;
  }

  /**
   * Adds a fault to a sensor (a topic, with or without its namespace) for a while; 0 s: until cleared. Returns the
   * error message, or undefined.
   */
  disturb(topic: string, fault: Partial<SensorFault>, duration: Seconds): string | undefined {
    const source = this.find(topic);
    if (!source) return `no sensor '${topic}', want one of: ${this.topics.join(", ")}`;
    if (!((fault.drop ?? 0) >= 0 && (fault.drop ?? 0) <= 1)) return `drop ${fault.drop}, want a probability`;
    if (!((fault.delay ?? 0) >= 0 && (fault.delay ?? 0) <= 60)) return `delay ${fault.delay} s, want 0 to 60`;
    source.channel.disturb(fault, duration > 0 ? this.simulation.time + duration : Infinity);
    return undefined;
  }

  /** Undoes the faults of one sensor, or of all for "". Returns whether there is such a sensor. */
  clear(topic: string): boolean {
    const found = topic === "" ? this.sources : [this.find(topic)].filter((s) => s !== undefined);
    for (const s of found) s.channel.clear();
    return found.length > 0;
  }

  private find(topic: string): Source | undefined {
    return this.sources.find((s) => topic === s.topic || topic.endsWith(`/${s.topic}`));
  }
}

function joints(sim: Simulation): Reading {
  const other = sim.otherJoints();
  return {
    kind: "joints",
    stamp: sim.time,
    names: [...sim.arm.jointNames, ...other.names],
    q: Float64Array.of(...sim.q, ...other.positions),
    v: Float64Array.of(...sim.v, ...other.velocities),
    effort: Float64Array.of(...sim.effort, ...other.efforts),
  };
}

function bodies(sim: Simulation): Reading {
  return { kind: "bodies", stamp: sim.time, bodies: sim.bodies().filter((b) => !sim.hidden(b.id)) };
}

function objects(sim: Simulation, std: number, rng: Rng): Omit<Extract<Reading, { kind: "objects" }>, "shapes"> {
  const seen = sim.objects().filter((o) => !sim.hidden(o.id));
  return {
    kind: "objects",
    stamp: sim.time,
    objects: seen.map((o) => ({
      id: o.id,
      position: [
        o.position[0] + std * rng.normal(),
        o.position[1] + std * rng.normal(),
        o.position[2] + std * rng.normal(),
      ],
      orientation: turned(o.orientation, 10 * std, rng),
      positionStd: std,
      orientationStd: 10 * std,
    })),
  };
}

/** q rotated about each axis by a small random angle. */
function turned([x, y, z, w]: Quat, std: number, rng: Rng): Quat {
  const a = (std / 2) * rng.normal(),
    b = (std / 2) * rng.normal(),
    c = (std / 2) * rng.normal();
  const r = [
    x + w * a + y * c - z * b,
    y + w * b + z * a - x * c,
    z + w * c + x * b - y * a,
    w - x * a - y * b - z * c,
  ];
  const n = Math.hypot(...r);
  return [r[0] / n, r[1] / n, r[2] / n, r[3] / n];
}

/** A reading with noise on its numbers. NaN noise makes them NaN; images have no NaN and become white. */
function spoil(r: Reading, noise: () => number): Reading {
  const add = (x: Vec3): Vec3 => [x[0] + noise(), x[1] + noise(), x[2] + noise()];
  switch (r.kind) {
    case "joints":
      return { ...r, q: r.q.map((x) => x + noise()), v: r.v.map((x) => x + noise()) };
    case "wrench":
      return { ...r, force: r.force.map((x) => x + noise()) };
    case "image":
      return {
        ...r,
        data: r.data.map((x) => {
          const y = x + noise();
          return y === y ? Math.min(255, Math.max(0, y)) : 255;
        }),
      };
    case "bodies":
      return { ...r, bodies: r.bodies.map((b) => ({ ...b, p0: add(b.p0), p1: add(b.p1) })) };
    case "objects":
      return { ...r, objects: r.objects.map((o) => ({ ...o, position: add(o.position) })) };
    default:
      return r satisfies never;
  }
}
