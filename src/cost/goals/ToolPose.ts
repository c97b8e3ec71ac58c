import { z } from "zod";
import type { Quat, Vec3 } from "../../core/geometry/Shape.js";
import { rotationError } from "../../core/geometry/rotationError.js";
import { angle, length, orientation, ratio, vec3 } from "../../config/index.js";
import type { KnotView } from "../KnotView.js";
import type { Plugin } from "../Plugin.js";
import type { Residual } from "../Residual.js";

const schema = z
  .strictObject({
    position: vec3(length()).optional().describe("position of the tool, in the arm's base frame"),
    orientation: orientation.optional().describe("orientation of the tool, in the arm's base frame"),
    pointing: vec3(ratio())
      .refine((d) => Math.hypot(...d) > 1e-6, "a direction that is not zero")
      .optional()
      .describe("direction of the tool's z axis"),
    tolerance: length({ above: 0 }).default(0.02).describe("tolerance of the position"),
    angle_tolerance: angle({ above: 0 })
      .default((5 * Math.PI) / 180)
      .describe("tolerance of orientation and pointing"),
  })
  .refine((c) => c.position ?? c.orientation ?? c.pointing, "at least one of: position, orientation, pointing")
  .refine((c) => !(c.orientation && c.pointing), "orientation or pointing, not both");

/** Goal of the tool: a position (m), an orientation or a direction, with tolerances (m, rad). */
export type ToolPoseConfig = z.output<typeof schema>;

/**
 * The tool at a pose. With p the tool's position, R its rotation (columns x, y, z), ε and θ the tolerances:
 * - position: r = (p − p*)/ε [3], ∂r/∂q = J_lin/ε
 * - orientation: r = log(R R*ᵀ)/θ [3], the rotation vector from the wanted to the true orientation in the base frame;
 *   ∂r/∂q = Jl⁻¹(ω) J_ang/θ, with Jl⁻¹ the inverse left Jacobian of SO(3) (Solà, Deray & Atchuthan 2018, eq. 146)
 * - pointing: r = angle·axis/θ [3] of the shortest turn from d to z = R e₃ (d a unit vector, turn about z itself free):
 *   with c = d × z, s = ‖c‖, a = atan2(s, d·z), r = (a/s)c/θ. If z = −d, all axes across are equally good, and one is
 *   chosen. ∂z/∂q = −[z]× J_ang.
 * Blocks: one [3] for each given part.
 */
export class ToolPose implements Residual {
  readonly name = "tool_pose";
  readonly dim: number;
  readonly blocks: readonly number[];
  private readonly turn: Turn | undefined;

  constructor(private readonly spec: ToolPoseConfig) {
    if (spec.orientation) this.turn = orientationTurn(spec.orientation);
    else if (spec.pointing) this.turn = pointingTurn(spec.pointing);
    this.blocks = [...(spec.position ? [3] : []), ...(this.turn ? [3] : [])];
    this.dim = 3 * this.blocks.length;
  }

  evaluate(x: KnotView, r: Float64Array, J?: Float64Array): void {
    const { position, tolerance, angle_tolerance } = this.spec;
    const nq = x.J.length / 6;
    let row = 0;
    if (position) {
      for (let i = 0; i < 3; i++) r[i] = (x.tool[x.it + 4 * i + 3] - position[i]) / tolerance;
      if (J) for (let i = 0; i < 3 * nq; i++) J[i] = x.J[i] / tolerance;
      row = 3;
    }
    if (this.turn) {
      this.turn(x.tool, x.it, error, J ? D : undefined);
      for (let i = 0; i < 3; i++) r[row + i] = error[i] / angle_tolerance;
      if (J) {
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < nq; j++) {
            let sum = 0;
            for (let k = 0; k < 3; k++) sum += D[3 * i + k] * x.J[(3 + k) * nq + j];
            J[(row + i) * nq + j] = sum / angle_tolerance;
          }
        }
      }
    }
  }
}

const error = new Float64Array(3);
const D = new Float64Array(9); // ∂error/∂(angular velocity), rows

/**
 * Fills e [3] with the rotation error in rad and D [3,3] with its derivative by the tool's angular velocity in the base
 * frame.
 */
type Turn = (tool: Float64Array, it: number, e: Float64Array, D?: Float64Array) => void;

function orientationTurn([x, y, z, w]: Quat): Turn {
  // prettier-ignore
  const wanted = Float64Array.of( // rows of 3×4
    1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), 0,
    2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), 0,
    2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), 0);
  return (tool, it, e, D) => {
    rotationError(e, 0, wanted, 0, tool, it);
    if (D) inverseLeftJacobian(e, D);
  };
}

/** Jl⁻¹(ω) = 1 − ½[ω]× + (1/θ² − (1 + cos θ)/(2θ sin θ)) [ω]×². */
function inverseLeftJacobian(w: Float64Array, D: Float64Array): void {
  const x = w[0];
  const y = w[1];
  const z = w[2];
  const t2 = x * x + y * y + z * z;
  const t = Math.sqrt(t2);
  // (1 + cos θ)/sin θ = cot(θ/2) has no trouble at π.
  const k = t2 < 1e-4 ? 1 / 12 + t2 / 720 : 1 / t2 - 1 / (2 * t * Math.tan(t / 2));
  D[0] = 1 - k * (y * y + z * z);
  D[1] = z / 2 + k * x * y;
  D[2] = -y / 2 + k * x * z;
  D[3] = -z / 2 + k * x * y;
  D[4] = 1 - k * (x * x + z * z);
  D[5] = x / 2 + k * y * z;
  D[6] = y / 2 + k * x * z;
  D[7] = -x / 2 + k * y * z;
  D[8] = 1 - k * (x * x + y * y);
}

// sine of the angle to the opposite direction, below which the axis of the turn is only rounding error
const NOWHERE = 1e-12;
const OPPOSITE = 1e-4; // and below which its derivative is omitted

function pointingTurn(direction: Vec3): Turn {
  const norm = Math.hypot(...direction);
  const [dx, dy, dz] = direction.map((v) => v / norm);
  const across = Math.abs(dx) < 0.9 ? [0, dz, -dy] : [-dz, 0, dx]; // d × x or d × y: where to turn when z = −d
  const [ax, ay, az] = across.map((v) => v / Math.hypot(...across));
  return (tool, it, e, D) => {
    const x = tool[it + 2];
    const y = tool[it + 6];
    const z = tool[it + 10];
    const cx = dy * z - dz * y;
    const cy = dz * x - dx * z;
    const cz = dx * y - dy * x;
    const s = Math.sqrt(cx * cx + cy * cy + cz * cz);
    const c = dx * x + dy * y + dz * z;
    const a = Math.atan2(s, c);
    const opposite = s < OPPOSITE && c < 0;
    const k = s > 0 ? a / s : 1;
    e[0] = opposite && s < NOWHERE ? a * ax : k * cx;
    e[1] = opposite && s < NOWHERE ? a * ay : k * cy;
    e[2] = opposite && s < NOWHERE ? a * az : k * cz;
    if (!D) return;
    if (opposite) {
      // The axis turns by 1/s for every turn of the tool across it, which leads nowhere; what remains is the turn about
      // it, da = n·ω.
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) D[3 * i + j] = (e[i] * e[j]) / (a * a);
      return;
    }
    // With C = d × z, k = a/s and n = C/s: de = k d×(ω × z) + C dk. Turning about n changes the angle one to one, da =
    // n·ω, so ds = c da and dk = (da − k ds)/s = (1 − kc)/s² · C·ω.
    const f = s < 1e-4 ? 1 / 3 : (1 - k * c) / (s * s);
    // d×(ω × z) = (d·z) ω − (d·ω) z
    D[0] = k * (c - x * dx) + f * cx * cx;
    D[1] = -k * x * dy + f * cx * cy;
    D[2] = -k * x * dz + f * cx * cz;
    D[3] = -k * y * dx + f * cy * cx;
    D[4] = k * (c - y * dy) + f * cy * cy;
    D[5] = -k * y * dz + f * cy * cz;
    D[6] = -k * z * dx + f * cz * cx;
    D[7] = -k * z * dy + f * cz * cy;
    D[8] = k * (c - z * dz) + f * cz * cz;
  };
}

/** `tool_pose: { position: [0.4 m, 0.1 m, 0.3 m], pointing: [0, 0, -1] }` */
export const toolPose: Plugin<ToolPoseConfig, ToolPoseConfig, Residual> = {
  schema,
  bind: (config) => config,
  create: (spec) => new ToolPose(spec),
};
