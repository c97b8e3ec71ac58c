/** Kinds of geoms, numbered as MuJoCo's mjtGeom. */
export const GeomKind = { plane: 0, sphere: 2, capsule: 3, ellipsoid: 4, cylinder: 5, box: 6 } as const;

/** The geometry for a camera: G primitives, each in its own frame. Arrays are row-major and may be live views. */
export interface Geometry {
  readonly count: number; // G
  readonly kind: ArrayLike<number>; // [G] GeomKind
  readonly size: ArrayLike<number>; // [G,3] m; MuJoCo's half sizes (radius, half length)
  readonly position: ArrayLike<number>; // [G,3] m, world
  readonly rotation: ArrayLike<number>; // [G,9] rows of the geom-to-world rotation
  readonly colour: ArrayLike<number>; // [G,4] sRGB and opacity in 0..1; opacity 0 is not drawn
  readonly label: ArrayLike<number>; // [G] segmentation value, 1..65535; 0 is the background
}
