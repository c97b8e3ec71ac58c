import type { Image } from "../core/Observation.js";
import type { Seconds } from "../core/Seconds.js";
import type { Percept } from "../core/Percept.js";
import type { Arm } from "../kinematics/Arm.js";
import { Posture } from "../kinematics/Posture.js";
import { ModelError, type LearnedModel } from "../worldmodel/learned/onnx/index.js";
import { ImageEncoder, type Encoding } from "./ImageEncoder.js";
import { Registration } from "./Registration.js";

const CLEARLY = 0.008; // m

interface Believed {
  readonly stamp: Seconds;
  readonly z: Float32Array; // [dim]
  readonly posture: Float32Array; // φ(q), [F]
}

/**
 * Perception with memory: what is hidden in an image is believed to be where it was predicted.
 *
 *     z_t = ẑ_t + K ⊙ (f(image_t) − ẑ_t),   ẑ_t = P(z_{t−dt}, φ_{t−dt}, φ_t),   K = σ(k(ẑ_t, f(image_t), φ_t))
 *
 * Images come faster than the model's step dt, so each continues from the belief about dt earlier. Without such a
 * belief, or if the model has no memory, the belief is what the image shows. If the camera has been moved, images are
 * warped first (`Registration`).
 */
export class LatentMemory {
  private readonly encoder: ImageEncoder;
  private readonly registration: Registration;
  private readonly posture: Posture;
  private readonly past: Believed[] = []; // oldest first
  private moves = 0;
  private readonly z: Float32Array; // [dim]
  private readonly seen: Float32Array; // [dim]
  private readonly u: Float32Array; // [2,F]
  private readonly out: {
    readonly believed: Float32Array;
    readonly objects: Float32Array;
    readonly objects_sigma: Float32Array;
    readonly tool: Float32Array;
  };
  private readonly run: ((rows: number) => Promise<void>) | undefined;

  constructor(
    private readonly model: LearnedModel,
    arm: Arm,
  ) {
    const { latent, features, objects } = model.manifest;
    this.encoder = new ImageEncoder(model);
    this.registration = new Registration(model);
    this.posture = new Posture(arm);
    this.z = new Float32Array(latent.dim);
    this.seen = new Float32Array(latent.dim);
    this.u = new Float32Array(2 * features);
    this.out = {
      believed: new Float32Array(latent.dim),
      objects: new Float32Array(3 * objects.length),
      objects_sigma: new Float32Array(3 * objects.length),
      tool: new Float32Array(3),
    };
    this.run = model.memory?.bind({ z: this.z, seen: this.seen, u: this.u }, this.out, 1);
  }

  /**
   * Encodes a single picture without changing the memory. It is taken to be from the camera's present pose, unless the
   * read-outs of the arm clearly fit the camera's pose in training better.
   * @throws ModelError
   */
  async picture(image: Image): Promise<Percept> {
    const { encoder, registration } = this;
    if (!registration.moved) return encoder.see(image);
    const off = this.contradiction(await encoder.read(image));
    const straight = await encoder.read(registration.straighten(image));
    return this.contradiction(straight) > Math.max(CLEARLY, 2 * off)
      ? encoder.see(image)
      : encoder.percept(image.stamp, straight);
  }

  /** The camera's newest image. @param posture φ(q) [F] at its instant. @throws ModelError */
  async see(image: Image, posture: Float32Array): Promise<Percept> {
    const { encoder, registration } = this;
    let encoding = await encoder.read(registration.straighten(image));
    if (await registration.evaluate(image, encoding, posture)) {
      this.moves++;
      this.past.length = 0; // these beliefs are from another camera pose
      encoding = await encoder.read(registration.straighten(image));
    }
    const seen = encoder.percept(image.stamp, encoding);
    const { stamp } = image;
    const { dt } = this.model.manifest;
    while (this.past.length > 0 && this.past.at(-1)!.stamp >= stamp) this.past.pop(); // time restarted
    while (this.past.length > 0 && this.past[0].stamp < stamp - 1.5 * dt) this.past.shift();
    const off = (b: Believed): Seconds => Math.abs(stamp - dt - b.stamp);
    const before = this.past.reduce<Believed | undefined>(
      (best, b) => (best === undefined || off(b) < off(best) ? b : best),
      undefined,
    );
    const percept =
      this.run === undefined || before === undefined || off(before) > dt / 2
        ? seen
        : await this.correct(this.run, before, seen, posture);
    this.past.push({ stamp, z: percept.z, posture });
    return { ...percept, moves: this.moves };
  }

  /** Distance of the tool's read-out from the forward kinematics of the joints' read-out, m. */
  private contradiction({ tool, joints }: Encoding): number {
    const [x, y, z] = this.posture.of(Float64Array.from(joints.subarray(0, this.model.manifest.joints.length)));
    return Math.hypot(tool[0] - x, tool[1] - y, tool[2] - z);
  }

  private async correct(
    run: (rows: number) => Promise<void>,
    before: Believed,
    seen: Percept,
    posture: Float32Array,
  ): Promise<Percept> {
    const { z, u, out } = this;
    z.set(before.z);
    this.seen.set(seen.z);
    u.set(before.posture);
    u.set(posture, posture.length);
    await run(1);
    const wrong = out.believed.find((x) => !Number.isFinite(x));
    if (wrong !== undefined)
      throw new ModelError(this.model.memory!.file, `believed: got ${wrong}, want finite numbers`);
    return ImageEncoder.percept(seen.stamp, this.model.manifest.objects, {
      z: out.believed,
      objects: out.objects,
      objectsSigma: out.objects_sigma,
      tool: out.tool,
    });
  }
}
