import { coverNotices } from "../agent/robot/coverNotices.js";
import type { RobotConfig } from "../config/index.js";
import type { Shape } from "../core/geometry/Shape.js";
import type { Arm, ArmOptions, Gripper, Urdf } from "../kinematics/index.js";
import { handWords } from "./handWords.js";
import { linkShapes } from "../kinematics/shapes/linkShapes.js";
import { MOST_EXCESS } from "../kinematics/shapes/volumesOf.js";

const FINE = 5e-4; // m

/** What `telos robot show --json` prints. Lengths in m, volumes in l (dm³). */
export interface RobotReport {
  readonly robot: string;
  readonly urdf: string;
  readonly base: string;
  readonly tool: string;
  readonly joints: readonly {
    readonly name: string;
    readonly kind: string;
    readonly lower: number;
    readonly upper: number;
    readonly velocity: number;
    readonly unit: "rad" | "m";
    readonly home: number;
  }[];
  // absent: the robot file declares none
  readonly hand?: {
    readonly joints: readonly string[];
    readonly closed: number; // m, between the pads
    readonly open: number;
    readonly force: number; // N
    readonly speed: number; // m/s
    readonly words: string;
  };
  readonly frames: readonly {
    readonly link: string;
    readonly links: readonly string[]; // links that move with it and have a shape
    readonly from: readonly string[]; // their shapes in the URDF
    readonly capsules: readonly {
      readonly name: string;
      readonly p0: readonly number[];
      readonly p1: readonly number[];
      readonly radius: number;
    }[];
    readonly declared: boolean; // in the robot file; otherwise fitted
    readonly own: number; // volume of the hulls of the links' parts together
    readonly held: number; // volume of the capsules together
    readonly excess?: number; // held / own; absent if the URDF has no shape, or it cannot be read
    readonly out?: number; // m, how far the links' own shape sticks out of all capsules; absent if it does not
    readonly guessed?: string;
  }[];
  readonly kept_apart: number; // pairs of capsules
  readonly left_out: readonly {
    readonly a: string;
    readonly b: string;
    readonly why: string;
    readonly proven: boolean;
  }[];
  // the number of sampled postures without self-collision, and how many of them home is connected to
  readonly passage?: { readonly sampled: number; readonly joined: number; readonly parting?: readonly string[] };
  readonly fixed: readonly { readonly id: string; readonly from: "scene" | "urdf"; readonly shape: Shape }[];
  readonly notices: readonly string[];
  readonly seconds: number; // taken to make the arm from the URDF
}

export interface Shown {
  readonly urdf: Urdf;
  readonly arm: Arm;
  readonly robot: RobotConfig;
  readonly file: string;
  readonly fixed: readonly { readonly id: string; readonly shape: Shape }[]; // the fixed geometry of a scene
  readonly took: number; // s
}

export function reportRobot({ urdf, arm, robot, file, fixed, took }: Shown, options: ArmOptions): RobotReport {
  const frames = linkShapes(urdf, arm, options).map(({ link, links, sources, capsules, own, held, out }) => {
    const guess = arm.guesses?.find((g) => g.link === link || links.includes(g.link));
    return {
      link,
      links,
      from: sources,
      capsules: capsules
        .map((c) => arm.capsules[c])
        .map(({ name, p0, p1, radius }) => ({ name, p0: p0.map(short), p1: p1.map(short), radius: short(radius) })),
      declared: robot.capsules !== undefined,
      own: short(1000 * own),
      held: short(1000 * held),
      ...(own > 0 && held > 0 && { excess: short(held / own) }),
      ...(out > FINE && capsules.length > 0 && { out: short(out) }),
      ...(guess && { guessed: guess.text }),
    };
  });
  const loose = frames
    .filter((f) => f.out !== undefined)
    .map((f) => `link ${f.link}: its shape in the URDF sticks out of its capsules by ${(1000 * f.out!).toFixed(1)} mm`);
  return {
    robot: robot.name,
    urdf: file,
    base: arm.base,
    tool: arm.tool,
    joints: arm.jointNames.map((name, j) => ({
      name,
      kind: arm.kinds[j],
      lower: short(arm.limits.lo[j]),
      upper: short(arm.limits.hi[j]),
      velocity: short(arm.limits.velocity[j]),
      unit: arm.kinds[j] === "prismatic" ? "m" : "rad",
      home: short(arm.home[j]),
    })),
    ...(arm.gripper && { hand: handOf(arm.gripper, robot) }),
    frames,
    kept_apart: arm.selfPairs.length / 2,
    left_out: (arm.excludedPairs ?? []).map(({ a, b, why, unproven }) => ({ a, b, why, proven: !unproven })),
    ...(arm.passage && { passage: arm.passage }),
    fixed: [
      ...fixed.map((f) => ({ id: f.id, from: "scene" as const, shape: f.shape })),
      ...(arm.world ?? []).map((w) => ({ id: w.id, from: "urdf" as const, shape: w.shape })),
    ],
    notices: [
      ...coverNotices(
        {
          arm: {
            ...arm,
            excess: frames.flatMap(({ link, excess: times }) => (times === undefined ? [] : [{ link, times }])),
          },
          robot,
        },
        took,
      )
        .filter((n) => !n.good)
        .map((n) => n.text),
      ...loose,
    ],
    seconds: short(took),
  };
}

function handOf(gripper: Gripper, robot: RobotConfig): NonNullable<RobotReport["hand"]> {
  const { jointNames, apertures, force, speed } = gripper;
  return {
    joints: jointNames,
    closed: short(apertures[0]),
    open: short(apertures[apertures.length - 1]),
    force,
    speed,
    words: handWords(gripper, robot.gripper!.controller),
  };
}

/** The source of a frame's capsules, if it is not the meshes. */
function origin({ guessed, declared, capsules }: RobotReport["frames"][number]): string {
  if (guessed) return " guessed";
  return declared && capsules.length > 0 ? " declared" : "";
}

/** The report as text. */
export function describeRobot(r: RobotReport): string {
  const rows = [
    ["link", "capsules", "links (l)", "capsules (l)", "excess", "made from"],
    ...r.frames.map((f) => [
      f.link,
      `${f.capsules.length}${origin(f)}`,
      f.own > 0 ? f.own.toFixed(3) : "-",
      f.held > 0 ? f.held.toFixed(3) : "-",
      f.excess === undefined ? "-" : `${f.excess.toFixed(2)} x`,
      few(f.from, 2) || "nothing",
    ]),
  ];
  const wide = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const table = rows.map((row) =>
    row
      .map((cell, c) => (c >= 2 && c <= 4 ? cell.padStart(wide[c]) : cell.padEnd(wide[c])))
      .join("  ")
      .trimEnd(),
  );
  const reasons = new Map<string, string[]>();
  const frameOf = new Map(r.frames.flatMap((f) => f.capsules.map((c) => [c.name, f.link] as const)));
  for (const { a, b, why } of r.left_out) {
    const pairs = reasons.get(why) ?? reasons.set(why, []).get(why)!,
      pair = why === "links that share a joint" ? `${frameOf.get(a)} and ${frameOf.get(b)}` : `${a} and ${b}`;
    if (!pairs.includes(pair)) pairs.push(pair);
  }
  const joints = r.joints.map(
    (j) =>
      `  ${j.name}  ${j.kind}  ${j.lower} to ${j.upper} ${j.unit}, ${j.velocity} ${j.unit}/s, home ${j.home} ${j.unit}`,
  );
  return `${[
    `${r.robot}: ${r.joints.length} joints from ${r.base} to ${r.tool}, read from ${r.urdf} \
in ${r.seconds.toFixed(1)} s\n${joints.join("\n")}${r.hand === undefined ? "" : `\n  hand: ${r.hand.words}`}`,
    `${table.join("\n")}\n(l): volume in litres, for links that of the hulls of their parts; excess: the one of the \
capsules divided by the one of the links, accurate to 1 or 2 %; above ${MOST_EXCESS}, loading the arm prints a warning`,
    `${r.kept_apart} pairs of capsules are kept apart; these pairs are excluded:${[...reasons]
      .map(([why, pairs]) => `\n  ${why}: ${pairs.join(", ")}`)
      .join("")}`,
    ...(r.passage === undefined
      ? []
      : [`home is connected to ${r.passage.joined} of ${r.passage.sampled} sampled postures without self-collision`]),
    ...(r.fixed.length > 0
      ? [
          `kept clear of: ${r.fixed
            .map((f) => `${f.id} (${f.from === "urdf" ? "link fixed to the base" : "scene"})`)
            .join(", ")}`,
        ]
      : []),
    r.notices.length > 0 ? `warnings:\n${r.notices.map((n) => `  ${n}`).join("\n")}` : "no warnings",
  ].join("\n\n")}\n`;
}

const few = (words: readonly string[], most: number): string =>
  words.slice(0, most).join(", ") + (words.length > most ? ` and ${words.length - most} more` : "");
const short = (x: number): number => Number(x.toPrecision(5));
