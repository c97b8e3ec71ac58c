import { of, type Mutant } from "./Mutant.js";

/** Enclosures, levers and the records that margins are computed from. */
export const kinematicsMutants: readonly Mutant[] = [
  ...of("worldmodel/analytic/JointDisplacement.js", "worldmodel/quasistatic.test.js", [
    "quasistatic = true",
    "quasistatic = false",
  ]),
  ...of("worldmodel/analytic/ToolDisplacement.js", "worldmodel/quasistatic.test.js", [
    "quasistatic = true",
    "quasistatic = false",
  ]),
  ...of("worldmodel/rolloutsFor.js", "worldmodel/quasistatic.test.js", ["substeps, quasistatic });", "substeps });"]),
  ...of("kinematics/urdf/standingLinks.js", "kinematics/urdf/standingLinks.test.js", [
    "standing.push({ link, pose })",
    "undefined",
  ]),
  ...of(
    "kinematics/urdf/worldShapes.js",
    "kinematics/urdf/standingLinks.test.js",
    ["mulTransform(at, 0, pose, 0, at, 0);", ""],
    ["link === 1 && (", "("],
    ["link === 1 && (always", "false && (always"],
  ),
  ...of(
    "kinematics/Sweep.js",
    "kinematics/Sweep.test.js",
    ["thickness + Math.sqrt", "thickness + 0.8 * Math.sqrt"],
    ["r.radius[o] = thickness +", "r.radius[o] = radii[c] +"],
    ["Math.max(x0 * x0 + y0 * y0 + z0 * z0, x1 * x1 + y1 * y1 + z1 * z1)", "(x0 * x0 + y0 * y0 + z0 * z0)"],
    ["p[a + e] += chord[a + e] =", "chord[a + e] ="],
    ["&& n > 0)\n                    this.enclose(r, i - 1)", "&& false)\n                    this.enclose(r, i - 1)"],
    ["stray[links[c]] + reach[c] * turn[links[c]]", "0"],
  ),
  ...of(
    "kinematics/urdf/levers.js",
    "kinematics/Sweep.test.js",
    ["reach += link[j]", "reach += 0"],
    ["Math.max(Math.hypot(...c.p0), Math.hypot(...c.p1))", "Math.hypot(...c.p0)"],
  ),
  ...of(
    "kinematics/ToolMotion.js",
    "guardrails/margins/tool.test.js",
    ["pz = -this.gravity[2]", "pz = this.gravity[2]"],
    ["px += by * rz - bz * ry + wy * sz - wz * sy", "px += by * rz - bz * ry"],
    ["bx += zx * u + cx * s", "bx += zx * u"],
  ),
  ...of(
    "kinematics/InverseDynamics.js",
    "kinematics/InverseDynamics.test.js",
    ["wy * hz - wz * hy + gy * fz", "gy * fz"],
    ["px += kx * a + 2 * cx * v", "px += kx * a"],
    ["+ ry * gz - rz * gy", ""],
  ),
  ...of(
    "kinematics/InverseDynamics.js",
    "guardrails/margins/tool.test.js",
    ["y * fz - z * fy", "0"],
    ["m[o + 6] + by * z - bz * y", "m[o + 6]"],
  ),
  ...of("kinematics/Sweep.js", "guardrails/filter/reused.test.js", ["r.chord[e] = 0", "void 0"]),
  ...of(
    "kinematics/Sweep.js",
    "reflex/trackingError.test.js",
    ["this.radii[c] + (r.growth[c] = growth)", "this.radii[c] + 0 * (r.growth[c] = growth)"],
    ["r.error.set(error)", "r.error.fill(0)"],
  ),
  ...of(
    "core/Rollouts.js",
    "guardrails/filter/jerkPaths.test.js",
    ["if (drive === undefined || !(drive.begin[a] * drive.end[a] < 0))", "if (true)"],
    ["0.5 * drive.begin[a] ** 2", "0.4 * drive.begin[a] ** 2"],
    ["Math.max(Math.abs(drive.begin[a]), Math.abs(drive.end[a]))", "Math.abs(drive.begin[a])"],
  ),
  ...of("kinematics/Sweep.js", "guardrails/filter/jerkPaths.test.js", [
    "const acceleration = r.acceleration(a, b)",
    "const acceleration = 0",
  ]),
  ...of(
    "core/commands/JoinedCommands.js",
    "core/commands/joinedCommands.test.js",
    ["<= SAME.q", "<= 9"],
    ["last.since + periods", "stamp - origin"],
    ["Math.ceil((this.lead + OVER) / c.dt - ROUNDING)", "3"],
    ["Math.max(before.stamp, since)", "before.stamp"],
    ["<= since - OLDER", "<= since + 0.05"],
    ["sent.length > 1 && ", "false && "],
  ),
];
