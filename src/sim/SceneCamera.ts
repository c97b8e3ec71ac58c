import type { CameraConfig } from "../config/SceneConfig.js";
import type { Backdrop, Lighting } from "./Renderer.js";
import { Renderer } from "./Renderer.js";
import { lookAt, type Camera } from "./Camera.js";
import type { Simulation } from "./Simulation.js";

/** A camera of the scene. Its view, light and backdrop may be changed between two pictures (domain randomisation). */
export class SceneCamera {
  view: Camera;
  lighting: Lighting | undefined;
  backdrop: Backdrop | undefined;
  private readonly renderer: Renderer;

  constructor(
    readonly name: string,
    readonly config: CameraConfig,
  ) {
    this.view = lookAt(config.position, config.look_at, config.fov, config.width, config.height);
    this.renderer = new Renderer(config.width, config.height);
  }

  /** What it sees now: rgb [height,width,3], a copy. */
  shoot(simulation: Simulation): Uint8Array {
    return this.renderer.draw(simulation.geometry(), this.view, this.lighting, this.backdrop).slice();
  }

  /** Depth and labels now, [height,width] each; views, valid until the next call. Labels' names: `Simulation.labels`. */
  measure(simulation: Simulation): { depth: Float32Array; segmentation: Uint16Array } {
    this.renderer.measure(simulation.geometry(), this.view);
    return this.renderer;
  }
}
