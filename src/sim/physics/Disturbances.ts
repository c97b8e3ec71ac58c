import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import type { Seconds } from "../../core/Seconds.js";
import type { Perturbation } from "./Perturbation.js";

export interface Pose {
  readonly position: Vec3; // m, world = base frame
  readonly orientation: Quat; // x, y, z, w
}

/** An object, a person or a mover that can be disturbed. */
export interface Disturbable {
  readonly id: string;
  hidden: boolean;
  pose(): Pose;
  move(position: Vec3, orientation: Quat): void;
  freeze(on: boolean): void;
  clear(): void; // undoes everything except a move of something that moves by itself
}

/** Applies disturbances to the objects and bodies of a scene, and undoes them when their time is over. */
export class Disturbances {
  private undo: { readonly at: Seconds; readonly run: () => void }[] = [];

  constructor(private readonly things: readonly Disturbable[]) {}

  /** Returns why it is impossible, or undefined. */
  apply(p: Perturbation, now: Seconds): string | undefined {
    if (p.action === "clear" && p.target === "") {
      for (const thing of this.things) thing.clear();
      this.undo = [];
      return undefined;
    }
    const thing = this.things.find((t) => t.id === p.target);
    if (!thing)
      return (
        `no object or body '${p.target}', want one of: ` +
        `${this.things.map((t) => t.id).join(", ") || "(the scene has none)"}`
      );
    const later = (run: () => void): void => {
      if (p.duration !== undefined && p.duration > 0) this.undo.push({ at: now + p.duration, run });
    };
    switch (p.action) {
      case "move": {
        if (!p.position || ![...p.position, ...(p.orientation ?? [])].every(Number.isFinite))
          return "want a finite pose";
        const before = thing.pose();
        thing.move(p.position, unit(p.orientation));
        later(() => thing.move(before.position, before.orientation));
        return undefined;
      }
      case "hide":
      case "show":
        thing.hidden = p.action === "hide";
        later(() => (thing.hidden = p.action !== "hide"));
        return undefined;
      case "freeze":
      case "unfreeze":
        thing.freeze(p.action === "freeze");
        later(() => thing.freeze(p.action !== "freeze"));
        return undefined;
      case "clear":
        thing.clear();
        return undefined;
      default:
        return `unknown action '${String(p.action satisfies never)}'`;
    }
  }

  /** Undoes the disturbances that are over by `now`. */
  expire(now: Seconds): void {
    if (this.undo.length === 0) return;
    const due = this.undo.filter((u) => u.at <= now);
    this.undo = this.undo.filter((u) => u.at > now);
    for (const u of due) u.run();
  }
}

/** A unit quaternion; upright if none, or one of length 0, is given. */
function unit(q: Quat | undefined): Quat {
  const n = q ? Math.hypot(...q) : 0;
  return q && n > 1e-6 ? [q[0] / n, q[1] / n, q[2] / n, q[3] / n] : [0, 0, 0, 1];
}
