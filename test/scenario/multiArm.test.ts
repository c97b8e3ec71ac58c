import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { loadSceneConfig } from "../../src/config/index.js";
import { Checker } from "../../src/evaluation/Checker.js";
import { Program } from "../../src/evaluation/Program.js";
import { rosIsHere } from "../../src/evaluation/World.js";

const main = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const options = { skip: rosIsHere ? false : "ROS 2 is not in the environment", timeout: 240_000 };
const SIDES = ["left", "right"] as const;
const env = {
  ...process.env,
  ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + 37) % 102),
  ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
};

const programs: Program[] = [];
const checkers = {} as Record<(typeof SIDES)[number], Checker>;
const output = (): string => programs.map((p) => p.output()).join("");

/**
 * What multi_arm.launch.py starts: for each side a simulator and an agent in its namespace, with a clock of its own.
 */
before(
  async () => {
    if (!rosIsHere) return;
    for (const side of SIDES) {
      const ros = ["--ros-args", "-r", `__ns:=/${side}`, "-r", "/clock:=clock"];
      const node = (name: string, args: string[], sign: RegExp): Program =>
        new Program({ name: `${side} ${name}`, command: process.execPath, args: [main, ...args, ...ros], env, sign });
      programs.push(
        node("simulator", ["sim", "--scene", `pair_${side}`, "--no-camera"], /^telos_sim ready/),
        node("agent", ["agent", "--scene", `pair_${side}`, "--sim-time", "--json"], /"state":"active"/),
      );
      checkers[side] = new Checker(env, ros);
    }
    await Promise.all([...programs.map((p) => p.ready), ...SIDES.map((side) => checkers[side].ready())]);
  },
  { timeout: 120_000 },
);
after(() => Promise.all([...programs.map((p) => p.kill()), ...Object.values(checkers).map((j) => j.end())]));

test(
  "two arms in two namespaces of one domain reach goals at once, and neither breaks a guardrail",
  options,
  async () => {
    await Promise.all(SIDES.map((side) => checkers[side].begin()));
    for (const task of ["reach", "home"]) {
      const ends = await Promise.all(SIDES.map((side) => checkers[side].accomplish(task)));
      ends.forEach((end, i) => assert.equal(end.success, true, `${SIDES[i]}, ${task}: ${end.message}\n${output()}`));
    }
    for (const side of SIDES) {
      const verdict = await checkers[side].verdict();
      assert.deepEqual(verdict.violations, [], `${side}\n${output()}`);
      assert.ok(verdict.fastest > 0.3, `the ${side} arm moved at ${verdict.fastest} rad/s at most`);
    }
  },
);

test("a goal for one arm moves that arm alone", options, async () => {
  await Promise.all(SIDES.map((side) => checkers[side].begin()));
  assert.equal((await checkers.left.accomplish("reach")).success, true, output());
  assert.ok((await checkers.left.verdict()).fastest > 0.3);
  assert.ok((await checkers.right.verdict()).fastest < 0.02);
});

test("both scenes of the pair hold the same table and the same person, seen from two bases 0.9 m apart", () => {
  const [left, right] = SIDES.map((side) => loadSceneConfig(`pair_${side}`));
  const same = (a: readonly number[], b: readonly number[]): void =>
    a.forEach((x, c) => assert.ok(Math.abs(x + (c === 1 ? 0.9 : 0) - b[c]) < 1e-12, `${a} and ${b}`));
  const [table, other] = [left, right].map((s) => s.fixed.find((f) => f.id === "table")!);
  assert.ok(table.kind === "box" && other.kind === "box");
  same(table.config.center, other.config.center);
  assert.deepEqual(table.config.size, other.config.size);
  left.bodies.forEach((body, i) => {
    body.capsules.forEach(
      (c, k) => (same(c.p0, right.bodies[i].capsules[k].p0), same(c.p1, right.bodies[i].capsules[k].p1)),
    );
    assert.deepEqual(body.path, right.bodies[i].path);
  });
});
