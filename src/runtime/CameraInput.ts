import type { Percept } from "../core/Percept.js";
import type { Seconds } from "../core/Seconds.js";
import type { Silence } from "./ingress/Ingress.js";

// without an image that could be understood, after which a task of an agent that needs them waits, or is given up where
// none ever was
const BLIND: Seconds = 3;

/** Whether the camera of a learned model shows anything, and whether it still stands where it stood. */
export class CameraInput {
  moves: number | undefined = 0; // of the camera, as the newest image tells
  private encoded: Seconds = -Infinity; // stamp of the last image understood
  private trouble = ""; // why the last one was not

  /** @param camera by name; undefined: of an agent that needs none */
  constructor(private readonly camera: string | undefined) {}

  /** @returns whether the camera is found to stand elsewhere than it was believed to */
  take({ stamp, moves }: Percept): boolean {
    this.encoded = stamp;
    const moved = moves !== this.moves;
    this.moves = moves;
    return moved;
  }

  failed(why: string): void {
    this.trouble = why;
  }

  /** Why an agent that plans from images cannot. @param begun when the task did */
  silence(begun: Seconds, now: Seconds): Silence | undefined {
    const { camera, encoded, trouble } = this,
      since = now - Math.max(encoded, begun);
    if (camera === undefined || since <= BLIND) return undefined;
    return {
      why: `no image of ${camera} for ${since.toFixed(0)} s${trouble === "" ? "" : `: ${trouble}`}`,
      never: encoded === -Infinity,
    };
  }
}
