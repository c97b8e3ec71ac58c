import type { Percept } from "../core/Percept.js";
import type { Seconds } from "../core/Seconds.js";
import type { Silence } from "./ingress/Ingress.js";

// time without a usable image after which a task that needs images waits, or is given up if there never
// was one
const BLIND: Seconds = 3;

/** Whether the camera of a learned model delivers usable images, and whether it was moved. */
export class CameraInput {
  moves: number | undefined = 0; // moves of the camera, by the newest image
  private encoded: Seconds = -Infinity; // stamp of the last image encoded
  private trouble = ""; // why the last one was not

  /** @param camera its name; undefined: the agent needs none */
  constructor(private readonly camera: string | undefined) {}

  /** @returns whether the camera was found to have moved */
  take({ stamp, moves }: Percept): boolean {
    this.encoded = stamp;
    const moved = moves !== this.moves;
    this.moves = moves;
    return moved;
  }

  failed(why: string): void {
    this.trouble = why;
  }

  /** Why an agent that plans from images cannot. @param begun when the task began */
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
