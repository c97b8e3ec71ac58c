import assert from "node:assert/strict";
import { test } from "node:test";
import { admitGuardrails } from "../../src/agent/setup/admitGuardrails.js";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { buildGuardrails } from "../../src/agent/setup/buildGuardrails.js";
import { contactForceCap } from "../../src/agent/setup/contactForceCap.js";
import { readGuardrails } from "../../src/runtime/readGuardrails.js";
import { readTask } from "../../src/agent/setup/readTask.js";
import { setupUnderTask } from "../../src/agent/setup/setupUnderTask.js";
import { tightenLimits } from "../../src/agent/setup/tightenLimits.js";
import { ConfigError, parseRobot, parseYaml } from "../../src/config/index.js";
import { Rng } from "../../src/core/math/Rng.js";
import type { Rollouts } from "../../src/core/Rollouts.js";
import { loadTask } from "../../src/cost/index.js";
import { guardrailSchemas, type GuardrailSpec } from "../../src/guardrails/index.js";
import type { Guardrail } from "../../src/guardrails/Guardrail.js";
import { Sweep } from "../../src/kinematics/Sweep.js";
import { randomPaths, world } from "./setups.js";

const base = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });
const declared = parseRobot(
  parseYaml(
    `name: strict
workspace: { box: { center: [0, 0, 0.5], size: [2 m, 2 m, 2 m] } }
guardrails:
  tool_tilt: { max: 60 deg }
  spill: { max: 50 deg }
  payload: { mass: 12 kg, com: [0.05, 0, 0.1], reserve: 0.1 }
  contact: { force: 40 N, stiffness: 1000 N/m }
  contact_force: { max: 60 N }`,
    "strict.yaml",
  ),
);
/** Robots that declare all, something, or nothing; with people kept away from, or touched gently. */
const setups = (rng: Rng): AgentSetup => {
  const some = Object.fromEntries(
    Object.entries(declared.guardrails).filter(([kind]) => kind === "contact" || rng.bits() % 3 > 0),
  );
  const person =
    rng.bits() % 2 === 0
      ? base.agent.guardrails.person
      : { ...base.agent.guardrails.person, mode: "power_and_force" as const, regions: { person: "hand" as const } };
  return {
    ...base,
    robot: { ...base.robot, workspace: rng.bits() % 2 === 0 ? declared.workspace : undefined, guardrails: some },
    agent: { ...base.agent, guardrails: { ...base.agent.guardrails, person } },
  };
};

/** A guardrail of a task, as somebody may write it: often within what the robot declares, not always. */
function written(rng: Rng): string {
  const n = (lo: number, hi: number): string => rng.range(lo, hi).toPrecision(4),
    mass = ["0", n(0, 13), "12"][rng.bits() % 3];
  switch (rng.bits() % 10) {
    case 0:
      return (
        `payload: { mass: ${mass} kg, com: [${n(-0.2, 0.2)}, ${n(-0.2, 0.2)}, ${n(-0.1, 0.3)}], reserve: ` +
        `${n(0.02, 0.4)} }`
      );
    case 1:
      return `tool_tilt: { max: ${n(0.1, 1.2)}, direction: [${n(-1, 1)}, ${n(-1, 1)}, -1] }`;
    case 2:
      return `spill: { max: ${n(0.1, 1)}, axis: [${n(-1, 1)}, ${n(-1, 1)}, 1] }`;
    case 3:
      return (
        `workspace: { box: { center: [${n(-0.3, 0.3)}, 0, 0.5], size: [${n(0.2, 2)}, ${n(0.2, 2)}, ` +
        `${n(0.2, 2)}] } }`
      );
    case 4:
      return `contact: { bodies: [${["table", "wall", "table, wall"][rng.bits() % 3]}], force: ${n(1, 45)} N }`;
    case 5:
      return `limits: { velocity: ${n(0.001, 2.5)}, acceleration: ${n(0.01, 12)}, jerk: ${n(0.1, 1000)} }`;
    case 6:
      return (
        `holding: { id: thing, position: [${n(-0.05, 0.05)}, 0, ${n(0, 0.1)}], mass: ${mass} kg, position_std: 2 mm, ` +
        `parts: [{ box: { size: [${n(0.01, 0.1)}, ${n(0.01, 0.1)}, ${n(0.01, 0.2)}] } }] }`
      );
    case 7:
      return (
        `support: { ids: [${["table", "wall"][rng.bits() % 2]}], depth: ${n(0, 0.02)}, ` +
        `release_height: ${n(0, 0.5)} }`
      );
    case 8:
      return (
        `avoid: { shapes: [{ id: a, sphere: { center: [${n(-1, 1)}, ${n(-1, 1)}, ${n(0, 1)}], radius: 0.1 } }], ` +
        `spared: [${["", "held", "hand"][rng.bits() % 3]}] }`
      );
    default:
      return `keep_out: { sphere: { center: [${n(-1, 1)}, ${n(-1, 1)}, ${n(0, 1)}], radius: 0.1 } }`;
  }
}

/** A task's guardrails where they are admitted. */
function admitted(list: readonly string[], setup: AgentSetup): GuardrailSpec[] | undefined {
  try {
    const { config, document } = loadTask(
      `name: t\ngoal:\n  - joint_positions: [0, 0, 0, 1, 0, 0, 0]\nguardrails:\n` +
        `${list.map((g) => `  - ${g}\n`).join("")}`,
      guardrailSchemas,
    );
    admitGuardrails(config.guardrails as GuardrailSpec[], setup, document);
    return config.guardrails as GuardrailSpec[];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return undefined;
  }
}

/** The least margin of each name, by path. */
function margins(list: readonly Guardrail[], r: Rollouts): Map<string, Float64Array> {
  const by = new Map<string, Float64Array>(),
    out = new Float64Array(r.K);
  for (const guardrail of list) {
    guardrail.margin(r, out, r.K);
    const least = by.get(guardrail.name) ?? new Float64Array(r.K).fill(Infinity);
    by.set(
      guardrail.name,
      least.map((x, k) => Math.min(x, out[k])),
    );
  }
  return by;
}

test("a person is met the more gently the more the arm carries", () => {
  const setup = {
    ...base,
    agent: {
      ...base.agent,
      guardrails: {
        ...base.agent.guardrails,
        person: {
          ...base.agent.guardrails.person,
          mode: "power_and_force" as const,
          regions: { person: "hand" as const },
        },
      },
    },
  };
  const r = randomPaths(base.arm, 30, 4, 0.01, new Rng(2), 1),
    sweep = new Sweep(base.arm);
  r.from = world(0, [
    { id: "person", kind: "person", p0: [0.4, 0, 0], p1: [0.4, 0, 1], radius: 0.3, speedBound: 1.6, stamp: 0 },
  ]);
  sweep.fill(r);
  const [none, some, most] = [0, 2, 10].map((mass) =>
    margins(buildGuardrails(setup, admitted([`payload: { mass: ${mass} kg }`], setup)!), r).get("power_and_force")!,
  );
  let less = 0;
  for (let k = 0; k < r.K; k++) {
    assert.ok(most[k] <= some[k] && some[k] <= none[k]);
    if (most[k] < some[k] && some[k] < none[k]) less++;
  }
  assert.ok(less > 10, `${less} paths`);
});

test(
  "no task that is admitted loosens anything: with it every margin, " +
    "every joint limit and the force that latches are as without, or less",
  () => {
    const rng = new Rng(1),
      sweep = new Sweep(base.arm),
      bodies = [
        {
          id: "person",
          kind: "person" as const,
          p0: [0.7, 0.2, 0.2] as const,
          p1: [0.7, 0.2, 1] as const,
          radius: 0.1,
          speedBound: 0.2,
          stamp: 0,
        },
      ];
    const kinds = new Map<string, number>();
    let refused = 0,
      tighter = 0;
    for (let trial = 0; trial < 300; trial++) {
      const setup = setups(rng),
        specs = admitted(
          Array.from({ length: 1 + (rng.bits() % 3) }, () => written(rng)),
          setup,
        );
      if (specs === undefined) {
        refused++;
        continue;
      }
      for (const { kind } of specs) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const r = randomPaths(setup.arm, 30, 4, 0.01, rng, [1, 0.1, 0.02][trial % 3]);
      if (trial % 5 === 0) r.v.fill(0);
      r.from = world(0, bodies);
      sweep.fill(r);
      // what a task may touch is declared by the robot, and how hard: no harder than that is what it may do at most
      const touched = specs.flatMap((spec) =>
        spec.kind === "contact"
          ? [{ ...spec, config: { ...spec.config, force: setup.robot.guardrails.contact!.force } }]
          : [],
      );
      const under = setupUnderTask(setup, specs),
        carrying = new Sweep(under.arm),
        same = randomPaths(under.arm, r.K, r.N, r.dt, new Rng(0));
      (same.q.set(r.q), same.v.set(r.v), (same.from = r.from));
      carrying.fill(same);
      const without = margins(buildGuardrails(setup, touched), r),
        withTask = margins(buildGuardrails(under, specs), same);
      for (const [name, most] of without) {
        const least = withTask.get(name);
        assert.ok(least !== undefined, `${name} is gone: ${JSON.stringify(specs)}`);
        for (let k = 0; k < r.K; k++) {
          assert.ok(
            least[k] <= most[k] + 1e-12,
            `${name} ${most[k]} without, ${least[k]} with ${JSON.stringify(specs)} of ` +
              `${JSON.stringify(setup.robot.guardrails)}`,
          );
          if (least[k] < most[k]) tighter++;
        }
      }
      const own = tightenLimits(setup).arm.limits,
        limits = under.arm.limits;
      for (let j = 0; j < setup.arm.nq; j++)
        assert.ok(
          limits.lo[j] >= own.lo[j] &&
            limits.hi[j] <= own.hi[j] &&
            limits.velocity[j] <= own.velocity[j] &&
            limits.acceleration[j] <= own.acceleration[j] &&
            (limits.jerk?.[j] ?? Infinity) <= (own.jerk?.[j] ?? Infinity),
          JSON.stringify(specs),
        );
      assert.ok(!((contactForceCap(setup, specs) ?? Infinity) > (contactForceCap(setup) ?? Infinity)));
    }
    for (const kind of Object.keys(guardrailSchemas))
      assert.ok((kinds.get(kind) ?? 0) >= 5, `${kind}: ${kinds.get(kind)} times`);
    assert.ok(refused > 20 && tighter > 300, `${refused} refused, tighter ${tighter} times`);
  },
);

test(
  "limits under which nothing could move, or a stop would take longer than a command can say, " +
    "are refused at the door with the number and its unit",
  () => {
    const text = (limits: string): string =>
      `name: t\ngoal:\n  - joint_positions: [0, 0, 0, 1, 0, 0, 0]\nguardrails:\n  - limits: ${limits}\n`;
    const cases: [string, RegExp, AgentSetup?][] = [
      [
        "{ velocity: 0.000001, jerk: 1000 }",
        new RegExp(
          String.raw`guardrails\[0\]\.limits\.velocity: got 0.000001 rad\/s, want at ` +
            String.raw`least 0.00209 rad\/s, a thousandth of what arm7's slowest joint may do`,
        ),
      ],
      ["{ acceleration: 0.001 }", /limits\.acceleration: got 0.001 rad\/s², want at least 0.008 rad\/s²/],
      ["{ jerk: 0.00001 }", /limits\.jerk: got 0.00001 rad\/s³, want at least 0.032 rad\/s³/],
      [
        "{ jerk: 1 }",
        new RegExp(
          String.raw`guardrails\[0\]: limits: got 0.25 rad\/s, 0.25 rad\/s², 1 ` +
            String.raw`rad\/s³ of joint 1, which takes 3.42 s to stop, want at most 1 s`,
        ),
        { ...base, agent: { ...base.agent, reflex: { ...base.agent.reflex, period: 0.001 } } },
      ],
    ];
    for (const [limits, message, setup = base] of cases) {
      const read = readTask(text(limits), setup, []);
      assert.ok(
        "code" in read && read.code === "INVALID_TASK" && message.test(read.message),
        `${limits}: ${JSON.stringify(read).slice(0, 300)}`,
      );
      assert.throws(
        () => readGuardrails(`[{"limits": ${limits}}]`, setup),
        (e) => e instanceof ConfigError && message.test(e.message),
      );
    }
    for (const limits of [
      "{ velocity: 0.01, jerk: 1000 }",
      "{ jerk: 0.04 }",
      "{ velocity: 0.003, acceleration: 0.01, jerk: 5 }",
    ])
      assert.ok("spec" in readTask(text(limits), base, []), limits);
  },
);
