import assert from "node:assert/strict";
import type { Checker } from "../../src/evaluation/Checker.js";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";

/**
 * Bad tasks, and joint states of a stranger beside the simulator's own. Whatever comes in: a clear error, the arm safe,
 * the agent alive and of use.
 */
const { law } = lawsOf({
  domain: 3,
  sim: ["--scene", "table", "--objects", "--no-camera"],
  agent: ["--scene", "table"],
});
const CODE = { invalid: 1, unknown: 2 };
const MEGABYTES = 10 * 1024 * 1024;

const badTasks: readonly (readonly [what: string, task: string, blanks: number, code: number, words: RegExp])[] = [
  [
    "that names an object nobody has seen",
    "name: t\ngoal: [{ expression: 'norm(tool - unicorn)' }]\n",
    0,
    CODE.unknown,
    /unicorn/,
  ],
  ["with an expression that imports", "name: t\ngoal: [{ expression: 'import(tool)' }]\n", 0, CODE.invalid, /import/],
  [
    "with an expression that imports a file",
    `name: t\ngoal: [{ expression: "import('fs')" }]\n`,
    0,
    CODE.invalid,
    /2:\d+ goal\[0\]\.expression: got/,
  ],
  [
    "of 10 MB",
    "name: t\ngoal: [{ tool_pose: { position: [0.4, 0, 0.4] } }]\n",
    MEGABYTES,
    CODE.invalid,
    /10485\d\d\d|characters|KiB/,
  ],
  ["that is no YAML", "goal: [[[", 0, CODE.invalid, /\d+:\d+/],
  ["with a misspelt key", "name: t\ngaol: []\n", 0, CODE.invalid, /gaol/],
  [
    "with a number that is none",
    "name: t\ngoal: [{ tool_pose: { position: [.nan, 0, 0.4] } }]\n",
    0,
    CODE.invalid,
    /position/,
  ],
  [
    "in a wrong unit",
    "name: t\ngoal: [{ tool_pose: { position: [0.4 s, 0 m, 0.4 m] } }]\n",
    0,
    CODE.invalid,
    /want .*m/,
  ],
  ["of a name that no file has", "raech", 0, CODE.invalid, /raech/],
];

for (const [i, [what, task, blanks, code, words]] of badTasks.entries()) {
  law(
    `a task ${what} is refused with the reason, in motion too; the goal under way goes on to its end`,
    async (checker) => {
      const good = await checker.goal(swing(i % 2 ? 0.5 : -0.5));
      const end = await checker.accomplish(task, { blanks });
      assert.deepEqual([end.status, end.success, end.code], [6, false, code], end.message);
      assert.match(end.message, words);
      assert.ok(end.message.length < 2000);
      const next = await checker.result(good);
      assert.equal(next.success, true, next.message);
    },
  );
}

const SKIPPED =
  /publishes the arm's joints on \/joint_states too, and is ignored: \/telos_sim, which came first, is used/;

/** What diagnostics say of inputs, once it is that the stranger is skipped, or after 6 s. They come once a second. */
async function toldOfInputs(checker: Checker): Promise<string> {
  for (let i = 0; ; i++) {
    await checker.sleep(0.5);
    const told = (await checker.diagnostics()).inputs?.message ?? "";
    if (SKIPPED.test(told) || i === 12) return told;
  }
}

const foreign: readonly (readonly [what: string, fault: string])[] = [
  ["not numbers", "nan"],
  ["with one name for all joints", "twice"],
  ["with a position too few", "short"],
  ["of an arm elsewhere", "leap"],
  ["from the past", "back"],
  ["from the future", "ahead"],
];

/** What such an only source comes to: `onlySource`; of an arm elsewhere, the fault matrix. */
for (const [i, [what, fault]] of foreign.entries()) {
  law(
    `who tells of joint states ${what} beside the true ones in motion is skipped and named, and the arm reaches a ` +
      `goal after them${i > 0 ? ", and the one under way" : ""}`,
    async (checker) => {
      await checker.accomplish(swing(-0.4));
      const under = await checker.goal(swing(0.9));
      await checker.moving(0.3);
      await checker.act({ what: "joint_states", fault });
      const told = await toldOfInputs(checker);
      await checker.act({ what: "joint_states", fault: null });
      assert.match(told, SKIPPED);
      const end = await checker.result(under);
      // the first time it takes up to 1.3 s to know whose they are
      if (i > 0) assert.equal(end.success, true, end.message);
      const next = await checker.accomplish(swing(-0.4));
      assert.equal(next.success, true, next.message);
      restsInTime(await checker.rest(ARM7), 60);
    },
  );
}
