import type { Belief } from "../../core/Belief.js";
import type { Body } from "../../core/Body.js";
import type { Clock } from "../../core/time/Clock.js";
import type { Image } from "../../core/Observation.js";
import type { Thing } from "../../core/Thing.js";
import type { Seconds } from "../../core/Seconds.js";
import { SharedVector } from "../../core/threads/SharedVector.js";
import { BeliefMemory } from "../../memory/beliefs/BeliefMemory.js";
import type { EpisodeLog } from "../../memory/episodes/EpisodeLog.js";
import { ObservationBuffer } from "../../memory/ObservationBuffer.js";
import { Proprioception } from "../../perception/Proprioception.js";
import type { JointSample } from "../../agent/AgentPort.js";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { trackingError } from "../../agent/robot/trackingError.js";
import { handTracker, type HandTracker } from "../../agent/HandTracker.js";
import { seeObjects } from "../../agent/seeObjects.js";
import { staleness, words } from "../mayReset.js";
import type { NeededInput } from "../../agent/NeededInput.js";
import { MeasuredJoints } from "./MeasuredJoints.js";
import { neededInputs, neededNow } from "../../agent/setup/neededInputs.js";
import { Rhythm } from "./Rhythm.js";
import { trackingBounds } from "../../agent/robot/trackingBounds.js";
import { WrenchIngress } from "./WrenchIngress.js";

const SILENCE: Seconds = 1; // of a needed input, after which no task begins, and the present one waits
const FUTURE: Seconds = 0.02; // an image's stamp may be ahead of the clock by this
const FASTEST = 1000; // Hz of joint states that memory has room for

/** An input that is missing, in words. One that came once may come again; one that never came does not exist. */
export interface Silence {
  readonly why: string;
  readonly never: boolean;
}

/**
 * Entry of all inputs of the agent: those that pass the ingress rules are remembered and logged; the others are
 * counted, with the last reason.
 */
export class Ingress {
  readonly measured: MeasuredJoints;
  readonly observations: ObservationBuffer;
  readonly beliefs: BeliefMemory;
  readonly body: Proprioception;
  readonly hand: HandTracker | undefined; // of a robot with a gripper
  readonly deviation: SharedVector; // [nq] rad, joints measured less joints commanded
  rejected = 0;
  lastRejection = "";
  private readonly forces = new WrenchIngress();
  private readonly rhythms = new Map<string, Rhythm>(); // of needed inputs, by topic
  private unjointed = ""; // why the last joint states were refused; "" if they were taken
  sources = ""; // what is wrong with the publishers of joint states, "" if nothing
  private strangers: readonly string[] = []; // joints in the last message that has none of ours

  constructor(
    private readonly setup: AgentSetup,
    private readonly clock: Clock,
    private readonly log: EpisodeLog | undefined,
  ) {
    const { arm, agent, robot } = setup;
    this.beliefs = new BeliefMemory(trackingBounds(setup));
    this.hand = handTracker(setup, this.beliefs);
    this.measured = new MeasuredJoints(setup);
    this.observations = new ObservationBuffer(arm.nq, agent.memory.buffer, Math.ceil(agent.memory.buffer * FASTEST));
    this.body = new Proprioception(arm.nq, trackingError(setup), robot.controller.delay);
    this.deviation = new SharedVector(arm.nq);
  }

  /** @returns whether it was accepted, and whether the clock has gone back with it */
  joints(sample: JointSample): "taken" | "clock went back" | undefined {
    const taken = this.armJoints(sample);
    this.handJoints(sample);
    return taken;
  }

  /** Whether planners must hear of the hand, or of what it carries. */
  handMoved(): boolean {
    return this.hand?.moved(this.clock.now()) ?? false;
  }

  private handJoints(sample: JointSample): void {
    const refusal = this.hand?.take(sample.stamp, sample, this.clock.now()) ?? "";
    if (refusal !== "" && refusal !== "stranger" && refusal !== "duplicate") this.reject(`joint_states: ${refusal}`);
  }

  private armJoints(sample: JointSample): "taken" | "clock went back" | undefined {
    const refusal = this.measured.take(sample, this.clock.now());
    if (refusal === "duplicate") return undefined;
    if (refusal === "stranger") return void (this.strangers = sample.names.slice(0, 4));
    const taken = refusal === "" || refusal === "restart";
    this.unjointed = taken ? "" : `: ${refusal}`;
    if (!taken) return void this.reject(`joint_states: ${refusal}`);
    const { stamp, q, v } = this.measured;
    this.hear("joint_states", stamp);
    this.body.observe(stamp, q, v);
    this.hand?.arm(stamp, q);
    this.deviation.write(this.body.deviation);
    this.observations.push(stamp, q, v);
    this.log?.joints(stamp, q, v);
    return refusal === "restart" ? "clock went back" : "taken";
  }

  /** @returns whether they were accepted, as all below */
  bodies(stamp: Seconds, bodies: readonly Body[]): boolean {
    if (!this.takes("bodies", this.beliefs.seeBodies(stamp, bodies, this.clock.now()))) return false;
    this.hear("bodies", stamp);
    this.log?.bodies(stamp, bodies);
    return true;
  }

  voidBodies(until: Seconds): boolean {
    return this.takes("bodies_void_until", this.beliefs.voidBodies(until, this.clock.now()));
  }

  objects(stamp: Seconds, objects: readonly Belief[], things?: readonly Thing[]): boolean {
    if (!this.takes("objects", seeObjects(this, stamp, objects, things, this.clock.now()))) return false;
    this.log?.objects(stamp, objects);
    return true;
  }

  /** @param wrench [6] force in N, torque in N·m */
  wrench(stamp: Seconds, wrench: ArrayLike<number>): boolean {
    const refusal = this.forces.take(stamp, wrench, this.clock.now());
    if (refusal === "duplicate" || !this.takes("wrench", refusal)) return false;
    this.hear("wrench", stamp);
    return true;
  }

  /** @returns the joints [nq] when the image was taken, if it is to be encoded */
  image(camera: string, image: Image): Float64Array | undefined {
    this.beliefs.seeImage(camera, image);
    if (camera !== this.setup.learned?.camera) return undefined;
    const ahead = image.stamp - this.clock.now();
    return this.takes(camera, ahead <= FUTURE ? "" : `got a stamp ${ahead.toFixed(3)} s ahead of the clock`)
      ? this.jointsAt(image.stamp)
      : undefined;
  }

  /** [nq] rad; undefined if none had come by then */
  jointsAt(stamp: Seconds): Float64Array | undefined {
    const q = new Float64Array(this.setup.arm.nq);
    return this.observations.at(stamp, q) ? q : undefined;
  }

  ages(): Record<string, Seconds> {
    const now = this.clock.now(),
      { stamp } = this.forces;
    return {
      joint_states: now - this.measured.stamp,
      ...this.beliefs.ages(now),
      ...(stamp > -Infinity && { wrench: now - stamp }),
    };
  }

  needed(): NeededInput[] {
    return neededNow(this.setup, this.ages());
  }

  /** The needed input that has been silent for so long that no task can be done now. */
  silence(): Silence | undefined {
    const silent = this.needed().find(({ age }) => !(age <= SILENCE));
    if (silent === undefined) return undefined;
    const never = silent.age === Infinity,
      refused =
        silent.name === "joint_states" ? (this.sources && `: ${this.sources}`) || this.unjointed || this.strange() : "";
    const late = this.rhythms.get(silent.name)?.trouble(silent, this.clock.now());
    return {
      why: (never ? staleness(silent) : late || `no ${words(silent.name)} for ${silent.age.toFixed(1)} s`) + refused,
      never,
    };
  }

  /**
   * Why the arm moves in fits and starts, or not at all, although all needed inputs come: one comes too seldom, or on
   * another clock. "" if none does.
   */
  hindrance(): string {
    const now = this.clock.now();
    for (const [name, most] of Object.entries(neededInputs(this.setup))) {
      const trouble = this.rhythms.get(name)?.trouble({ name, most }, now);
      if (trouble) return trouble;
    }
    return this.sources;
  }

  private strange(): string {
    const { jointNames } = this.setup.arm;
    return this.strangers.length === 0
      ? ""
      : `: those received name ${this.strangers.join(", ")}, want ${jointNames.join(", ")}`;
  }

  private hear(name: string, stamp: Seconds): void {
    const rhythm = this.rhythms.get(name) ?? new Rhythm();
    this.rhythms.set(name, rhythm);
    rhythm.hear(stamp, this.clock.now());
  }

  private takes(what: string, refusal: string): boolean {
    if (refusal !== "") this.reject(`${what}: ${refusal}`);
    return refusal === "";
  }

  private reject(why: string): void {
    this.rejected++;
    this.lastRejection = why;
  }
}
