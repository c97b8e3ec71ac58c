import { parseArgs } from "node:util";
import { SHIPPED_ARMS, SIX_ARMS, type SixName } from "../test/scenario/ArmByOthers.js";
import { measureShape } from "../test/scenario/measureShape.js";
import { FOREIGN, installPackages } from "./pythonPackages.js";

/**
 * `npm run bench:shapes [-- --arm panda --postures 2000 --motions 1000]`: six arms by their makers' meshes, loaded as a
 * user would, and two shipped ones with declared capsules: their capsules' excess, how long it takes, which pairs are
 * not kept apart, what is shut off for nothing, and whether anything meets in motions that the guardrail lets pass. The
 * checker is native MuJoCo on hulls of slices, and triangles.
 */
const { values } = parseArgs({
  options: {
    arm: { type: "string", multiple: true, default: [...SIX_ARMS, ...SHIPPED_ARMS] },
    postures: { type: "string", default: "2000" },
    motions: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  },
});
await installPackages(FOREIGN, (text) => void process.stderr.write(`${text}\n`));
const rows = [
  [
    "arm",
    "links",
    "capsules",
    "excess",
    "worst moving link",
    "first, again",
    "µs a knot",
    "home leads to",
    "pairs",
    "proven, unproven",
    "shut though never near",
    "shut of clear",
    "missed",
    "met by hulls alone",
    "met by triangles",
  ],
];
for (const name of values.arm as SixName[]) {
  const m = await measureShape(name, { postures: Number(values.postures), motions: Number(values.motions) });
  if (values.json) process.stdout.write(`${JSON.stringify({ ...m, shown: undefined })}\n`);
  rows.push([
    m.name,
    String(m.links),
    String(m.capsules),
    m.held.toFixed(2),
    `${m.worst.toFixed(2)} ${m.worstLink}`,
    `${m.first.toFixed(1)} s, ${m.again.toFixed(2)} s`,
    m.knot.toFixed(1),
    m.passage,
    String(m.pairs),
    `${m.proven}, ${m.unproven}`,
    m.always.map((a) => `${a.links} ${a.shut} x, ${(1000 * a.least).toFixed(0)} mm`).join("; ") || "none",
    `${((100 * m.shut) / m.clear).toFixed(1)} % of ${m.clear}`,
    m.unseen.join("; ") || "none",
    m.hulls.join("; ") || "none",
    `${m.touches.join("; ") || "none"} in ${m.motions} motions, ${m.evaluated} postures`,
  ]);
  process.stderr.write(`${rows.at(-1)!.join(" | ")}\n`);
}
process.stdout.write(
  `${rows.map((row, i) => `| ${row.join(" | ")} |${i === 0 ? `\n|${"---|".repeat(row.length)}` : ""}`).join("\n")}\n`,
);
