import type { Image } from "../core/Observation.js";
import type { Seconds } from "../core/Seconds.js";
import type { Percept } from "../core/Percept.js";
import { ModelError, type LearnedModel } from "../worldmodel/learned/onnx/index.js";

/**
 * The encoding of images: latents, and the read-outs of them. Views of the encoder's own arrays, which its next call
 * overwrites.
 */
export interface Encoding {
  readonly z: Float32Array; // [B,dim]
  readonly objects: Float32Array; // [B,no,3] m, base frame
  readonly objectsSigma: Float32Array; // [B,no,3] m
  readonly tool: Float32Array; // [B,3] m, base frame
  readonly joints: Float32Array; // [B,nq] rad
  readonly depth?: Float32Array; // [B,height,width] m along the camera's axis, where the model has it
}

/**
 * Perception: z = f(image) and the read-outs of z, by the encoder of a learned model. The input is pixels only, without
 * the arm's state.
 */
export class ImageEncoder {
  readonly dim: number;
  readonly objects: readonly string[]; // ids in the order of the read-outs
  private readonly pixels: Uint8Array; // [most,height,width,3]
  private readonly out: Encoding;
  private readonly run: (rows: number) => Promise<void>;

  /** @param most images in one call */
  constructor(
    private readonly model: LearnedModel,
    private readonly most = 1,
  ) {
    const { image, latent, joints, objects, depth } = model.manifest;
    this.dim = latent.dim;
    this.objects = objects;
    this.pixels = new Uint8Array(most * image.width * image.height * 3);
    const array = (n: number): Float32Array => new Float32Array(most * n);
    this.out = {
      z: array(latent.dim),
      objects: array(3 * objects.length),
      objectsSigma: array(3 * objects.length),
      tool: array(3),
      joints: array(joints.length),
      ...(depth && { depth: array(depth.width * depth.height) }),
    };
    const { objectsSigma: objects_sigma, ...rest } = this.out;
    this.run = model.encoder.bind({ image: this.pixels }, { ...rest, objects_sigma }, most);
  }

  /**
   * @param images rgb [height,width,3] each.
   * @throws ModelError for a wrong size or a result that is not finite, RangeError for too many
   */
  async encode(images: readonly Uint8Array[]): Promise<Encoding> {
    const { manifest, encoder } = this.model;
    const size = this.pixels.length / this.most;
    if (images.length > this.most) throw new RangeError(`images: got ${images.length}, want at most ${this.most}`);
    images.forEach((image, i) => {
      if (image.length !== size)
        throw new ModelError(
          encoder.file,
          `image: got ${image.length} bytes, want ${size}: ${manifest.image.width} × ${manifest.image.height} ` +
            "pixels of RGB",
        );
      this.pixels.set(image, i * size);
    });
    await this.run(images.length);
    for (let i = 0; i < images.length * this.dim; i++)
      if (!Number.isFinite(this.out.z[i]))
        throw new ModelError(encoder.file, `z: got ${this.out.z[i]} for an image, want finite numbers`);
    return this.out;
  }

  /** One image, checked for its size. @throws ModelError */
  async read(image: Image): Promise<Encoding> {
    const { width, height } = this.model.manifest.image;
    if (image.width !== width || image.height !== height)
      throw new ModelError(
        this.model.encoder.file,
        `image: got ${image.width} × ${image.height} pixels, want ${width} × ${height}`,
      );
    return this.encode([image.data]);
  }

  /** One image with what it shows, in arrays of its own. @throws ModelError */
  async see(image: Image): Promise<Percept> {
    return this.percept(image.stamp, await this.read(image));
  }

  /** The first row of an encoding as plain data, in arrays of its own. */
  percept(stamp: Seconds, encoding: Encoding): Percept {
    return ImageEncoder.percept(stamp, this.objects, { ...encoding, z: encoding.z.subarray(0, this.dim) });
  }

  /** The first row of read-outs as plain data, in arrays of its own. */
  static percept(
    stamp: Seconds,
    ids: readonly string[],
    { z, objects, objectsSigma: sigma, tool }: Omit<Encoding, "joints" | "depth">,
  ): Percept {
    return {
      stamp,
      z: z.slice(),
      objects: ids.map((id, i) => ({
        id,
        position: [objects[3 * i], objects[3 * i + 1], objects[3 * i + 2]],
        std: Math.hypot(sigma[3 * i], sigma[3 * i + 1], sigma[3 * i + 2]),
      })),
      tool: [tool[0], tool[1], tool[2]],
    };
  }
}
