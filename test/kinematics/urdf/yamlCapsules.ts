/** The capsules of a file of config/robots, m, by a reader of its own for just these lines. */
export async function yamlCapsules(
  name: string,
): Promise<{ link: string; p0: [number, number, number]; p1: [number, number, number]; radius: number }[]> {
  const { parse } = await import("yaml");
  const { readFileSync } = await import("node:fs");
  const metres = (x: number | string): number =>
    typeof x === "number" ? x : x.endsWith(" cm") ? parseFloat(x) / 100 : parseFloat(x);
  const { capsules } = parse(readFileSync(`config/robots/${name}.yaml`, "utf8")) as {
    capsules: { link: string; p0: []; p1: []; radius: string }[];
  };
  return capsules.map((c) => ({
    link: c.link,
    p0: c.p0.map(metres) as [number, number, number],
    p1: c.p1.map(metres) as [number, number, number],
    radius: metres(c.radius),
  }));
}
