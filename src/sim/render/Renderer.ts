import type { Vec3 } from "../../core/geometry/Shape.js";
import type { Camera } from "./Camera.js";
import { GeomKind, type Geometry } from "../physics/Geometry.js";
import { RayGrid } from "./RayGrid.js";

/** The lights of a scene. Colours are linear RGB. */
export interface Lighting {
  readonly direction: Vec3; // the way the light travels
  readonly key: Vec3;
  readonly sky: Vec3; // ambient from above, and the background's upper end
  readonly ground: Vec3; // ambient from below
  readonly shadowCentre: Vec3; // m; shadows are computed inside this sphere
  readonly shadowRadius: number; // m
}

export const studio: Lighting = {
  direction: [-0.45, 0.35, -0.85],
  key: [0.95, 0.92, 0.85],
  sky: [0.42, 0.47, 0.55],
  ground: [0.2, 0.19, 0.18],
  shadowCentre: [0.3, 0, 0.3],
  shadowRadius: 1.3,
};

/** A picture that replaces floor and sky, stretched over the image: `data` [height,width,3]. */
export interface Backdrop {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const FINE = 2; // rays per pixel and direction
const GAMMA = Uint8Array.from({ length: 4097 }, (_, i) => Math.round(255 * Math.sqrt(i / 4096)));

/**
 * Images of primitives without a graphics card: rays against each geom inside its screen rectangle (exact surfaces and
 * normals, no triangles), a shadow map from the light's side, Lambert shading, 2×2 rays a pixel. Deterministic: same
 * geometry, same bytes.
 */
export class Renderer {
  readonly rgb: Uint8Array; // [height,width,3]
  readonly depth: Float32Array; // [height,width] m along the view axis at the pixel's centre, Infinity where nothing is
  readonly segmentation: Uint16Array; // [height,width] Geometry.label, 0 if there is nothing
  private readonly fine: RayGrid;
  private readonly plain: RayGrid;
  private readonly shadow: RayGrid;
  private readonly light = new Float64Array(9); // rows right, down, forward of the light
  private texel = 1; // m, of the shadow map
  private readonly linear = new Float64Array(3);

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rgb = new Uint8Array(width * height * 3);
    this.depth = new Float32Array(width * height);
    this.segmentation = new Uint16Array(width * height);
    this.fine = new RayGrid(width * FINE, height * FINE);
    this.plain = new RayGrid(width, height);
    const texels = Math.max(width, height) <= 128 ? 256 : 1024;
    this.shadow = new RayGrid(texels, texels);
  }

  /** Draws `rgb`. */
  draw(g: Geometry, camera: Camera, lighting: Lighting = studio, backdrop?: Backdrop): Uint8Array {
    this.cast(g, lighting);
    aim(this.fine.rays, camera, FINE);
    this.fine.trace(g, (k) => g.colour[4 * k + 3] > 0 && !(backdrop && g.kind[k] === GeomKind.plane));
    const { width, height, fine, rgb, linear } = this;
    const w = width * FINE;
    for (let v = 0; v < height; v++)
      for (let u = 0; u < width; u++) {
        let r = 0,
          gr = 0,
          b = 0;
        for (let s = 0; s < FINE * FINE; s++) {
          const i = u * FINE + (s % FINE),
            j = v * FINE + ((s / FINE) | 0);
          const k = fine.geom[j * w + i];
          if (k < 0) this.behind(i, j, lighting, backdrop);
          else this.shade(g, k, i, j, fine.depth[j * w + i], lighting);
          r += linear[0];
          gr += linear[1];
          b += linear[2];
        }
        const o = 3 * (v * width + u),
          scale = 4096 / (FINE * FINE);
        rgb[o] = GAMMA[Math.min(4096, (r * scale) | 0)];
        rgb[o + 1] = GAMMA[Math.min(4096, (gr * scale) | 0)];
        rgb[o + 2] = GAMMA[Math.min(4096, (b * scale) | 0)];
      }
    return rgb;
  }

  /** Measures `depth` and `segmentation` at the pixels' centres. */
  measure(g: Geometry, camera: Camera): void {
    aim(this.plain.rays, camera, 1);
    this.plain.trace(g, (k) => g.colour[4 * k + 3] > 0);
    this.depth.set(this.plain.depth);
    for (let i = 0; i < this.segmentation.length; i++) {
      const k = this.plain.geom[i];
      this.segmentation[i] = k < 0 ? 0 : g.label[k];
    }
  }

  /** Fills the shadow map: parallel rays over the disc that covers the lit sphere. */
  private cast(g: Geometry, l: Lighting): void {
    const { light, shadow } = this;
    const n = 1 / Math.hypot(...l.direction);
    const f = l.direction.map((x) => x * n);
    const h = Math.hypot(f[0], f[1]);
    const right = h > 1e-6 ? [f[1] / h, -f[0] / h, 0] : [1, 0, 0];
    const down = [
      f[1] * right[2] - f[2] * right[1],
      f[2] * right[0] - f[0] * right[2],
      f[0] * right[1] - f[1] * right[0],
    ];
    light.set([...right, ...down, ...f]);
    const step = (this.texel = (2 * l.shadowRadius) / shadow.width);
    for (let c = 0; c < 3; c++) {
      shadow.rays[c] =
        l.shadowCentre[c] - f[c] * 2 * l.shadowRadius - (right[c] + down[c]) * (l.shadowRadius - step / 2);
      shadow.rays[3 + c] = right[c] * step;
      shadow.rays[6 + c] = down[c] * step;
      shadow.rays[9 + c] = f[c];
    }
    shadow.rays.fill(0, 12);
    shadow.trace(g, (k) => g.colour[4 * k + 3] > 0 && g.kind[k] !== GeomKind.plane);
  }

  /** Share of the key light that reaches x, interpolated bilinearly between four texels of the shadow map. */
  private lit(x: number, y: number, z: number): number {
    const { light: L, shadow: s } = this;
    const R = s.rays;
    const px = x - R[0],
      py = y - R[1],
      pz = z - R[2];
    const step = this.texel;
    const u = (L[0] * px + L[1] * py + L[2] * pz) / step,
      v = (L[3] * px + L[4] * py + L[5] * pz) / step;
    const t = L[6] * px + L[7] * py + L[8] * pz - 0.4 * step;
    const i = Math.floor(u),
      j = Math.floor(v);
    if (i < 0 || j < 0 || i >= s.width - 1 || j >= s.height - 1) return 1;
    const a = u - i,
      b = v - j,
      k = j * s.width + i,
      w = s.width;
    const free0 = (s.depth[k] >= t ? 1 - a : 0) + (s.depth[k + 1] >= t ? a : 0);
    const free1 = (s.depth[k + w] >= t ? 1 - a : 0) + (s.depth[k + w + 1] >= t ? a : 0);
    return free0 * (1 - b) + free1 * b;
  }

  /** Light from the surface of geom k at depth t on the ray (i, j) → `linear`. */
  private shade(g: Geometry, k: number, i: number, j: number, t: number, l: Lighting): void {
    const m = this.fine.rays,
      R = g.rotation,
      r = 9 * k,
      c = 3 * k;
    const dx = m[9] + i * m[12] + j * m[15],
      dy = m[10] + i * m[13] + j * m[16],
      dz = m[11] + i * m[14] + j * m[17];
    const x = m[0] + t * dx,
      y = m[1] + t * dy,
      z = m[2] + t * dz;
    const px = x - g.position[c],
      py = y - g.position[c + 1],
      pz = z - g.position[c + 2];
    const lx = R[r] * px + R[r + 3] * py + R[r + 6] * pz;
    const ly = R[r + 1] * px + R[r + 4] * py + R[r + 7] * pz;
    const lz = R[r + 2] * px + R[r + 5] * py + R[r + 8] * pz;
    const sx = g.size[c],
      sy = g.size[c + 1],
      sz = g.size[c + 2];
    let nx = 0,
      ny = 0,
      nz = 1;
    switch (g.kind[k]) {
      case GeomKind.sphere:
        nx = lx;
        ny = ly;
        nz = lz;
        break;
      case GeomKind.capsule:
        nx = lx;
        ny = ly;
        nz = lz - Math.max(-sy, Math.min(sy, lz));
        break;
      case GeomKind.ellipsoid:
        nx = lx / (sx * sx);
        ny = ly / (sy * sy);
        nz = lz / (sz * sz);
        break;
      case GeomKind.cylinder:
        if (sy - Math.abs(lz) > sx - Math.sqrt(lx * lx + ly * ly)) {
          nx = lx;
          ny = ly;
          nz = 0;
        } else nz = lz;
        break;
      case GeomKind.box: {
        const ax = sx - Math.abs(lx),
          ay = sy - Math.abs(ly),
          az = sz - Math.abs(lz);
        if (ax < ay && ax < az) {
          nx = lx;
          nz = 0;
        } else if (ay < az) {
          ny = ly;
          nz = 0;
        } else nz = lz;
        break;
      }
    }
    const n = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    const wx = (R[r] * nx + R[r + 1] * ny + R[r + 2] * nz) * n;
    const wy = (R[r + 3] * nx + R[r + 4] * ny + R[r + 5] * nz) * n;
    const wz = (R[r + 6] * nx + R[r + 7] * ny + R[r + 8] * nz) * n;

    const L = this.light;
    const facing = -(L[6] * wx + L[7] * wy + L[8] * wz);
    const key = facing > 0 ? facing * this.lit(x + 0.004 * wx, y + 0.004 * wy, z + 0.004 * wz) : 0;
    const up = 0.5 + 0.5 * wz;
    // A weak Blinn highlight: it distinguishes a round link from a flat one at 64 × 64.
    const dn = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
    const hx = -L[6] - dx * dn,
      hy = -L[7] - dy * dn,
      hz = -L[8] - dz * dn;
    const hn = (hx * wx + hy * wy + hz * wz) / Math.sqrt(hx * hx + hy * hy + hz * hz);
    const h2 = hn * hn,
      h8 = h2 * h2 * h2 * h2;
    const gloss = key > 0 && hn > 0 && g.kind[k] !== GeomKind.plane ? 0.18 * h8 * h8 * h8 : 0; // to the power of 24
    let tone = 1;
    if (g.kind[k] === GeomKind.plane) tone = ((Math.floor(lx * 2.5) + Math.floor(ly * 2.5)) & 1) === 0 ? 1 : 0.88;
    // With distance the infinite floor fades into the background.
    const fog = t > 2.5 && g.kind[k] === GeomKind.plane ? 1 - Math.exp(-(t - 2.5) * 0.35) : 0;
    for (let q = 0; q < 3; q++) {
      const s = g.colour[4 * k + q],
        base = s * s * tone;
      const lightIn = key * l.key[q] + up * l.sky[q] + (1 - up) * l.ground[q];
      this.linear[q] = (base * lightIn + gloss * l.key[q]) * (1 - fog) + fog * l.sky[q] * 1.1;
    }
  }

  private behind(i: number, j: number, l: Lighting, backdrop: Backdrop | undefined): void {
    if (backdrop) {
      const u = Math.floor((i * backdrop.width) / this.fine.width),
        v = Math.floor((j * backdrop.height) / this.fine.height);
      const o = 3 * (v * backdrop.width + u);
      for (let q = 0; q < 3; q++) this.linear[q] = (backdrop.data[o + q] / 255) ** 2;
      return;
    }
    const m = this.fine.rays;
    const dx = m[9] + i * m[12] + j * m[15],
      dy = m[10] + i * m[13] + j * m[16],
      dz = m[11] + i * m[14] + j * m[17];
    const up = Math.max(0, dz / Math.sqrt(dx * dx + dy * dy + dz * dz));
    for (let q = 0; q < 3; q++) this.linear[q] = l.sky[q] * (1.1 + 0.5 * up);
  }
}

/** Sets the rays of a pinhole camera, `fine` × `fine` a pixel, evenly spread around the pixel's centre. */
function aim(rays: Float64Array, c: Camera, fine: number): void {
  const R = c.rotation,
    s = 1 / (c.f * fine),
    first = 0.5 / fine - 0.5;
  const u0 = (first - c.cx) / c.f,
    v0 = (first - c.cy) / c.f;
  rays.fill(0);
  for (let q = 0; q < 3; q++) {
    rays[q] = c.position[q];
    rays[9 + q] = R[3 * q + 2] + u0 * R[3 * q] + v0 * R[3 * q + 1];
    rays[12 + q] = R[3 * q] * s;
    rays[15 + q] = R[3 * q + 1] * s;
  }
}
