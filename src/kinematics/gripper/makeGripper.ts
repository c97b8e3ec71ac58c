import { invertTransform } from "../../core/geometry/invertTransform.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import type { Gripper } from "../Gripper.js";
import { moves } from "../urdf/findChain.js";
import type { Urdf, UrdfJoint } from "../urdf/Urdf.js";
import { UrdfError } from "../urdf/UrdfError.js";
import { FingerChains } from "./FingerChains.js";
import type { GripperOptions } from "./GripperOptions.js";
import { padMotion, type PadMotion } from "./padMotion.js";

const STEPS = 32; // between closed and open, of fingers that turn: chords of an arc of 9 cm stray by 0.02 mm
const FIT = 0.002; // m, between the robot file's `open` and the URDF's

/**
 * A hand's tables over its aperture, from the URDF and what the robot file says of it. Driven joints go from closed to
 * open in proportion, those that mimic them follow; the pads' poses are their fingers' forward kinematics.
 * @param moving the arm's joints @param toolOffset [12] the tool in the frame after the last of them
 * @throws UrdfError, with the key of the robot file, for what does not fit
 */
export function makeGripper(
  urdf: Urdf,
  moving: readonly UrdfJoint[],
  toolOffset: Float64Array,
  options: GripperOptions,
): Gripper {
  const { joints: names, open, closed, pads } = options,
    last = moving[moving.length - 1].child;
  const chains = new FingerChains(urdf, last, names);
  const driven = names.map((name, i) => finger(urdf, chains, moving, last, name, i));
  if (!(open > closed))
    throw new UrdfError("gripper open", `${open} m`, `more than closed, ${closed} m`, ["gripper", "open"]);
  const links = pads.links ?? chains.padLinks();
  links.forEach((link, i) => {
    if (!urdf.links.has(link) || chains.path(link) === undefined)
      throw new UrdfError("gripper pads", `link ${JSON.stringify(link)}`, `a link below ${JSON.stringify(last)}`, [
        ...["gripper", "pads", "links"],
        i,
      ]);
  });
  const middle = mulTransform(
      new Float64Array(12),
      0,
      toolOffset,
      0,
      transformFromQuat(new Float64Array(12), 0, pads.orientation, pads.position),
      0,
    ),
    toTool = invertTransform(new Float64Array(12), 0, toolOffset, 0);
  const pair = [links[0], links[1] ?? last]; // where one finger moves, the other pad stands still
  const ways = endsOf(driven, options).flatMap(([from, to]) =>
    [pair, [...pair].reverse()].map(([plus, minus]) => ({
      from,
      to,
      motion: padMotion(chains, [plus, minus], middle, closed, from),
    })),
  );
  const missed = ({ motion, to }: (typeof ways)[number]): number => Math.abs(motion(to).aperture - open);
  const best = ways.reduce((a, b) => (missed(b) < missed(a) ? b : a));
  if (!(missed(best) <= FIT))
    throw new UrdfError(
      "gripper open",
      `${mm(open)}, where the pads (${links.join(", ")}) are ${mm(best.motion(best.to).aperture)} apart with ` +
        `${names.join(", ")} at ${best.to.map(short).join(", ")}, and ${mm(closed)} at ` +
        best.from.map(short).join(", "),
      `\`open\` within ${mm(FIT)} of that, or other joint values in \`at\``,
      ["gripper", "open"],
    );
  const steps = driven.every((j) => j.type === "prismatic") ? 1 : STEPS;
  return { ...tables(best, steps, toTool), ...sizes(options) };
}

function sizes({ joints, force, speed, pads }: GripperOptions): Omit<Gripper, "apertures" | "joints" | "pads"> {
  return { jointNames: joints, padSize: pads.size, finger: pads.finger, depth: pads.depth, force, speed };
}

/** @throws UrdfError if the aperture does not grow all the way */
function tables(
  { from, to, motion }: { from: readonly number[]; to: readonly number[]; motion: PadMotion },
  steps: number,
  toTool: Float64Array,
): Pick<Gripper, "apertures" | "joints" | "pads"> {
  const n = steps + 1,
    k = from.length;
  const [apertures, joints, pads] = [new Float64Array(n), new Float64Array(n * k), new Float64Array(12 * n)];
  for (let i = 0; i < n; i++) {
    const q = from.map((x, j) => x + ((to[j] - x) * i) / steps),
      { aperture, pose } = motion(q);
    ((apertures[i] = aperture), joints.set(q, i * k));
    mulTransform(pads, 12 * i, toTool, 0, pose, 0);
    if (i > 0 && !(aperture > apertures[i - 1]))
      throw new UrdfError(
        "gripper at",
        `pads that stop parting at ${mm(aperture)}, with the joints at ${q.map(short).join(", ")}`,
        "joint values between which the pads part all the way",
        ["gripper", "at"],
      );
  }
  return { apertures, joints, pads };
}

function finger(
  urdf: Urdf,
  chains: FingerChains,
  moving: readonly UrdfJoint[],
  last: string,
  name: string,
  i: number,
): UrdfJoint {
  const joint = urdf.joints.get(name),
    able = [...urdf.joints.values()].filter((j) => moves(j) && !moving.includes(j) && chains.path(j.child)?.length);
  if (joint !== undefined && able.includes(joint)) return joint;
  throw new UrdfError(
    "gripper joints",
    `${JSON.stringify(name)}, ${whyNot(joint, moving)}`,
    able.length === 0
      ? `joints that move behind ${JSON.stringify(last)}, and this URDF has none there: no \`gripper\``
      : `some of ${able.map((j) => j.name).join(", ")}`,
    ["gripper", "joints", i],
  );
}

function whyNot(joint: UrdfJoint | undefined, moving: readonly UrdfJoint[]): string {
  if (joint === undefined) return "which the URDF does not have";
  if (moving.includes(joint)) return "a joint of the arm";
  if (joint.mimic !== undefined) return `which follows ${JSON.stringify(joint.mimic)}`;
  return moves(joint) ? "which does not hang on the arm's last link" : `of type ${joint.type}, which is no finger's`;
}

/** Joint values when closed and when open: told ones, else each choice among the ends of their limits. */
function endsOf(
  driven: readonly UrdfJoint[],
  { at }: GripperOptions,
): readonly (readonly [from: readonly number[], to: readonly number[]])[] {
  for (const end of ["open", "closed"] as const)
    if (at[end] !== undefined && at[end].length !== driven.length)
      throw new UrdfError("gripper at", `${at[end].length} values`, `${driven.length}, one for each of joints`, [
        "gripper",
        "at",
        end,
      ]);
  if (at.open !== undefined && at.closed !== undefined) return [[at.closed, at.open]];
  driven.forEach(({ name, limit, type }, i) => {
    if (limit === undefined || type === "continuous" || !(limit.upper > limit.lower))
      throw new UrdfError(`joint ${JSON.stringify(name)}`, "no limits", "them, or both ends in `at`", [
        ...["gripper", "joints"],
        i,
      ]);
  });
  return Array.from({ length: 1 << driven.length }, (_, bits) => {
    const end = (flip: number): number[] =>
      driven.map(({ limit }, j) => (((bits >> j) & 1) === flip ? limit!.lower : limit!.upper));
    return [at.closed ?? end(0), at.open ?? end(1)] as const;
  });
}

const mm = (x: number): string => `${Number((1000 * x).toFixed(2))} mm`;
const short = (x: number): number => Number(x.toFixed(4));
