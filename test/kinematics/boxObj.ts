type Corner = ArrayLike<number>;

const FACES = [
  [1, 3, 4, 2],
  [5, 6, 8, 7],
  [1, 2, 6, 5],
  [3, 7, 8, 4],
  [1, 5, 7, 3],
  [2, 4, 8, 6],
];

/** An OBJ file of boxes [lo, hi], in the file's own unit. */
export function boxObj(...boxes: readonly (readonly [Corner, Corner])[]): Uint8Array {
  const vertices = ([lo, hi]: readonly [Corner, Corner]): string[] =>
    [0, 1].flatMap((x) =>
      [0, 1].flatMap((y) => [0, 1].map((z) => `v ${[x, y, z].map((s, c) => (s ? hi : lo)[c]).join(" ")}`)),
    );
  const lines = boxes.flatMap((box, k) => [
    ...vertices(box),
    ...FACES.map((f) => `f ${f.map((i) => 8 * k + i).join(" ")}`),
  ]);
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}
