import { ofJoints } from "../../config/index.js";
import { SharedVector } from "../../core/threads/SharedVector.js";
import type { Seconds } from "../../core/Seconds.js";
import { JointIngress } from "./JointIngress.js";
import type { JointSample } from "../../agent/AgentPort.js";
import type { AgentSetup } from "../../agent/setup/AgentSetup.js";
import { slidesOf } from "../../kinematics/slidesOf.js";
import { trueLimits } from "../../agent/robot/trueLimits.js";

const SLACK = 0.05; // rad: noise allowed beyond what speed explains

/** Passes joint states through the ingress into the memory that the reflex reads. */
export class MeasuredJoints {
  readonly memory: SharedVector; // [1 + 2nq]: stamp, q, v
  private readonly ingress: JointIngress;
  private readonly sample: Float64Array;

  constructor(setup: Pick<AgentSetup, "arm" | "robot">) {
    const { jointNames, limits, nq, kinds } = setup.arm;
    const { lo, hi } = trueLimits(setup);
    this.ingress = new JointIngress(jointNames, limits, SLACK, {
      lo,
      hi,
      margin: ofJoints(setup.robot.limit_margin, slidesOf(setup.arm)),
      endless: kinds.map((kind) => kind === "continuous"),
      slides: slidesOf(setup.arm),
    });
    this.memory = new SharedVector(1 + 2 * nq);
    this.sample = new Float64Array(this.memory.length);
  }

  get stamp(): Seconds {
    return this.ingress.stamp;
  }

  /** [nq] rad, of the last sample taken. */
  get q(): Float64Array {
    return this.ingress.q;
  }

  /** [nq] rad/s */
  get v(): Float64Array {
    return this.ingress.v;
  }

  /** A person confirms that the arm is where it is: the next sample counts as a first one. */
  begin(): void {
    this.ingress.begin();
  }

  /** @returns as `JointIngress.take`: why it was refused; "" and "restart" are accepted */
  take(sample: JointSample, now: Seconds): string {
    const refusal = this.ingress.take(sample, now);
    if (refusal !== "" && refusal !== "restart") return refusal;
    this.sample[0] = this.stamp;
    this.sample.set(this.q, 1);
    this.sample.set(this.v, 1 + this.q.length);
    this.memory.write(this.sample);
    return refusal;
  }
}
