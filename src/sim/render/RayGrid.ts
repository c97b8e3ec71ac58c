import { GeomKind, type Geometry } from "../physics/Geometry.js";

/**
 * A grid of rays  x(i, j, t) = o + i·oi + j·oj + t·(d + i·di + j·dj), world frame, and the nearest geom that each one
 * meets. Perspective: oi = oj = 0. Parallel light: di = dj = 0. With d's forward component 1, `t` is the depth along
 * the view axis.
 */
export class RayGrid {
  readonly depth: Float32Array; // [height,width] t of the nearest hit, Infinity if there is none
  readonly geom: Int16Array; // [height,width] index of the geom hit, -1 if there is none
  readonly rays = new Float64Array(18); // o, oi, oj, d, di, dj; 3 each
  private readonly local = new Float64Array(18); // the same in the frame of one geom
  private readonly rect = new Int32Array(4); // i0, i1, j0, j1

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.depth = new Float32Array(width * height);
    this.geom = new Int16Array(width * height);
  }

  /** Finds the nearest hit of every ray with the geoms for which `visible` holds. */
  trace(g: Geometry, visible: (index: number) => boolean): void {
    this.depth.fill(Infinity);
    this.geom.fill(-1);
    for (let k = 0; k < g.count; k++) {
      if (!visible(k)) continue;
      this.enter(g, k);
      if (this.bound(g.kind[k], g.size[3 * k], g.size[3 * k + 1], g.size[3 * k + 2]))
        this.splat(k, g.kind[k], g.size[3 * k], g.size[3 * k + 1], g.size[3 * k + 2]);
    }
  }

  /** Transforms the rays from the world into the frame of geom k. */
  private enter(g: Geometry, k: number): void {
    const { rays, local } = this;
    const R = g.rotation,
      r = 9 * k;
    for (let a = 0; a < 6; a++) {
      const x = rays[3 * a] - (a === 0 ? g.position[3 * k] : 0);
      const y = rays[3 * a + 1] - (a === 0 ? g.position[3 * k + 1] : 0);
      const z = rays[3 * a + 2] - (a === 0 ? g.position[3 * k + 2] : 0);
      for (let c = 0; c < 3; c++) local[3 * a + c] = R[r + c] * x + R[r + 3 + c] * y + R[r + 6 + c] * z;
    }
  }

  /** Sets `rect` to the part of the grid that can meet the geom's bounding box. Returns false if there is none. */
  private bound(kind: number, sx: number, sy: number, sz: number): boolean {
    const { rect, local: m, width, height } = this;
    rect[0] = rect[2] = 0;
    rect[1] = width - 1;
    rect[3] = height - 1;
    if (kind === GeomKind.plane) return true;
    const round = kind !== GeomKind.box && kind !== GeomKind.ellipsoid;
    const ex = sx,
      ey = round ? sx : sy;
    const ez = halfHeight(kind, sx, sy, sz);
    // A corner c is met where c = o + i·oi + j·oj + t·(d + i·di + j·dj): linear in (t, i·t, j·t) for a point source, in
    // (i, j, t) for parallel rays.
    const parallel = m[12] === 0 && m[13] === 0 && m[14] === 0 && m[15] === 0 && m[16] === 0 && m[17] === 0;
    const A = parallel ? 3 : 12,
      B = parallel ? 6 : 15;
    const ax = m[A],
      ay = m[A + 1],
      az = m[A + 2],
      bx = m[B],
      by = m[B + 1],
      bz = m[B + 2],
      dx = m[9],
      dy = m[10],
      dz = m[11];
    const det = ax * (by * dz - bz * dy) - ay * (bx * dz - bz * dx) + az * (bx * dy - by * dx);
    let i0 = Infinity,
      i1 = -Infinity,
      j0 = Infinity,
      j1 = -Infinity,
      front = 0;
    for (let c = 0; c < 8; c++) {
      const px = (c & 1 ? ex : -ex) - m[0],
        py = (c & 2 ? ey : -ey) - m[1],
        pz = (c & 4 ? ez : -ez) - m[2];
      const u = (px * (by * dz - bz * dy) - py * (bx * dz - bz * dx) + pz * (bx * dy - by * dx)) / det;
      const v = (ax * (py * dz - pz * dy) - ay * (px * dz - pz * dx) + az * (px * dy - py * dx)) / det;
      const t = (ax * (by * pz - bz * py) - ay * (bx * pz - bz * px) + az * (bx * py - by * px)) / det;
      if (!parallel && t < 0.01) continue;
      front++;
      const i = parallel ? u : u / t,
        j = parallel ? v : v / t;
      if (i < i0) i0 = i;
      if (i > i1) i1 = i;
      if (j < j0) j0 = j;
      if (j > j1) j1 = j;
    }
    if (front === 0) return false;
    if (front < 8) return true; // the box reaches behind the camera, so there is no bound
    rect[0] = Math.max(0, Math.floor(i0));
    rect[1] = Math.min(width - 1, Math.ceil(i1));
    rect[2] = Math.max(0, Math.floor(j0));
    rect[3] = Math.min(height - 1, Math.ceil(j1));
    return rect[0] <= rect[1] && rect[2] <= rect[3];
  }

  /**
   * Intersects the rays of `rect` with one geom in its own frame and keeps the nearer hits. It is one loop without
   * calls because most of the time is spent here.
   */
  private splat(index: number, kind: number, sx: number, sy: number, sz: number): void {
    const { depth, geom, local: m, rect, width } = this;
    const r2 = sx * sx,
      near = 1e-4;
    for (let j = rect[2]; j <= rect[3]; j++) {
      for (let i = rect[0]; i <= rect[1]; i++) {
        const ox = m[0] + i * m[3] + j * m[6],
          oy = m[1] + i * m[4] + j * m[7],
          oz = m[2] + i * m[5] + j * m[8];
        const dx = m[9] + i * m[12] + j * m[15],
          dy = m[10] + i * m[13] + j * m[16],
          dz = m[11] + i * m[14] + j * m[17];
        let t = Infinity;
        switch (kind) {
          case GeomKind.plane: {
            const s = -oz / dz;
            if (sx === 0 || (Math.abs(ox + s * dx) <= sx && Math.abs(oy + s * dy) <= sy)) t = s;
            break;
          }
          case GeomKind.sphere: {
            const a = dx * dx + dy * dy + dz * dz,
              b = ox * dx + oy * dy + oz * dz;
            const e = b * b - a * (ox * ox + oy * oy + oz * oz - r2);
            if (e >= 0) t = (-b - Math.sqrt(e)) / a;
            break;
          }
          case GeomKind.capsule: {
            const a = dx * dx + dy * dy,
              b = ox * dx + oy * dy;
            const e = b * b - a * (ox * ox + oy * oy - r2);
            let cap = dz < 0 ? sy : -sy;
            if (a > 1e-12) {
              if (e < 0) break; // the ray misses the infinite cylinder around the geom
              const s = (-b - Math.sqrt(e)) / a,
                z = oz + s * dz;
              if (z <= sy && z >= -sy) {
                t = s;
                break;
              }
              cap = z > 0 ? sy : -sy;
            }
            const pz = oz - cap,
              A = a + dz * dz,
              B = b + pz * dz;
            const E = B * B - A * (ox * ox + oy * oy + pz * pz - r2);
            if (E >= 0) t = (-B - Math.sqrt(E)) / A;
            break;
          }
          case GeomKind.ellipsoid: {
            const X = ox / sx,
              Y = oy / sy,
              Z = oz / sz,
              U = dx / sx,
              V = dy / sy,
              W = dz / sz;
            const a = U * U + V * V + W * W,
              b = X * U + Y * V + Z * W;
            const e = b * b - a * (X * X + Y * Y + Z * Z - 1);
            if (e >= 0) t = (-b - Math.sqrt(e)) / a;
            break;
          }
          case GeomKind.cylinder: {
            const a = dx * dx + dy * dy,
              b = ox * dx + oy * dy;
            const e = b * b - a * (ox * ox + oy * oy - r2);
            if (e < 0) break;
            const w = Math.sqrt(e),
              z0 = (-sy - oz) / dz,
              z1 = (sy - oz) / dz;
            const enter = Math.max((-b - w) / a, Math.min(z0, z1)),
              leave = Math.min((-b + w) / a, Math.max(z0, z1));
            if (enter <= leave) t = enter;
            break;
          }
          case GeomKind.box: {
            const x0 = (-sx - ox) / dx,
              x1 = (sx - ox) / dx,
              y0 = (-sy - oy) / dy,
              y1 = (sy - oy) / dy,
              z0 = (-sz - oz) / dz,
              z1 = (sz - oz) / dz;
            const enter = Math.max(Math.min(x0, x1), Math.min(y0, y1), Math.min(z0, z1));
            const leave = Math.min(Math.max(x0, x1), Math.max(y0, y1), Math.max(z0, z1));
            if (enter <= leave) t = enter;
            break;
          }
        }
        const k = j * width + i;
        if (t > near && t < depth[k]) {
          depth[k] = t;
          geom[k] = index;
        }
      }
    }
  }
}

/** Half of a geom's extent along its own z axis, m. */
function halfHeight(kind: number, sx: number, sy: number, sz: number): number {
  switch (kind) {
    case GeomKind.sphere:
      return sx;
    case GeomKind.capsule:
      return sx + sy;
    case GeomKind.cylinder:
      return sy;
    default:
      return sz;
  }
}
