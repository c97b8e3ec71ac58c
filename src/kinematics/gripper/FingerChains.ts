import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import { jointMotion, restValue } from "../urdf/placeLinks.js";
import type { Urdf, UrdfJoint } from "../urdf/Urdf.js";
import { UrdfError } from "../urdf/UrdfError.js";

const DEEPEST = 64; // joints in series, and joints that follow each other

/**
 * The links of a hand below the last link that the arm moves, and their poses for values of the driven joints. A joint
 * that mimics one follows it, q = multiplier · q(its joint) + offset; others stand at rest.
 */
export class FingerChains {
  /** @param last the link after the arm's last joint @param driven names of the joints that the controller drives */
  constructor(
    private readonly urdf: Urdf,
    private readonly last: string,
    private readonly driven: readonly string[],
  ) {}

  /**
   * The links that carry the pads: of the links that move with the driven joints, those behind the most such joints;
   * one where one finger moves.
   * @throws UrdfError if there are more than two
   */
  padLinks(): readonly string[] {
    const moving = [...this.urdf.joints.values()].filter(
      (j) => this.leader(j) >= 0 && this.path(j.child) !== undefined,
    );
    const depth = (j: UrdfJoint): number => this.path(j.child)!.filter((above) => moving.includes(above)).length;
    const deepest = Math.max(...moving.map(depth)),
      links = moving.filter((j) => depth(j) === deepest).map((j) => j.child);
    if (links.length > 2)
      throw new UrdfError(
        "gripper pads",
        `${links.length} last links of fingers: ${links.join(", ")}`,
        "`links` of pads",
        ["gripper", "pads"],
      );
    return links;
  }

  /** The joints from the arm's last link to `link`, in order; undefined if it does not hang there. */
  path(link: string): readonly UrdfJoint[] | undefined {
    const joints: UrdfJoint[] = [];
    for (let at = link; at !== this.last; at = joints[joints.length - 1].parent) {
      const joint = [...this.urdf.joints.values()].find((j) => j.child === at);
      if (joint === undefined) return undefined;
      joints.push(joint);
    }
    return joints.reverse();
  }

  /** The pose of `link` [12] in the frame of the arm's last link. @param q values of the driven joints */
  pose(link: string, q: ArrayLike<number>): Float64Array {
    const pose = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0),
      origin = new Float64Array(12);
    for (const joint of this.path(link)!) {
      mulTransform(pose, 0, pose, 0, transformFromRpy(origin, 0, joint.origin.xyz, joint.origin.rpy), 0);
      if (joint.type !== "fixed") mulTransform(pose, 0, pose, 0, jointMotion(joint, this.value(joint, q)), 0);
    }
    return pose;
  }

  /** The index of the driven joint that a joint is, or follows; −1: none. */
  private leader(joint: UrdfJoint): number {
    let at: UrdfJoint | undefined = joint;
    for (let i = 0; at !== undefined && i < DEEPEST; i++) {
      const own = this.driven.indexOf(at.name);
      if (own >= 0) return own;
      at = at.mimic === undefined ? undefined : this.urdf.joints.get(at.mimic);
    }
    return -1;
  }

  /** Values of a joint at rest, then at `n` postures from closed to open; undefined for one that does not move. */
  sweep(joint: UrdfJoint, from: ArrayLike<number>, to: ArrayLike<number>, n: number): readonly number[] | undefined {
    if (this.leader(joint) < 0) return undefined;
    const rest = this.driven.map((name) => restValue(this.urdf.joints.get(name)!));
    const postures = Array.from({ length: n }, (_, i) =>
      this.driven.map((_name, j) => from[j] + ((to[j] - from[j]) * i) / (n - 1)),
    );
    return [rest, ...postures].map((q) => this.value(joint, q));
  }

  private value(joint: UrdfJoint, q: ArrayLike<number>): number {
    const leader = this.leader(joint);
    if (leader < 0) return restValue(joint);
    let [gain, offset, at] = [1, 0, joint];
    while (!this.driven.includes(at.name)) {
      offset += gain * (at.offset ?? 0);
      gain *= at.multiplier ?? 1;
      at = this.urdf.joints.get(at.mimic!)!;
    }
    return gain * q[leader] + offset;
  }
}
