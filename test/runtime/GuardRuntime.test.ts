import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { proposalOf, type Proposal } from "../../src/runtime/Proposal.js";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { ProposalIngress } from "../../src/runtime/ingress/ProposalIngress.js";
import { ConfigError } from "../../src/config/index.js";
import { decodeCommanded, encodeCommanded } from "../../src/adapters/ros/cdr/Commanded.js";
import { decodeGuardReport, encodeGuardReport } from "../../src/adapters/ros/cdr/GuardReport.js";
import { decodeProposal, encodeProposal } from "../../src/adapters/ros/cdr/Proposal.js";

const names = ["a", "b"];
const good = (stamp: number, more: Partial<Proposal> = {}): Proposal => ({
  stamp,
  kind: "follow",
  jointNames: names,
  start: stamp + 0.05,
  dt: 0.1,
  positions: [0, 1, 2, 3, 4, 5],
  velocities: [0, 0, 1, 1, 0, 0],
  guardrails: "",
  ...more,
});

test("a good proposal is taken, its joints in our order; each stamp once and rising", () => {
  const ingress = new ProposalIngress(names);
  assert.equal(ingress.check(good(10), 10), "");
  assert.deepEqual(Array.from(ingress.plan(good(10, { jointNames: ["b", "a"] })).q), [1, 0, 3, 2, 5, 4]);
  assert.match(ingress.check(good(10), 10.01), /older than the last/);
  assert.match(ingress.check(good(9.99), 10.01), /older than the last/);
  assert.equal(ingress.check(good(10.02), 10.02), "");
  assert.equal(ingress.check(good(3), 3), "", "the clock was set back: the past begins anew");
});

test("what is not as it must be is refused, and changes nothing", () => {
  const bad: Partial<Proposal>[] = [
    { kind: undefined },
    { stamp: NaN },
    { stamp: 9 },
    { stamp: 10.1 },
    { jointNames: ["a"] },
    { jointNames: ["a", "a"] },
    { jointNames: ["a", "c"] },
    { positions: [] },
    { positions: [0, 1, 2] },
    { velocities: [0, 0] },
    { positions: [0, NaN, 2, 3, 4, 5] },
    { velocities: [0, 0, Infinity, 0, 0, 0] },
    { dt: 0 },
    { dt: NaN },
    { dt: -1 },
    { dt: 1e6 },
    { start: 5 },
    { start: 100 },
    { start: NaN },
    { guardrails: "x".repeat(1e6) },
    { positions: new Float64Array(1e5), velocities: new Float64Array(1e5) },
  ];
  const ingress = new ProposalIngress(names);
  for (const change of bad)
    assert.notEqual(ingress.check(good(10, change), 10), "", JSON.stringify(change).slice(0, 100));
  assert.equal(ingress.check(good(10), 10), "");
});

test("guardrails of a proposal are read as a task's: they tighten, or are refused with their place", () => {
  const setup = loadSetup({ robot: "arm7", agent: "default", scene: "table" });
  assert.deepEqual(readGuardrails("", setup), []);
  const box = '[{"keep_out":{"box":{"center":["50 cm",0.2,0.25],"size":[0.2,0.2,0.2]}}}]';
  assert.equal(readGuardrails(box, setup)[0].kind, "keep_out");
  for (const text of [
    "}{",
    "7",
    '[{"no_such": 1}]',
    '[{"contact": {"bodies": ["table"], "force": 100}}]',
    '[], "other": 1',
    "null",
  ])
    assert.throws(() => readGuardrails(text, setup), ConfigError, text);
});

test("what passes between agent and guard comes out as it went in", () => {
  const header = { stamp: { sec: 17, nanosec: 5 }, frameId: "" };
  const p = {
    header,
    kind: 1,
    jointNames: names,
    start: { sec: 18, nanosec: 1 },
    dt: 0.025,
    positions: Float64Array.of(1, 2, 3, 4),
    velocities: Float64Array.of(0, 1, 0, 0),
    guardrails: "[über]",
  };
  assert.deepEqual(decodeProposal(encodeProposal(p)), p);
  const c = { header, following: true, position: Float64Array.of(1, 2), velocity: Float64Array.of(3, 4) };
  assert.deepEqual(decodeCommanded(encodeCommanded(c)), c);
  const r = {
    header,
    mode: "stopping",
    next: "latched",
    stoppedBy: "separation",
    margin: -0.5,
    idle: false,
    fresh: true,
    margins: [{ name: "self_collision", value: 0.1, unit: "m" }],
    checks: 5,
    limited: 1,
    stopped: 2,
    trips: { keep_out: 3 },
    missed: 4,
    ticks: 99,
    rejected: 7,
    lastRejection: "old",
  };
  assert.deepEqual(decodeGuardReport(encodeGuardReport(r)), r);
  for (const decode of [decodeProposal, decodeCommanded, decodeGuardReport])
    for (let n = 0; n < 40; n++)
      assert.throws(() => decode(encodeProposal(p).subarray(0, n)), RangeError, `${decode.name} of ${n} bytes`);
});

test("a plan becomes a proposal by its feasibility, and none a stop", () => {
  const plan = {
    level: "motion",
    stamp: 1,
    dt: 0.1,
    H: 1,
    substeps: 2,
    nu: 0,
    nq: 2,
    a: new Float32Array(0),
    q: new Float64Array(6),
    v: new Float64Array(6),
    z: new Float32Array(0),
    energy: 0,
    energies: {},
    feasible: true,
    iterations: 0,
    rollouts: 0,
    time: 0,
  };
  assert.deepEqual(
    [undefined, { ...plan, feasible: false }, plan].map((p) => proposalOf(p, names, "", 1).kind),
    ["stop", "recover", "follow"],
  );
  assert.equal(proposalOf(plan, names, "", 1).dt, 0.05);
});
