export interface Told {
  readonly parent: string;
  readonly child: string;
  readonly position: readonly number[];
  readonly orientation: readonly number[];
}

/**
 * tf2_msgs/TFMessage in XCDR1, little endian, byte by byte: each number at a multiple of its size, counted from behind
 * the four bytes of the header.
 */
export function tfBytes(transforms: readonly Told[]): Uint8Array {
  const out: number[] = [];
  const align = (n: number): void => {
    while (out.length % n !== 0) out.push(0);
  };
  const uint = (x: number): void => {
    align(4);
    out.push(x & 255, (x >>> 8) & 255, (x >>> 16) & 255, (x >>> 24) & 255);
  };
  const text = (s: string): void => {
    uint(Buffer.byteLength(s) + 1);
    out.push(...Buffer.from(s), 0);
  };
  const real = (x: number): void => {
    align(8);
    out.push(...Buffer.from(new Float64Array([x]).buffer));
  };
  uint(transforms.length);
  for (const t of transforms) {
    uint(1700000000);
    uint(5);
    text(t.parent);
    text(t.child);
    for (const x of [...t.position, ...t.orientation]) real(x);
  }
  return Uint8Array.from([0, 1, 0, 0, ...out]);
}
