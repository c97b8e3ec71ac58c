import type { FramePose } from "../../../core/FramePose.js";
import { invertTransform } from "../../../core/geometry/invertTransform.js";
import { mulTransform } from "../../../core/geometry/mulTransform.js";
import type { Quat, Vec3 } from "../../../core/geometry/Shape.js";
import { quatFromTransform } from "../../../core/geometry/quatFromTransform.js";
import { transformFromQuat } from "../../../core/geometry/transformFromQuat.js";
import { transformPoint } from "../../../core/geometry/transformPoint.js";
import { bounds } from "../cdr/bounds.js";
import type { TransformStamped } from "../cdr/TFMessage.js";

/**
 * The frames that messages may use, as poses in the arm's base: the base itself (also an empty frame_id, ROS's
 * default), frames declared in the agent's file, links that fixed joints of the URDF hold to the base, and frames
 * reached by static transforms (/tf_static). The file takes precedence over the URDF, the URDF over static transforms;
 * of these the newest counts.
 */
export class Frames {
  private readonly declared = new Map<string, Float64Array>(); // [12] pose in the base
  // by child, pose in the parent
  private readonly told = new Map<string, { readonly parent: string; readonly pose: Float64Array }>();
  private resolved = new Map<string, Float64Array>();

  constructor(
    readonly base: string,
    declared: Readonly<Record<string, FramePose>> = {},
  ) {
    for (const [name, { position, orientation }] of Object.entries(declared))
      this.declared.set(plain(name), transformFromQuat(new Float64Array(12), 0, orientation, position));
    this.resolve();
  }

  /** Static transforms that came. Invalid ones (not finite, no rotation) and those beyond the limit are left out. */
  learn(transforms: readonly TransformStamped[]): void {
    for (const t of transforms) {
      const norm = Math.hypot(...t.orientation),
        child = plain(t.childFrameId);
      if (![...t.position, ...t.orientation].every(Number.isFinite) || !(Math.abs(norm - 1) < 0.01)) continue;
      if (!this.told.has(child) && this.told.size >= bounds.transforms) continue;
      this.told.set(child, {
        parent: plain(t.header.frameId),
        pose: transformFromQuat(new Float64Array(12), 0, t.orientation, t.position),
      });
    }
    this.resolve();
  }

  /**
   * The pose [12] of a frame in the base; `undefined` for the base itself.
   * @throws RangeError for an unknown frame; the message lists the known ones
   */
  of(frameId: string): Float64Array | undefined {
    const name = plain(frameId);
    if (name === "" || name === plain(this.base)) return undefined;
    const pose = this.resolved.get(name);
    if (pose !== undefined) return pose;
    const known = [this.base, ...this.resolved.keys()].slice(0, 8).join(", ");
    throw new RangeError(
      `frame_id '${name.slice(0, 80)}': got a frame that is not known, want one of: ${known}; declare it in the ` +
        "agent's perception.frames, or publish it on /tf_static",
    );
  }

  /** Walks from the base over the static transforms, both ways; declared frames keep their declared pose. */
  private resolve(): void {
    const base = plain(this.base);
    const found = new Map<string, Float64Array>(this.declared);
    const queue: (readonly [string, Float64Array])[] = [
      [base, transformFromQuat(new Float64Array(12), 0, [0, 0, 0, 1], [0, 0, 0])],
      ...this.declared,
    ];
    const visit = (name: string, pose: Float64Array): void => {
      if (name === base || found.has(name)) return;
      found.set(name, pose);
      queue.push([name, pose]);
    };
    const children = new Map<string, string[]>();
    for (const [child, { parent }] of this.told) children.set(parent, [...(children.get(parent) ?? []), child]);
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const [name, pose] = at;
      const up = this.told.get(name);
      if (up !== undefined)
        visit(
          up.parent,
          mulTransform(new Float64Array(12), 0, pose, 0, invertTransform(new Float64Array(12), 0, up.pose, 0), 0),
        );
      for (const child of children.get(name) ?? [])
        visit(child, mulTransform(new Float64Array(12), 0, pose, 0, this.told.get(child)!.pose, 0));
    }
    this.resolved = found;
  }
}

/** A point of the frame, in the base. */
export function pointFrom(pose: Float64Array | undefined, p: Vec3): Vec3 {
  if (pose === undefined) return p;
  const [x, y, z] = transformPoint(new Float64Array(3), 0, pose, 0, Float64Array.from(p), 0);
  return [x, y, z];
}

/** An orientation in the frame, in the base. */
export function turnFrom(pose: Float64Array | undefined, q: Quat): Quat {
  if (pose === undefined) return q;
  const turn = transformFromQuat(new Float64Array(12), 0, q, [0, 0, 0]);
  const [x, y, z, w] = quatFromTransform(new Float64Array(4), 0, mulTransform(turn, 0, pose, 0, turn, 0), 0);
  return [x, y, z, w];
}

/** A direction of the frame, in the base. */
export function directionFrom(pose: Float64Array | undefined, x: ArrayLike<number>): number[] {
  if (pose === undefined) return Array.from(x);
  return [0, 4, 8].map((r) => pose[r] * x[0] + pose[r + 1] * x[1] + pose[r + 2] * x[2]);
}

/** Names as tf2 has them; tf began them with a slash. */
const plain = (frameId: string): string => frameId.replace(/^\/+/, "");
