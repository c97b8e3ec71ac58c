/** Unit directions [n,3] spread evenly on the sphere (Fibonacci's spiral). */
export function spiral(n: number): Float64Array {
  return Float64Array.from(
    Array.from({ length: n }, (_, k) => {
      const z = 1 - (2 * k + 1) / n,
        r = Math.sqrt(1 - z * z),
        angle = k * 2.399963229728653;
      return [r * Math.cos(angle), r * Math.sin(angle), z];
    }).flat(),
  );
}
