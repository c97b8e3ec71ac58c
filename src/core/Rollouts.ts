import type { Seconds } from "./Seconds.js";
import type { State } from "./State.js";

/** Sizes of a batch of predicted futures. */
export interface RolloutSizes {
  readonly K: number; // futures
  readonly H: number; // actions
  readonly substeps: number; // kinematic knots between two actions
  readonly dt: Seconds; // between two actions
  readonly nu?: number; // numbers in an action; none where a path is given as it is
  readonly nq: number; // joints
  readonly nc: number; // capsules
  readonly dim?: number; // of the latent state
  readonly no?: number; // objects
  readonly S?: number; // random draws
  readonly quasistatic?: boolean; // default: false
  /**
   * Rollouts of K paths with more knots, otherwise equal, whose arrays are reused: only the one filled last is valid.
   */
  readonly memory?: Rollouts;
}

/**
 * K predicted futures of H actions, row-major, allocated once and reused. Between two actions lie `substeps` kinematic
 * knots, so a path has N = H·substeps + 1 knots, `dt/substeps` apart. The safety filter checks its own step + fail-safe
 * trajectory as Rollouts with K = 1: one type, one set of pure functions.
 */
export class Rollouts {
  readonly K: number;
  readonly H: number;
  readonly substeps: number;
  readonly dt: Seconds; // between two actions
  readonly nu: number;
  readonly nq: number;
  readonly nc: number;
  readonly dim: number;
  readonly no: number;
  readonly S: number;
  readonly N: number;
  readonly a: Float32Array; // [K,H,nu] normalised actions in [-1,1]
  readonly z: Float32Array; // [K,S,H+1,dim] latents of the learned model, for each of S random draws
  readonly q: Float64Array; // [K,N,nq] rad, kinematic, never learned
  readonly v: Float64Array; // [K,N,nq] rad/s
  readonly tool: Float64Array; // [K,N,12] rows of the 3×4 tool pose in the base frame, m
  // [K,N,nc,6] end points of capsules that contain each link from this knot to the next, m
  readonly capsules: Float64Array;
  readonly radius: Float64Array; // [K,N,nc] their radii, swept volume included, m
  // [K,N,nc] m, like radius but for curvature alone: for links evaluated by their motion relative to each other
  readonly thickness: Float64Array;
  // [K,N,nc,6] m, half the way of each end point from this knot to the next; radius − thickness is the longer one's
  // length
  readonly chord: Float64Array;
  // [K,S,H+1,no,3] m, base frame: predicted objects at the ends of actions, for models that predict them
  readonly objects: Float64Array;
  readonly spread: Float64Array; // [K,S,H+1] how far a learned model's members disagree; 0 without
  readonly growth: Float64Array; // [nc] m, what `error` adds to each radius and thickness
  readonly exposure: Float64Array; // [K,N] s for which a person may have moved unseen before the arm is at rest
  /**
   * Velocities are means, and their differences not accelerations: paths of a coarse model. Guardrails on forces then
   * check the arm at rest only.
   */
  readonly quasistatic: boolean;
  /**
   * Accelerations of paths with limited jerk: linear from `begin` to `end` over the interval that starts at a knot.
   * Absent: constant.
   */
  drive: { readonly begin: Float64Array; readonly end: Float64Array } | undefined; // [K,N,nq] rad/s²
  /** Ids of the objects in `objects`, in its order; set by the model that fills it. */
  predicted: readonly string[] = [];
  readonly error: Float64Array; // [nq] rad (m if prismatic), largest deviation of the joints from this path
  from!: State;

  constructor({
    K,
    H,
    substeps,
    dt,
    nu = 0,
    nq,
    nc,
    dim = 0,
    no = 0,
    S = 1,
    quasistatic = false,
    memory,
  }: RolloutSizes) {
    this.K = K;
    this.H = H;
    this.substeps = substeps;
    this.dt = dt;
    this.nu = nu;
    this.nq = nq;
    this.nc = nc;
    this.dim = dim;
    this.no = no;
    this.S = S;
    this.quasistatic = quasistatic;
    const N = (this.N = H * substeps + 1);
    this.a = new Float32Array(K * H * nu);
    this.z = new Float32Array(K * S * (H + 1) * dim);
    const floats = (
      name: "q" | "v" | "tool" | "capsules" | "radius" | "thickness" | "chord" | "exposure",
      length: number,
    ): Float64Array => memory?.[name].subarray(0, length) ?? new Float64Array(length);
    this.q = floats("q", K * N * nq);
    this.v = floats("v", K * N * nq);
    this.tool = floats("tool", K * N * 12);
    this.capsules = floats("capsules", K * N * nc * 6);
    this.radius = floats("radius", K * N * nc);
    this.thickness = floats("thickness", K * N * nc);
    this.chord = floats("chord", K * N * nc * 6);
    this.growth = new Float64Array(nc);
    this.error = new Float64Array(nq);
    this.exposure = floats("exposure", K * N);
    this.objects = new Float64Array(K * S * (H + 1) * no * 3);
    this.spread = new Float64Array(dim > 0 ? K * S * (H + 1) : 0);
  }

  /** The greatest speed of a joint over an interval, rad/s, from its place in `v` at both knots. */
  speed(a: number, b: number): number {
    const { v, drive } = this,
      fastest = Math.max(Math.abs(v[a]), Math.abs(v[b]));
    if (drive === undefined || !(drive.begin[a] * drive.end[a] < 0)) return fastest;
    return Math.max(
      fastest,
      Math.abs(v[a] + (0.5 * drive.begin[a] ** 2 * (this.dt / this.substeps)) / (drive.begin[a] - drive.end[a])),
    );
  }

  /** The greatest acceleration of a joint over an interval, rad/s², as `speed`. */
  acceleration(a: number, b: number): number {
    const { v, drive } = this;
    return drive === undefined
      ? Math.abs(v[b] - v[a]) / (this.dt / this.substeps)
      : Math.max(Math.abs(drive.begin[a]), Math.abs(drive.end[a]));
  }
}
