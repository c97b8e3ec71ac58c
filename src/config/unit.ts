/**
 * Exponents of mass, length, time and plane angle. Angle counts as a dimension, so that adding metres to radians is an
 * error.
 */
export type Dimension = readonly [kg: number, m: number, s: number, rad: number];

export const DIMENSIONLESS: Dimension = [0, 0, 0, 0];

/**
 * The units that a configuration may use, as [factor to SI, dimension]. A table, and not mathjs's own, because its full
 * build costs about 0.6 s and 85 MB (measured, Node 20) in every process that reads one length. A test compares each
 * entry with mathjs's. Small on purpose: SI, and the units that roboticists write.
 */
const UNITS: Readonly<Record<string, readonly [number, Dimension]>> = {
  m: [1, [0, 1, 0, 0]],
  km: [1e3, [0, 1, 0, 0]],
  dm: [1e-1, [0, 1, 0, 0]],
  cm: [1e-2, [0, 1, 0, 0]],
  mm: [1e-3, [0, 1, 0, 0]],
  um: [1e-6, [0, 1, 0, 0]],
  inch: [0.0254, [0, 1, 0, 0]],
  s: [1, [0, 0, 1, 0]],
  ms: [1e-3, [0, 0, 1, 0]],
  us: [1e-6, [0, 0, 1, 0]],
  min: [60, [0, 0, 1, 0]],
  minute: [60, [0, 0, 1, 0]],
  h: [3600, [0, 0, 1, 0]],
  hour: [3600, [0, 0, 1, 0]],
  Hz: [1, [0, 0, -1, 0]],
  kHz: [1e3, [0, 0, -1, 0]],
  rad: [1, [0, 0, 0, 1]],
  mrad: [1e-3, [0, 0, 0, 1]],
  deg: [Math.PI / 180, [0, 0, 0, 1]],
  kg: [1, [1, 0, 0, 0]],
  g: [1e-3, [1, 0, 0, 0]],
  N: [1, [1, 1, -2, 0]],
  kN: [1e3, [1, 1, -2, 0]],
  Nm: [1, [1, 2, -2, 0]],
  J: [1, [1, 2, -2, 0]],
  mJ: [1e-3, [1, 2, -2, 0]],
  W: [1, [1, 2, -3, 0]],
  Pa: [1, [1, -1, -2, 0]],
  kPa: [1e3, [1, -1, -2, 0]],
};

export const unitNames: readonly string[] = Object.keys(UNITS);

/** The factor to SI and the dimension of one unit name, or undefined. */
export function unitOf(name: string): readonly [number, Dimension] | undefined {
  return Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
}

/** Factor and dimension of a product of powers: `rad/s^2`, `N*m`, `N m`, `m/s/s`. Undefined for any other text. */
export function parseUnit(text: string): readonly [number, Dimension] | undefined {
  const words = /^\s*[A-Za-z]+(\^-?[1-9])?(\s*[*/ ]\s*[A-Za-z]+(\^-?[1-9])?)*\s*$/;
  if (text.length > 60 || !words.test(text)) return undefined;
  let factor = 1;
  const dimension: [number, number, number, number] = [0, 0, 0, 0];
  for (const [, sign, name, power] of text.matchAll(/\s*([*/]?)\s*([A-Za-z]+)(?:\^(-?[1-9]))?/g)) {
    const unit = unitOf(name);
    if (unit === undefined) return undefined;
    const exponent = Number(power ?? 1) * (sign === "/" ? -1 : 1);
    factor *= unit[0] ** exponent;
    for (let i = 0; i < 4; i++) dimension[i] += exponent * unit[1][i];
  }
  return [factor, dimension];
}

export const sameDimension = (a: Dimension, b: Dimension): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];

/** The SI unit of a dimension, for error messages: `m/s`, `rad`, `N`, `1`. */
export function unitText(d: Dimension): string {
  if (sameDimension(d, UNITS.N[1])) return "N";
  const names = ["kg", "m", "s", "rad"];
  const power = (name: string, e: number): string => (e === 1 ? name : `${name}^${Math.round(e * 1000) / 1000}`);
  const over = names.flatMap((name, i) => (d[i] > 0 ? [power(name, d[i])] : []));
  const under = names.flatMap((name, i) => (d[i] < 0 ? [power(name, -d[i])] : []));
  return (over.join(" ") || "1") + under.map((name) => `/${name}`).join("");
}
