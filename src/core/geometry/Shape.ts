/** Convex geometry, in the frame its owner names. Lengths in m, quaternions x, y, z, w. */
export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];
export type Shape =
  // full edge lengths
  | { readonly kind: "box"; readonly center: Vec3; readonly size: Vec3; readonly orientation: Quat }
  | { readonly kind: "capsule"; readonly p0: Vec3; readonly p1: Vec3; readonly radius: number }
  | { readonly kind: "halfSpace"; readonly normal: Vec3; readonly offset: number }; // solid where normal·x ≤ offset
