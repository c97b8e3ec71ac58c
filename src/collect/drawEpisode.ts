import type { CameraConfig, CollectConfig, SceneConfig, Solid } from "../config/index.js";
import { boundingBall, drawScene, partsOf } from "../config/index.js";
import type { Rng } from "../core/math/Rng.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import { lookAt, project, studio, type Camera, type Lighting } from "../sim/index.js";

/** One episode's world. */
export interface EpisodeWorld {
  readonly scene: SceneConfig; // with all random values drawn
  readonly view: Camera;
  readonly lighting: Lighting;
  readonly texture: Texture | undefined;
}

/** A picture that drifts: `colours` [size,size,3] repeated, moved by `drift` of its size per second. */
export interface Texture {
  readonly size: number;
  readonly colours: Uint8Array;
  readonly drift: readonly [number, number];
}

const VIEWS = 200; // tries

type Colour = [number, number, number];

/**
 * Draws an episode: objects anywhere in their box, clear of each other, and the values in `random`. The same generator
 * state gives the same world.
 */
export function drawEpisode(config: CollectConfig, scene: SceneConfig, camera: CameraConfig, rng: Rng): EpisodeWorld {
  const { random } = config;
  const around = (x: number, width: number): number => x + rng.range(-width, width);
  const tint = (c: Colour | undefined): Colour | undefined =>
    c && (c.map((x) => Math.max(0, Math.min(1, around(x, random.colours)))) as Colour);
  const drawn = drawScene(scene, rng);
  const places = drawPlaces(config, drawn, rng);
  const objects = drawn.objects.map((o, i) => ({
    ...o,
    position: places[i],
    mass: o.mass * rng.range(random.mass.low, random.mass.high),
    friction: o.friction * rng.range(random.friction.low, random.friction.high),
    colour: tint(o.colour),
  }));
  const fixed = drawn.fixed.map((f) => ({ ...f, colour: tint(f.colour) }));
  const view = drawView(config, camera, places, rng);
  const strength = (c: Vec3): Vec3 => {
    const all = around(1, random.light);
    return c.map((x) => x * all * around(1, 0.3 * random.light)) as unknown as Vec3;
  };
  const lighting: Lighting = {
    ...studio,
    direction: studio.direction.map((x) => around(x, 0.6 * random.light)) as unknown as Vec3,
    key: strength(studio.key),
    sky: strength(studio.sky),
    ground: strength(studio.ground),
  };
  const texture = rng.uniform() < random.backdrop ? drawTexture(rng) : undefined;
  const servo =
    random.load === undefined ? drawn.servo : { ...drawn.servo, load: rng.range(random.load.low, random.load.high) };
  return { scene: { ...drawn, servo, fixed, objects }, view, lighting, texture };
}

/** The backdrop at time t: bilinear between the texture's colours, width × height. */
export function drift(texture: Texture, t: number, width: number, height: number): Uint8Array {
  const {
    size,
    colours,
    drift: [du, dv],
  } = texture;
  const data = new Uint8Array(3 * width * height);
  const wrap = (x: number): number => ((x % size) + size) % size;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const u = wrap(size * (x / width + du * t)),
        v = wrap(size * (y / height + dv * t));
      const i = Math.floor(u),
        j = Math.floor(v),
        a = u - i,
        b = v - j;
      const at = (p: number, q: number, c: number): number => colours[3 * ((q % size) * size + (p % size)) + c];
      for (let c = 0; c < 3; c++)
        data[3 * (y * width + x) + c] =
          (1 - b) * ((1 - a) * at(i, j, c) + a * at(i + 1, j, c)) +
          b * ((1 - a) * at(i, j + 1, c) + a * at(i + 1, j + 1, c));
    }
  return data;
}

function drawTexture(rng: Rng): Texture {
  const size = 6;
  return {
    size,
    colours: Uint8Array.from({ length: 3 * size * size }, () => rng.range(20, 235)),
    drift: [rng.range(-0.3, 0.3), rng.range(-0.3, 0.3)],
  };
}

/** Radius of the ball that holds an object: about the middle of a solid, about the origin of several parts, m. */
function widthOf(parts: readonly Solid[]): number {
  const balls = parts.map(boundingBall);
  return parts.length === 1
    ? balls[0].radius
    : Math.max(...balls.map(({ center, radius }) => Math.hypot(...center) + radius));
}

/** @throws RangeError if the objects do not fit in their box */
function drawPlaces(config: CollectConfig, scene: SceneConfig, rng: Rng): [number, number, number][] {
  const { low, high, gap } = config.objects;
  const radii = scene.objects.map((o) => widthOf(partsOf<Solid>(o)));
  for (let i = 0; i < 10000; i++) {
    const places = scene.objects.map((): [number, number, number] => [
      rng.range(low[0], high[0]),
      rng.range(low[1], high[1]),
      rng.range(low[2], high[2]),
    ]);
    if (
      places.every((p, a) =>
        places.every((q, b) => a <= b || Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) > radii[a] + radii[b] + gap),
      )
    )
      return places;
  }
  throw new RangeError(
    `objects: found no room for ${scene.objects.length} objects between (${low.join(", ")}) and (${high.join(", ")}) ` +
      "m, want a larger box or a smaller gap",
  );
}

/** The camera's pose, drawn again until it sees every object, at most VIEWS times. */
function drawView({ random }: CollectConfig, camera: CameraConfig, things: readonly Vec3[], rng: Rng): Camera {
  const shift = (width: number): number => rng.range(-width, width);
  for (let i = 0; ; i++) {
    const position = camera.position.map((x) => x + shift(random.camera.position)) as unknown as Vec3;
    const view = turned(
      lookAt(position, camera.look_at, camera.fov, camera.width, camera.height),
      [0, 0, 0].map(() => shift(random.camera.angle)),
    );
    const seen = things.every((p) => {
      const [u, v, depth] = project(view, p);
      return depth > 0 && u > 0 && v > 0 && u < view.width - 1 && v < view.height - 1;
    });
    if (seen || i >= VIEWS) return view;
  }
}

/** A camera turned about its own x, y and z, rad: R·Rx·Ry·Rz. */
function turned(camera: Camera, angles: readonly number[]): Camera {
  let R: ArrayLike<number> = camera.rotation;
  angles.forEach((angle, axis) => {
    const c = Math.cos(angle),
      s = Math.sin(angle),
      a = (axis + 1) % 3,
      b = (axis + 2) % 3;
    const out = Float64Array.from(R);
    for (let r = 0; r < 3; r++) {
      out[3 * r + a] = c * R[3 * r + a] + s * R[3 * r + b];
      out[3 * r + b] = c * R[3 * r + b] - s * R[3 * r + a];
    }
    R = out;
  });
  return { ...camera, rotation: Float64Array.from(R) };
}
