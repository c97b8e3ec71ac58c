import type { MainModule, MjData, MjModel } from "@mujoco/mujoco";
import { LINK } from "./armMjcf.js";
import type { Geometry } from "./Geometry.js";

/** A MuJoCo model for cameras: its geoms as `Geometry`, labelled by object (all links of the arm are one). */
export class SceneGeometry implements Geometry {
  readonly count: number;
  readonly kind: Int32Array;
  readonly size: Float64Array;
  readonly colour: Float64Array;
  readonly label: Uint16Array;
  readonly labels: readonly string[];
  position: Float64Array = new Float64Array(0);
  rotation: Float64Array = new Float64Array(0);
  private readonly opacity: Float64Array; // [G] as the model has it

  constructor(mj: MainModule, model: MjModel) {
    this.count = model.ngeom;
    this.kind = Int32Array.from(model.geom_type);
    this.size = Float64Array.from(model.geom_size);
    this.colour = Float64Array.from(model.geom_rgba as Float32Array);
    this.opacity = Float64Array.from({ length: this.count }, (_, g) => this.colour[4 * g + 3]);
    const labels = ["background", "robot"];
    this.label = Uint16Array.from({ length: this.count }, (_, g) => {
      const body = model.geom_bodyid[g];
      const name =
        body === 0
          ? mj.mj_id2name(model, mj.mjtObj.mjOBJ_GEOM.value, g)
          : mj.mj_id2name(model, mj.mjtObj.mjOBJ_BODY.value, body);
      if (name.startsWith(LINK)) return 1;
      const known = labels.indexOf(name);
      return known >= 0 ? known : labels.push(name) - 1;
    });
    this.labels = labels;
  }

  /** Poses of the last kinematics; views on the heap, so valid until MuJoCo runs again. */
  update(data: MjData, hidden: (id: string) => boolean): this {
    this.position = data.geom_xpos;
    this.rotation = data.geom_xmat;
    for (let g = 0; g < this.count; g++)
      this.colour[4 * g + 3] = hidden(this.labels[this.label[g]]) ? 0 : this.opacity[g];
    return this;
  }
}
