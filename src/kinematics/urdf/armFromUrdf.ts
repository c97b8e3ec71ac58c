import type { JointLimits } from "../../core/JointLimits.js";
import { mulTransform } from "../../core/geometry/mulTransform.js";
import { transformFromQuat } from "../../core/geometry/transformFromQuat.js";
import { transformFromRpy } from "../../core/geometry/transformFromRpy.js";
import type { Arm, ExcludedPair, JointKind, ShapeGuess } from "../Arm.js";
import type { ArmOptions } from "../ArmOptions.js";
import { handSweep } from "../gripper/handSweep.js";
import { makeGripper } from "../gripper/makeGripper.js";
import { capsulesFromUrdf, partsOf } from "../shapes/capsulesFromUrdf.js";
import { findChain, moves } from "./findChain.js";
import { findSelfPairs } from "../pairs/findSelfPairs.js";
import { inertiasFromUrdf } from "./inertiasFromUrdf.js";
import { JointChain } from "../JointChain.js";
import { limitsFromUrdf } from "./limitsFromUrdf.js";
import { PairProofs } from "../pairs/PairProofs.js";
import { jointMotion, placeLinks, restValue } from "./placeLinks.js";
import { standingLinks } from "./standingLinks.js";
import type { Urdf, UrdfJoint } from "./Urdf.js";
import { UrdfError } from "./UrdfError.js";
import { worldShapes } from "./worldShapes.js";

const FARTHEST = 100; // m

/**
 * The serial arm in a URDF: its chain of joints from base to tool with fixed joints folded in, its limits, the capsules
 * that contain it, and its mass properties. Throws UrdfError if the URDF or an option does not fit.
 */
export function armFromUrdf(urdf: Urdf, options: ArmOptions = {}): Arm {
  const base = options.base ?? urdf.root;
  const chain = findChain(urdf, base, options.tool);
  const moving = chooseMoving(chain, options.joints);
  const nq = moving.length;
  const { origins, toolOffset } = foldChain(chain, moving, options);
  const gripper = options.gripper && makeGripper(urdf, moving, toolOffset, options.gripper);
  const placed = placeLinks(
    urdf,
    base,
    moving,
    new Set(chain.filter((j) => !moving.includes(j))),
    gripper && handSweep(urdf, moving, gripper),
  );
  const limits = limitsFromUrdf(moving, options);
  const bones = Float64Array.from({ length: 3 * (nq + 1) }, (_, i) => {
    const frame = Math.floor(i / 3),
      row = 4 * (i % 3) + 3;
    return frame < nq ? origins[12 * frame + row] : toolOffset[row];
  });
  const geometry = {
    nq,
    kinds: moving.map((j) => j.type as JointKind),
    origins,
    axes: Float64Array.from(moving.flatMap((j) => [...j.axis])),
    limits,
  };
  const chained = new JointChain(geometry),
    proofs = new PairProofs(chained);
  const { standing, elsewhere } = standingLinks(
    urdf,
    base,
    placed,
    moving[0].parent,
    new Set(options.capsules?.map((c) => c.link)),
  );
  const guesses: ShapeGuess[] = elsewhere
    .filter((link) => partsOf(urdf, link).length > 0)
    .map((link) => ({
      link,
      text: "moves by joints that are not this arm's, so its position is unknown: nothing is kept clear of it",
    }));
  const still = new Set(standing.map((s) => s.link)),
    { capsules: covered, excess } = capsulesFromUrdf(
      urdf,
      placed.filter((p) => !p.other && !still.has(p.link)),
      bones,
      chained,
      proofs,
      guesses,
      options,
    );
  const world = worldShapes(urdf, standing, covered, chained, guesses, options);
  const arm: Omit<Arm, "selfPairs"> = {
    ...geometry,
    name: urdf.name,
    base,
    tool: chain[chain.length - 1].child,
    jointNames: moving.map((j) => j.name),
    linkNames: [base, ...moving.map((j) => j.child)],
    toolOffset,
    home: chooseHome(moving, limits, options.home),
    capsules: covered.map(({ name, link, p0, p1, radius }) => ({ name, link, p0, p1, radius })),
    inertias: inertiasFromUrdf(urdf, placed, nq),
    ...(gripper !== undefined && { gripper }),
  };
  checkSizes(arm);
  options.tell?.("checking which pairs of links can never meet");
  const { pairs, excluded, atHome, clear } = findSelfPairs(
    arm,
    covered,
    proofs,
    ignored(urdf, arm, options.ignorePairs ?? []),
  );
  const touching = world.flatMap(({ id, spared }) =>
    spared.map((c): ExcludedPair => ({ a: covered[c].name, b: id, why: "made closer than 2 cm", unproven: true })),
  );
  const moved = options.home === undefined && clear !== undefined,
    overlap = moved ? atHome : atHome.filter((pair) => pair.distance < 0);
  if (overlap.length > 0)
    guesses.push({
      link: overlap.map((pair) => pair.names).join(", "),
      text: moved
        ? (overlap[0].distance < 0
            ? "overlap"
            : `come within ${(1000 * overlap[0].distance).toFixed(1)} mm of each other`) +
          ` where all joints are at ${Array.from(arm.home, short).join(", ")}: home is at ` +
          `${Array.from(clear, short).join(", ")} instead`
        : "overlap at home, so the arm can neither start nor end there; set another `home`, or slimmer `capsules`",
    });
  const home = moved ? clear : arm.home;
  return {
    ...arm,
    home,
    selfPairs: pairs,
    excludedPairs: [...excluded, ...touching],
    world,
    guesses,
    ...(excess.length > 0 && {
      excess: excess
        .filter((e) => Number.isFinite(e.times))
        .map(({ frame, times }) => ({ link: arm.linkNames[frame], times })),
    }),
  };
}

const short = (x: number): number => Number(x.toFixed(3));

/**
 * Finite numbers can be too large: beyond this, sums overflow and distances lose the millimetres that guardrails need.
 */
function checkSizes(arm: Omit<Arm, "selfPairs">): void {
  const far = (x: number): boolean => !(Math.abs(x) <= FARTHEST);
  const joint = arm.origins.findIndex(far);
  if (joint >= 0)
    throw new UrdfError(
      `joint ${JSON.stringify(arm.jointNames[Math.floor(joint / 12)])} origin`,
      String(arm.origins[joint]),
      `at most ${FARTHEST} m`,
    );
  if (arm.toolOffset.some(far)) throw new UrdfError("tool offset", arm.toolOffset.join(" "), `at most ${FARTHEST} m`);
  for (const c of arm.capsules)
    if ([...c.p0, ...c.p1, c.radius].some(far))
      throw new UrdfError(
        `link ${JSON.stringify(arm.linkNames[c.link])} shape`,
        `a capsule ${c.p0} ${c.p1} ${c.radius}`,
        `at most ${FARTHEST} m`,
      );
  arm.inertias.forEach((i, j) => {
    if (![i.mass, ...i.com, ...i.inertia].every(Number.isFinite))
      throw new UrdfError(
        `link ${JSON.stringify(arm.linkNames[j + 1])} inertial`,
        "numbers that overflow",
        "a realistic mass",
      );
  });
}

function chooseMoving(chain: readonly UrdfJoint[], names: readonly string[] | undefined): readonly UrdfJoint[] {
  const able = chain.filter(moves);
  const list = able.map((j) => j.name).join(", ");
  if (able.length === 0) throw new UrdfError("robot", "no moving joint between base and tool", "a serial arm");
  const stuck = chain.find((j) => j.type === "floating" || j.type === "planar" || j.mimic !== undefined);
  if (stuck !== undefined)
    throw new UrdfError(
      `joint ${JSON.stringify(stuck.name)}`,
      stuck.mimic === undefined ? `type ${stuck.type}` : "a mimic joint",
      "revolute, continuous, prismatic or fixed joints between base and tool",
    );
  if (names === undefined) return able;
  for (const [i, name] of names.entries())
    if (!able.some((j) => j.name === name))
      throw new UrdfError("joints", JSON.stringify(name), `joints between base and tool: ${list}`, ["joints", i]);
  if (names.length === 0 || new Set(names).size !== names.length)
    throw new UrdfError("joints", names.length === 0 ? "none" : "a name twice", `some of ${list}`, ["joints"]);
  return able.filter((j) => names.includes(j.name));
}

/**
 * Products of the fixed poses between the moving joints: origins [nq,12], and the rest after the last one [12].
 */
function foldChain(
  chain: readonly UrdfJoint[],
  moving: readonly UrdfJoint[],
  options: ArmOptions,
): { origins: Float64Array; toolOffset: Float64Array } {
  const origins = new Float64Array(12 * moving.length),
    step = new Float64Array(12);
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  const pose = Float64Array.from(identity);
  let j = 0;
  for (const joint of chain) {
    mulTransform(pose, 0, pose, 0, transformFromRpy(step, 0, joint.origin.xyz, joint.origin.rpy), 0);
    if (moving.includes(joint)) {
      origins.set(pose, 12 * j++);
      pose.set(identity);
    } else if (joint.type !== "fixed") mulTransform(pose, 0, pose, 0, jointMotion(joint, restValue(joint)), 0);
  }
  const { toolOffset } = options;
  if (toolOffset !== undefined)
    mulTransform(pose, 0, pose, 0, transformFromQuat(step, 0, toolOffset.orientation, toolOffset.position), 0);
  return { origins, toolOffset: pose };
}

function chooseHome(
  joints: readonly UrdfJoint[],
  limits: JointLimits,
  home: readonly number[] | undefined,
): Float64Array {
  if (home === undefined)
    return Float64Array.from(joints, (_, j) =>
      limits.lo[j] <= 0 && limits.hi[j] >= 0 ? 0 : (limits.lo[j] + limits.hi[j]) / 2,
    );
  if (home.length !== joints.length)
    throw new UrdfError(
      "home",
      `${home.length} values`,
      `${joints.length}, one for each of ${joints.map((j) => j.name).join(", ")}`,
      ["home"],
    );
  home.forEach((q, j) => {
    if (!(q >= limits.lo[j] && q <= limits.hi[j]))
      throw new UrdfError(
        `home of joint ${JSON.stringify(joints[j].name)}`,
        String(q),
        `a number in [${limits.lo[j]}, ${limits.hi[j]}]`,
        ["home", j],
      );
  });
  return Float64Array.from(home);
}

/** Whether two capsules may touch, by link names. A frame's own link name stands for all its capsules. */
function ignored(
  urdf: Urdf,
  arm: Omit<Arm, "selfPairs">,
  pairs: readonly (readonly [string, string])[],
): (a: number, b: number) => boolean {
  for (const [i, pair] of pairs.entries())
    for (const [k, link] of pair.entries())
      if (!urdf.links.has(link))
        throw new UrdfError("self collision", `link ${JSON.stringify(link)}`, [...urdf.links.keys()].join(", "), [
          "self_collision",
          "ignore",
          i,
          k,
        ]);
  const names = arm.capsules.map((c) => new Set([c.name.replace(/_\d+$/, ""), c.name, arm.linkNames[c.link]]));
  return (a, b) => pairs.some(([x, y]) => (names[a].has(x) && names[b].has(y)) || (names[a].has(y) && names[b].has(x)));
}
