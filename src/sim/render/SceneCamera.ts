import type { CameraConfig } from "../../config/SceneConfig.js";
import type { Backdrop, Lighting } from "./Renderer.js";
import { Renderer } from "./Renderer.js";
import { lookAt, type Camera } from "./Camera.js";
import type { Simulation } from "../physics/Simulation.js";

/** A camera of the scene. Its view, light and backdrop may be changed between two images (domain randomisation). */
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

  /** The present image: rgb [height,width,3], a copy. */
  shoot(simulation: Simulation): Uint8Array {
    return this.renderer.draw(simulation.geometry(), this.view, this.lighting, this.backdrop).slice();
  }

  /** Present depth at the centres of n × n cells of the image: [n,n] m along the view axis, Infinity if empty. */
  depth(simulation: Simulation, n: number): Float32Array {
    const { depth } = this.measure(simulation);
    const { width, height } = this.config;
    const middle = (i: number, size: number): number => Math.floor(((i + 0.5) * size) / n);
    return Float32Array.from(
      { length: n * n },
      (_, k) => depth[middle(Math.floor(k / n), height) * width + middle(k % n, width)],
    );
  }

  /**
   * Present depth and labels, [height,width] each; views, valid until the next call. `Simulation.labels` has the names.
   */
  measure(simulation: Simulation): { depth: Float32Array; segmentation: Uint16Array } {
    this.renderer.measure(simulation.geometry(), this.view);
    return this.renderer;
  }
}
