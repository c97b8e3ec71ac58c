import type { Vec3 } from "../../core/geometry/Shape.js";

/** A pinhole camera without distortion. Pixel (0, 0) is the *centre* of the first pixel, as in ROS and OpenCV. */
export interface Camera {
  readonly width: number; // px
  readonly height: number; // px
  readonly f: number; // px; square pixels
  readonly cx: number; // px
  readonly cy: number; // px
  readonly position: Vec3; // m, world
  readonly rotation: Float64Array; // [9] rows of the optical-to-world rotation; REP 103: x right, y down, z forward
}

/**
 * A camera at `position` that looks at `target` with world z up in the image.
 *
 *   f = (height/2) / tan(fov/2),   c = ((width − 1)/2, (height − 1)/2)
 *
 * @param fov vertical field of view, rad
 * @throws RangeError if the target is the position itself
 */
export function lookAt(position: Vec3, target: Vec3, fov: number, width: number, height: number): Camera {
  const z = unit([target[0] - position[0], target[1] - position[1], target[2] - position[2]]);
  const up: Vec3 = Math.abs(z[2]) > 0.9999 ? [1, 0, 0] : [0, 0, 1];
  const x = unit(cross(z, up));
  const y = cross(z, x);
  return {
    width,
    height,
    f: height / 2 / Math.tan(fov / 2),
    cx: (width - 1) / 2,
    cy: (height - 1) / 2,
    position,
    rotation: Float64Array.of(x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]),
  };
}

/** The projection of the world point `p`: [u px, v px, depth m]; depth ≤ 0 is behind the camera. */
export function project(c: Camera, p: Vec3): [number, number, number] {
  const R = c.rotation;
  const d = [p[0] - c.position[0], p[1] - c.position[1], p[2] - c.position[2]];
  const x = R[0] * d[0] + R[3] * d[1] + R[6] * d[2];
  const y = R[1] * d[0] + R[4] * d[1] + R[7] * d[2];
  const z = R[2] * d[0] + R[5] * d[1] + R[8] * d[2];
  return [c.cx + (c.f * x) / z, c.cy + (c.f * y) / z, z];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Vec3): Vec3 {
  const n = Math.hypot(a[0], a[1], a[2]);
  if (!(n > 1e-9)) throw new RangeError("a camera cannot look at its own position");
  return [a[0] / n, a[1] / n, a[2] / n];
}
