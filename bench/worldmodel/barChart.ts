export interface Bar {
  readonly label: string;
  readonly value: number; // share, in [0, 1]
  readonly low: number; // ends of its interval
  readonly high: number;
}

const ROW = 22,
  LEFT = 420,
  WIDTH = 360,
  TOP = 40,
  BOTTOM = 30; // px

/** Shares with their intervals as lying bars, an SVG that reads on light and dark ground alike. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const height = TOP + bars.length * ROW + BOTTOM,
    x = (p: number): number => LEFT + WIDTH * p;
  const text = (s: string): string => s.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (p) =>
      `<line x1="${x(p)}" x2="${x(p)}" y1="${TOP}" y2="${height - BOTTOM}" stroke="#bbb"/><text x="${x(p)}" ` +
      `y="${height - BOTTOM + 16}" text-anchor="middle">${100 * p} %</text>`,
  );
  const rows = bars.map(({ label, value, low, high }, i) => {
    const y = TOP + i * ROW,
      middle = y + ROW / 2;
    return (
      `<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${text(label)}</text><rect x="${LEFT}" ` +
      `y="${y + 4}" width="${(WIDTH * value).toFixed(1)}" height="${ROW - 8}" fill="#4878a8"/><line ` +
      `x1="${x(low).toFixed(1)}" x2="${x(high).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="#e07020" ` +
      `stroke-width="2"/>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 40} ${height}" ` +
    `font-family="sans-serif" font-size="12" fill="#777">\n` +
    `<text x="${LEFT}" y="20" font-size="14">${text(title)}</text>\n${[...grid, ...rows].join("\n")}\n</svg>\n`
  );
}
