import { handTracker, type HandTracker } from "../../src/agent/HandTracker.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { trackingBounds } from "../../src/agent/robot/trackingBounds.js";
import { arrivalOf } from "../../src/agent/task/arrivalOf.js";
import type { StepEnd, StepRun } from "../../src/agent/task/StepRun.js";
import { stepRunOf } from "../../src/agent/task/stepRunOf.js";
import type { HandCommand } from "../../src/core/Hand.js";
import type { OtherJoints } from "../../src/core/OtherJoints.js";
import type { State } from "../../src/core/State.js";
import type { Thing } from "../../src/core/Thing.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { TaskSpec } from "../../src/cost/index.js";
import type { Mode } from "../../src/guardrails/mode.js";
import { jointsAt } from "../../src/kinematics/gripper/jointsAt.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { BeliefMemory } from "../../src/memory/beliefs/BeliefMemory.js";
import type { TaskPlan, TaskStep } from "../../src/planner/task/TaskPlan.js";
import { ToolDisplacement } from "../../src/worldmodel/analytic/ToolDisplacement.js";
import { bind } from "../agent/inProcess.js";
import { OracleGeometry } from "../guardrails/OracleGeometry.js";
import type { Outcome } from "./FaultCase.js";

/** What goes wrong with the hand. */
export interface HandFault {
  readonly on: "close" | "carry" | "open"; // the step in which it begins
  readonly lasts?: number; // s; for ever if absent
  readonly slips?: number; // s, in which the block slips out of the hand
  readonly aside?: number; // m, by which the first grasp is beside the block
  readonly stall?: number; // m, the aperture at which the fingers stand
  readonly opensAt?: number; // m, the tool's height where the first plan opens
  readonly freezes?: boolean; // they stand where they are
  readonly mode?: Mode; // of the guardrails meanwhile
  readonly joints?: (sample: OtherJoints, rng: Rng) => readonly OtherJoints[]; // of the hand
}

export const DT = 0.01;
const LIMIT = 60, // s
  SIZE = 0.04, // m, of the block
  GRASP = 0.0275, // m, of the tool above the table when it grasps
  OPEN = 0.08,
  NOTICE = 0.3, // s, in which the loss of a thing must be noticed
  SPEED = 0.4; // rad/s, of the arm
const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" }),
  { arm } = setup;
const model = new ToolDisplacement(arm, new Sweep(arm), {
  axes: ["x", "y", "z"],
  step: 0.06,
  dt: 0.4,
  substeps: 2,
  latency: 0,
});
const block: Thing = {
  id: "block1",
  kind: "box",
  parts: [{ kind: "box", center: [0, 0, 0], size: [SIZE, SIZE, SIZE], orientation: [0, 0, 0, 1] }],
  mass: 0.1,
  friction: 0.8,
};

/**
 * The true run of steps, sense of the hand and rule of release, on records alone: an arm that goes where it is told,
 * and a hand with a block. The trial's own bookkeeping knows where the block is, and what made it fall.
 */
export class HandTrial {
  readonly words: string[] = []; // why plans were made anew
  noticed = NaN; // s, after the block was lost
  private readonly rng: Rng;
  private readonly beliefs = new BeliefMemory(trackingBounds(setup));
  private readonly hand: HandTracker;
  private readonly oracle = new OracleGeometry(arm);
  private readonly run: StepRun;
  private readonly violations: string[] = [];
  private readonly y: number;
  private readonly q: Float64Array;
  private target: Float64Array;
  private t = 0;
  private pads = OPEN;
  private command: HandCommand | undefined;
  private gripped: number | undefined; // m, of the block below the tool
  private height = SIZE / 2; // m, of the block's middle
  private begun = Infinity; // when the fault began
  private lost = NaN;
  private plans = 0;
  private answer: TaskPlan | undefined; // to the newest request
  private end: StepEnd | undefined;

  constructor(
    seed: number,
    private readonly fault: HandFault,
  ) {
    this.rng = new Rng(seed);
    this.hand = handTracker(setup, this.beliefs)!;
    this.y = this.rng.range(-0.05, 0.05);
    this.q = this.at(this.y, 0.15);
    this.target = this.q;
    const task = this.pose(this.y, 0.15);
    this.run = stepRunOf({
      setup,
      task,
      goals: arrivalOf(setup, task),
      mode: () => this.mode,
      port: {
        plan: ({ failures }) => {
          this.words.push(failures.at(-1)?.words ?? "");
          this.planned();
        },
        step: (below) => (this.target = below === undefined ? this.q.slice() : this.target),
        hand: (command) => this.move(command),
      },
    });
  }

  /** Runs to the end. */
  outcome(expect: "goes on" | "stops", says: RegExp): Outcome {
    this.run.begin(this.state());
    while (this.t < LIMIT && this.end === undefined) this.tick();
    const placed = this.gripped === undefined && this.height === SIZE / 2,
      end = this.end?.code === "NONE" ? "done" : "at rest";
    const wrong: string[] = [];
    if (expect === "goes on" && !(end === "done" && placed))
      wrong.push(`not done: ${this.end?.message ?? this.run.words}; ${this.words.join("; ")}`);
    if (expect === "stops" && end !== "at rest") wrong.push(end);
    if (expect === "stops" && this.on && this.mode !== "active" && this.gripped === undefined)
      wrong.push("the block is out of the hand");
    if (!says.test(this.words.join("; "))) wrong.push(`told '${this.words.join("; ")}', want ${String(says)}`);
    if (!Number.isNaN(this.lost) && !(this.noticed <= NOTICE))
      wrong.push(`the loss was noticed after ${this.noticed} s, want ${NOTICE} s`);
    return { end, violations: [...new Set(this.violations)], fault: wrong.join("; ") };
  }

  private get on(): boolean {
    return this.t >= this.begun && this.t < this.begun + (this.fault.lasts ?? Infinity);
  }

  private get mode(): Mode {
    return (this.on ? this.fault.mode : undefined) ?? "active";
  }

  private get low(): number {
    return this.plans === 1 ? (this.fault.opensAt ?? GRASP) : GRASP;
  }

  private get tool(): number {
    return this.oracle.place(this.q).tool[11];
  }

  private tick(): void {
    const { fault, run } = this;
    this.t += DT;
    if (this.begun === Infinity && run.step?.name === fault.on)
      this.begun = this.t + this.rng.range(0, fault.on === "open" ? 0.05 : 0.2);
    const still = this.approach();
    this.close();
    this.hand.arm(this.t, this.q);
    this.tell();
    if (!Number.isNaN(this.lost) && Number.isNaN(this.noticed) && this.beliefs.inHand.held === undefined)
      this.noticed = this.t - this.lost;
    const state = this.state(),
      { step } = run;
    // as the task level does: what is not in the hand is to be fetched again
    if (
      step !== undefined &&
      (step.name === "carry" || step.name === "lower") &&
      state.held === undefined &&
      this.t > this.lost + NOTICE
    )
      return run.blocked(`${block.id} is not in the hand`, state);
    this.end = run.update(state, still);
    if (this.answer !== undefined) {
      const { answer } = this;
      this.answer = undefined;
      run.planned(answer, state);
    }
    if (run.step !== step) this.aim();
  }

  /** Toward the target. @returns whether the arm is there and rests */
  private approach(): boolean {
    let still = true;
    for (let j = 0; j < this.q.length; j++) {
      const way = this.target[j] - this.q[j];
      // nothing moves but in `active`
      if (way === 0 || this.mode !== "active") continue;
      this.q[j] += Math.max(-SPEED * DT, Math.min(SPEED * DT, way));
      still = false;
    }
    if (this.gripped !== undefined) this.height = this.tool - this.gripped;
    return still;
  }

  /** The fingers, and what they do to the block. */
  private close(): void {
    const { fault, command, on } = this;
    if (command === undefined || (on && fault.freezes === true)) return;
    const beside = on && this.plans === 1 ? (fault.aside ?? 0) : 0,
      between = Math.abs(this.tool - this.height) < SIZE / 2 && Math.abs(beside) < SIZE / 2;
    const stop = Math.max(
      command.aperture,
      this.gripped !== undefined || between ? SIZE : 0,
      on ? (fault.stall ?? 0) : 0,
    );
    const before = this.pads,
      way = (command.aperture < before ? Math.max(stop, before - command.speed * DT) : command.aperture) - before;
    this.pads += Math.max(-command.speed * DT, Math.min(command.speed * DT, way));
    if (this.gripped === undefined && between && this.pads === SIZE && command.aperture < SIZE - 0.002)
      this.gripped = this.tool - this.height;
    if (this.gripped === undefined) return;
    if (this.pads > SIZE + 5e-4) this.fall("opened");
    else if (on && fault.slips !== undefined && this.t > this.begun + fault.slips) {
      this.lost = this.t;
      this.fall("slipped");
    }
  }

  private fall(why: "opened" | "slipped"): void {
    const height = this.height - SIZE / 2;
    if (why === "opened" && height > 0.0101) this.violations.push(`let go ${(1000 * height).toFixed(0)} mm up`);
    [this.gripped, this.height] = [undefined, SIZE / 2];
  }

  /** A command to the hand, as the port gets it. */
  private move(command: HandCommand): string {
    if (this.mode !== "active") this.violations.push(`the hand was moved while ${this.mode}`);
    if (!(command.force <= arm.gripper!.force)) this.violations.push(`a grip of ${command.force} N`);
    this.command = command;
    this.hand.expect(command);
    return "";
  }

  /** Joint states of the hand, and ten times a second where the block is seen. */
  private tell(): void {
    const { fault, rng, t } = this;
    const sample: OtherJoints = {
      names: arm.gripper!.jointNames,
      positions: jointsAt(arm.gripper!, this.pads),
      velocities: [],
    };
    for (const s of this.on && fault.joints !== undefined ? fault.joints(sample, rng) : [sample])
      this.hand.take(t, s, t);
    if (Math.round(t / DT) % 10 !== 0) return;
    const noise = (): number => 0.001 * rng.range(-1, 1);
    this.beliefs.seeThings([block]);
    const seen = {
      id: block.id,
      position: [0.45 + noise(), this.y + noise(), this.height + noise()] as const,
      orientation: [0, 0, 0, 1] as const,
      positionStd: 0.001,
      stamp: t,
    };
    if (this.beliefs.seeObjects(t, [seen], t) === "") this.hand.see([seen]);
  }

  private state(): State {
    return {
      stamp: this.t,
      q: this.q.slice(),
      v: new Float64Array(arm.nq),
      objects: this.beliefs.objectsById,
      bodies: [],
      ...this.beliefs.inHand,
    };
  }

  /** Where the steps lead: the arm's posture for each. */
  private aim(): void {
    const heights: Readonly<Record<string, number>> = {
      above: 0.15,
      descend: GRASP,
      carry: 0.15,
      lower: this.low,
      retreat: 0.15,
    };
    const z = heights[this.run.step?.name ?? ""];
    if (z !== undefined) this.target = this.at(this.y, z);
  }

  private planned(): void {
    this.plans++;
    const step = (name: string, z?: number, grip?: TaskStep["grip"]): TaskStep => ({
      option: `move ${block.id}`,
      name,
      words: name,
      goal: z === undefined ? [] : this.pose(this.y, z).goal,
      guardrails: [],
      ...(grip && { grip }),
    });
    const fetch =
      this.beliefs.inHand.held?.id === block.id
        ? []
        : [
            step("above", 0.15, { aperture: OPEN, force: 20 }),
            step("descend", GRASP),
            step("close", undefined, { aperture: 0.01, force: 20, holds: block.id }),
          ];
    const steps = [
      ...fetch,
      step("carry", 0.15),
      step("lower", this.low),
      step("open", undefined, { aperture: OPEN, force: 20 }),
      step("retreat", 0.15),
    ];
    const plan: TaskPlan = { steps, options: [], cost: 1, bound: 1, proven: true, expanded: 1, time: 0 };
    this.answer = plan;
  }

  private pose(y: number, z: number): TaskSpec {
    return bind(
      setup,
      `goal: [{ tool_pose: { position: [0.45, ${y}, ${z}], tolerance: 2 mm } }]\nhold: 0.1 s\nname: hand\n`,
    );
  }

  private at(y: number, z: number): Float64Array {
    const q = new Float64Array(arm.nq);
    model.posture(q, [0.45, y, z]);
    return q;
  }
}
