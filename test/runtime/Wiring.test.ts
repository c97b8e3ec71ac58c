import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import type { Percept } from "../../src/core/Percept.js";
import type { Plan } from "../../src/core/Plan.js";
import { SharedClock } from "../../src/core/time/SharedClock.js";
import type { TaskSpec } from "../../src/cost/index.js";
import { Ingress } from "../../src/runtime/ingress/Ingress.js";
import { sees } from "../../src/runtime/sees.js";
import { Wiring } from "../../src/runtime/Wiring.js";
import type { ModelManifest } from "../../src/worldmodel/learned/onnx/index.js";

type Told = { readonly reflex: readonly string[]; readonly levels: readonly (readonly string[])[] };
type Case = readonly [what: string, act: (wiring: Wiring) => void, wanted: Told];

/** Does all cases in turn, with planners that say what they hear; asserts whom each of them told what. */
async function check(setup: AgentSetup, cases: readonly Case[]): Promise<void> {
  const { levels } = setup.agent,
    clock = SharedClock.system(),
    ignore = (): void => {};
  let reflex: string[] = [],
    heard: string[][] = [],
    marker = 1000, // generation of the task after a case, by which it is known that all was heard
    marked = 0,
    over = ignore;
  const planners = {
    planned: ignore,
    decided: ignore,
    failed: (index: number, generation: number, kind: string): void => {
      if (generation < 1000) heard[index].push(kind);
      else if (++marked === levels.length) over();
    },
  };
  const listener = {
    reflex: { command: ignore, report: ignore, died: assert.fail },
    planners,
    perception: { seen: ignore, failed: ignore },
  };
  const wiring = new Wiring(setup, clock, new Ingress(setup, clock, undefined), listener, () => ({
    started: async () => {},
    post: ({ kind }) => void reflex.push(kind),
    end: async () => {},
  }));
  await wiring.start(false, new URL("./echoPlanner.js", import.meta.url));
  try {
    for (const [what, act, wanted] of cases) {
      [reflex, heard, marked] = [[], levels.map(() => []), 0];
      act(wiring);
      const told = { reflex: reflex.slice(), levels: heard };
      const all = new Promise<void>((resolve) => (over = resolve));
      wiring.task(marker++, undefined, undefined);
      await all;
      assert.deepEqual(told, wanted, what);
    }
  } finally {
    await wiring.end();
  }
}

const plan = { level: "any" } as Plan;
const task = { guardrails: [] } as unknown as TaskSpec;
const percept = { stamp: 0, z: new Float32Array(2) } as unknown as Percept;

/** An agent of as many levels, with a camera where its top level sees. */
function agentOf(count: number, seeing: boolean): AgentSetup {
  const setup = loadSetup({ robot: "arm7", agent: "default" });
  const levels = Array.from({ length: count }, () => setup.agent.levels[0]);
  const learned = seeing ? ({ camera: "camera" } as ModelManifest) : undefined;
  return { ...setup, learned, agent: { ...setup.agent, levels } };
}

for (const [count, seeing] of [
  [1, false],
  [1, true],
  [3, false],
  [3, true],
] as const) {
  const title = `${count} level${count === 1 ? "" : "s"}, ${seeing ? "one of which sees" : "none of which sees"}`;
  test(`every thread is told what is its own, and nothing else: ${title}`, async () => {
    const setup = agentOf(count, seeing),
      indices = setup.agent.levels.map((_, index) => index),
      lowest = count - 1;
    assert.equal(indices.filter((index) => sees(setup, index)).length, seeing ? 1 : 0);
    const levels = (which: (index: number) => boolean, ...kinds: string[]): string[][] =>
      indices.map((index) => (which(index) ? kinds : []));
    const all = (): boolean => true,
      none = (): boolean => false,
      eyes = (index: number): boolean => sees(setup, index);
    await check(setup, [
      ["task", (w) => w.task(1, task, {}), { reflex: ["task"], levels: levels(all, "task") }],
      ["beliefs", (w) => w.beliefs(), { reflex: [], levels: levels(all, "beliefs") }],
      ["bodies", (w) => w.bodies(), { reflex: ["bodies"], levels: levels(all, "beliefs") }],
      ["wrench", (w) => w.wrench(0, [1, 2, 3, 0, 0, 0]), { reflex: ["wrench"], levels: levels(none) }],
      ["rest", (w) => w.rest(1, true), { reflex: ["rest"], levels: levels(none) }],
      ["percept", (w) => w.percept(percept, new Float64Array(7)), { reflex: [], levels: levels(eyes, "percept") }],
      [
        "the lowest level's plan, followed by the arm, which the level itself need not be told",
        (w) => w.plan(lowest, 1, plan, false),
        { reflex: ["plan"], levels: levels((index) => eyes(index) && index !== lowest, "followed") },
      ],
      ["while it comes to rest", (w) => w.plan(lowest, 1, plan, true), { reflex: [], levels: levels(none) }],
      ...indices.slice(0, lowest).flatMap((above) =>
        [false, true].map((resting): Case => {
          const below = levels((index) => index === above + 1, "above");
          return [`plan of level ${above}`, (w) => w.plan(above, 1, plan, resting), { reflex: [], levels: below }];
        }),
      ),
    ]);
  });
}
