#!/usr/bin/env node
/**
 * Prints the `capsules:` list of a robot's YAML, fitted to the STL meshes its URDF names, so that neither the meshes nor the fit are
 * needed at run time:
 *   node scripts/fit-capsules.mjs ARM.urdf --meshes FOLDER [--base LINK] [--tool LINK] [--most 12]
 * A mesh `package://NAME/a/b.stl` is looked for at FOLDER/NAME/a/b.stl, then FOLDER/a/b.stl, then by its file name beside the URDF.
 * Needs a build (`npm run build`), and minutes for meshes of 100,000 triangles. Every capsule contains the hull of its piece of the link, a gripper at every opening included: a link
 * is cut by planes across x, y or z, its triangles clipped, where that saves most volume. Lengths are rounded so that this stays true.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { transformFromRpy } from "../dist/src/core/transformFromRpy.js";
import { mulTransform } from "../dist/src/core/mulTransform.js";
import { transformPoint } from "../dist/src/core/transformPoint.js";
import { findChain, moves } from "../dist/src/kinematics/findChain.js";
import { capsuleVolume, fitCapsule } from "../dist/src/kinematics/fitCapsule.js";
import { parseUrdf } from "../dist/src/kinematics/parseUrdf.js";
import { placeLinks } from "../dist/src/kinematics/placeLinks.js";
import { stlTriangles } from "../dist/src/kinematics/meshPoints.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { meshes: { type: "string" }, base: { type: "string" }, tool: { type: "string" }, most: { type: "string", default: "12" } },
});
const [file] = positionals;
if (file === undefined) {
  console.error("usage: node scripts/fit-capsules.mjs ARM.urdf --meshes FOLDER [--base LINK] [--tool LINK] [--most 12]");
  process.exit(2);
}

/** Triangles of one mesh: corners [n,3,3] in its own frame, m. */
function readTriangles({ uri, scale }) {
  const path = uri.replace(/^(package|file):\/\//, "");
  const folder = values.meshes ?? dirname(file);
  const places = [join(folder, path), join(folder, path.split("/").slice(1).join("/")), join(dirname(file), basename(path))];
  const found = places.find((p) => existsSync(p));
  if (found === undefined) throw new Error(`no mesh ${uri}: looked for ${places.join(", ")}`);
  return stlTriangles(readFileSync(found)).map((x, i) => x * scale[i % 3]);
}

const urdf = parseUrdf(readFileSync(file, "utf8"));
const base = values.base ?? urdf.root;
const chain = findChain(urdf, base, values.tool);
const moving = chain.filter(moves);
const frames = [base, ...moving.map((j) => j.child)];

/** Balls of a frame's triangles, [n,3 corners,4]: x, y, z and how far the corner strays between two poses of the gripper. */
const soups = frames.map(() => []);
const swept = new Set(); // frames with a part that moves in them
for (const at of placeLinks(urdf, base, moving, new Set(chain.filter((j) => !moving.includes(j)))))
  for (const part of urdf.links.get(at.link).collisions) {
    if (part.geometry.kind !== "mesh") continue;
    const triangles = readTriangles(part.geometry);
    if (at.poses.length > 1) swept.add(at.frame);
    const local = transformFromRpy(new Float64Array(12), 0, part.origin.xyz, part.origin.rpy);
    for (const pose of at.poses) {
      const whole = mulTransform(new Float64Array(12), 0, pose, 0, local, 0);
      const balls = new Float64Array((triangles.length / 3) * 4);
      for (let i = 0, o = 0; i < triangles.length; i += 3, o += 4) {
        transformPoint(balls, o, local, 0, Float64Array.from(triangles.slice(i, i + 3)), 0);
        const stray = at.gap * (at.lever + Math.hypot(balls[o], balls[o + 1], balls[o + 2]));
        transformPoint(balls, o, whole, 0, Float64Array.from(triangles.slice(i, i + 3)), 0);
        balls[o + 3] = stray;
      }
      soups[at.frame].push(balls);
    }
  }

/** The triangles on one side of the plane x[axis] = at, clipped: side −1 below, 1 above. Polygons come out as fans. */
function clip(soup, axis, at, side) {
  const out = [];
  for (let t = 0; t < soup.length; t += 12) {
    const polygon = [];
    for (let k = 0; k < 3; k++) {
      const a = soup.subarray(t + 4 * k, t + 4 * k + 4), b = soup.subarray(t + 4 * ((k + 1) % 3), t + 4 * ((k + 1) % 3) + 4);
      const da = side * (a[axis] - at), db = side * (b[axis] - at);
      if (da >= 0) polygon.push(a);
      if ((da < 0 && db > 0) || (da > 0 && db < 0)) polygon.push(a.map((x, i) => x + (da / (da - db)) * (b[i] - x)));
    }
    for (let k = 2; k < polygon.length; k++) out.push(...polygon[0], ...polygon[k - 1], ...polygon[k]);
  }
  return Float64Array.from(out);
}

function unique(soup) {
  const seen = new Map();
  for (let i = 0; i < soup.length; i += 4) seen.set(`${soup[i].toFixed(6)} ${soup[i + 1].toFixed(6)} ${soup[i + 2].toFixed(6)}`, i);
  return Float64Array.from([...seen.values()].flatMap((i) => [...soup.subarray(i, i + 4)]));
}

const piece = (frame, soup) => {
  const capsule = fitCapsule(unique(soup));
  return { frame, soup, capsule, volume: capsuleVolume(capsule) };
};
let pieces = soups.flatMap((list, frame) => (list.length === 0 ? [] : [piece(frame, Float64Array.from(list.flatMap((b) => [...b])))]));

/** The two pieces of the best of some cuts. */
function bestCut(p) {
  let best;
  for (let axis = 0; axis < 3; axis++) {
    let lo = Infinity, hi = -Infinity;
    for (let i = axis; i < p.soup.length; i += 4) (lo = Math.min(lo, p.soup[i])), (hi = Math.max(hi, p.soup[i]));
    for (const f of [0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85]) {
      const parts = [-1, 1].map((side) => clip(p.soup, axis, lo + f * (hi - lo), side)).filter((s) => s.length > 0).map((s) => piece(p.frame, s));
      const volume = parts.reduce((sum, q) => sum + q.volume, 0);
      if (best === undefined || volume < best.volume) best = { parts, volume };
    }
  }
  return best;
}

const cuts = new Map();
while (pieces.length < Number(values.most)) {
  for (const p of pieces) if (p.frame > 0 && !cuts.has(p)) cuts.set(p, bestCut(p));
  const worth = pieces.filter((p) => p.frame > 0 && cuts.get(p).volume < 0.9 * p.volume);
  if (worth.length === 0) break;
  const most = worth.reduce((a, b) => (a.volume - cuts.get(a).volume > b.volume - cuts.get(b).volume ? a : b));
  pieces = pieces.flatMap((p) => (p === most ? cuts.get(p).parts : [p]));
}

const m = (x) => `${(Math.round(x * 1e4) / 1e4 || 0).toFixed(4)} m`;
console.log("capsules:");
for (const { frame, capsule: c } of pieces) {
  // The end points' rounding is at most 0.09 mm. A part that moves may pass from one piece to the next between two poses: 1 mm more.
  const radius = Math.ceil((c.radius + (swept.has(frame) ? 1.1e-3 : 1e-4)) * 1e4) / 1e4;
  console.log(`  - { link: ${frames[frame]}, p0: [${c.p0.map(m).join(", ")}], p1: [${c.p1.map(m).join(", ")}], radius: ${radius.toFixed(4)} m }`);
}
