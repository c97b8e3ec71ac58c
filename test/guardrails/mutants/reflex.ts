import { of, type Mutant } from "./Mutant.js";

/** The reflex: what is measured, sent, and sent again. */
export const reflexMutants: readonly Mutant[] = [
  ...of("reflex/Reflex.js", "reflex/toldToPlanners.test.js", ["this.requested.limits = limits", "void limits"]),
  ...of("reflex/Reflex.js", "reflex/guardAtOnce.test.js", [
    "const filter = this.makeFilter(guardrails, limits, sweep)",
    "this.requested.limits = limits; const filter = this.makeFilter(guardrails, limits, sweep)",
  ]),
  ...of(
    "reflex/Reflex.js",
    "reflex/Reflex.test.js",
    ['if (stale !== "")', "if (false)"],
    ["this.filter.recover(requested.w, q, from)", "false"],
    ["if (this.settling && !this.idle(stamp))", "if (false)"],
  ),
  ...of("reflex/MeasuredArm.js", "reflex/Reflex.test.js", ["const room = this.most - error", "const room = 1"]),
  ...of(
    "reflex/Reflex.js",
    "reflex/measuredRest.test.js",
    ["if (!this.now.anchored)", "if (false)"],
    ["this.sent.redate(step)", "this.sent.clear()"],
    ["this.fresh(from.stamp) && this.measured.motion.rests()", "this.fresh(from.stamp)"],
    ["if (apart <= 1)", "if (true)"],
  ),
  ...of("reflex/MeasuredArm.js", "reflex/measuredRest.test.js", [
    "this.sent.idle(this.last.stamp - this.delay) && this.motion.rests()",
    "true",
  ]),
  ...of("reflex/MeasuredArm.js", "reflex/inForce.test.js", [
    "this.sent.idle(this.last.stamp - this.delay) && this.motion.rests()",
    "this.motion.rests()",
  ]),
  ...of(
    "reflex/SentCommands.js",
    "reflex/inForce.test.js",
    ["this.misdated = true;", ""],
    ["stamp: c.stamp + step", "stamp: c.stamp"],
  ),
  ...of("reflex/Reflex.js", "reflex/inForce.test.js", ["staleAfter + delay + LATE", "staleAfter * 0"]),
  ...of(
    "reflex/SentCommands.js",
    "reflex/soonerFailSafe.test.js",
    ["last.stamp - now - ahead", "last.stamp - now"],
    ["before.stamp < s - ROUNDING", "before.stamp <= s"],
    ["if (c === undefined || c === last)", "if (c === undefined)"],
    ["stamp: c.stamp + i * c.dt, dt: c.dt, N: c.N - i", "stamp: c.stamp + (i + 1) * c.dt, dt: c.dt, N: c.N - i"],
    ["c.q.subarray(i * c.nq)", "c.q"],
  ),
  ...of("reflex/SentCommands.js", "reflex/Reflex.test.js", ["q: command.q.slice(), v: command.v.slice()", ""]),
  ...of(
    "reflex/MeasuredArm.js",
    "reflex/clockSteps.test.js",
    ["if (this.doubtful || this.lost || sent.misdated)", "if (false)"],
    ["|| this.late.onItsWay(sent, then, q)", ""],
  ),
  ...of("reflex/Reflex.js", "reflex/soonerFailSafe.test.js", [")?.urgent ?", ") ?"]),
  ...of(
    "reflex/MeasuredArm.js",
    "reflex/trackingError.test.js",
    ["Math.max(expected[j], this.strayed / weight[j])", "expected[j]"],
    ["error <= most ?", "!(error > most) ?"],
    ["return this.grow(0)", "return"],
    ["this.strayed / weight[j]", "this.strayed"],
  ),
  ...of("reflex/Reflex.js", "reflex/LateCommands.test.js", ["follows && this.ages.hesitate(from.stamp)", "false"]),
  ...of(
    "reflex/MeasuredArm.js",
    "reflex/LateCommands.test.js",
    ["this.late.behind(sent, then, q, v)", "undefined"],
    ["sent.restOf(this.behind, now)", "sent.sooner(now)"],
  ),
  ...of("reflex/InputAges.js", "reflex/LateCommands.test.js", ["2 * this.interval", "0"]),
  ...of(
    "reflex/LateCommands.js",
    "reflex/LateCommands.test.js",
    ["&& this.speedOff(v) < apart", ""],
    ["/ OFF.v", "* 0"],
    ["this.off(older, t, q, v) <= 0.5", "false"],
    ["|| !(this.off(inForce, t, q, v) > 1)", ""],
  ),
  ...of(
    "reflex/LateCommands.js",
    "reflex/trackingError.test.js",
    ["Math.abs(x) > OFF.v", "true"],
    ["this.weight[j] * Math.abs(q[j]", "Math.abs(q[j]"],
  ),
  ...of(
    "reflex/MeasuredArm.js",
    "reflex/lateArm.test.js",
    ["stamp - this.delay", "stamp"],
    ["stamp - this.delay", "stamp - 2 * this.delay"],
  ),
  ...of("reflex/isLeap.js", "reflex/clockSteps.test.js", ["step < -0.005 ||", ""], ["|| step > 0.05", ""]),
  ...of("reflex/LateCommands.js", "reflex/clockSteps.test.js", [
    "const end = Math.max(t, ",
    "const end = t, x = Math.max(t, ",
  ]),
];
