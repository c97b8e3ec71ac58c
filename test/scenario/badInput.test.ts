import assert from "node:assert/strict";
import type { Judge } from "./Judge.js";
import { ARM7, lawsOf, restsInTime, swing } from "./law.js";

/** Bad tasks, and joint states of a stranger beside the simulator's own. Whatever comes in: a clear error, the arm safe, the agent alive and of use. */
const { law } = lawsOf({ domain: 3, sim: ["--scene", "table", "--objects", "--no-camera"], agent: ["--scene", "table"] });
const CODE = { invalid: 1, unknown: 2 };
const MEGABYTES = 10 * 1024 * 1024;

const badTasks: readonly (readonly [what: string, task: string, blanks: number, code: number, words: RegExp])[] = [
  ["that names an object nobody has seen", "name: t\ngoal: [{ expression: 'norm(tool - unicorn)' }]\n", 0, CODE.unknown, /unicorn/],
  ["with an expression that imports", "name: t\ngoal: [{ expression: 'import(tool)' }]\n", 0, CODE.invalid, /import/],
  ["with an expression that imports a file", `name: t\ngoal: [{ expression: "import('fs')" }]\n`, 0, CODE.invalid, /2:\d+ goal\[0\]\.expression: got/],
  ["of 10 MB", "name: t\ngoal: [{ tool_pose: { position: [0.4, 0, 0.4] } }]\n", MEGABYTES, CODE.invalid, /10485\d\d\d|characters|KiB/],
  ["that is no YAML", "goal: [[[", 0, CODE.invalid, /\d+:\d+/],
  ["with a misspelt key", "name: t\ngaol: []\n", 0, CODE.invalid, /gaol/],
  ["with a number that is none", "name: t\ngoal: [{ tool_pose: { position: [.nan, 0, 0.4] } }]\n", 0, CODE.invalid, /position/],
  ["in a wrong unit", "name: t\ngoal: [{ tool_pose: { position: [0.4 s, 0 m, 0.4 m] } }]\n", 0, CODE.invalid, /want .*m/],
  ["of a name that no file has", "raech", 0, CODE.invalid, /raech/],
];

for (const [i, [what, task, blanks, code, words]] of badTasks.entries()) {
  law(`a task ${what} is refused with the reason, in motion too; the goal under way goes on to its end`, async (judge) => {
    const good = await judge.goal(swing(i % 2 ? 0.5 : -0.5));
    const end = await judge.accomplish(task, { blanks });
    assert.deepEqual([end.status, end.success, end.code], [6, false, code], end.message);
    assert.match(end.message, words);
    assert.ok(end.message.length < 2000);
    const next = await judge.result(good);
    assert.equal(next.success, true, next.message);
  });
}

/** The reason that diagnostics give for the last message refused. They come once a second, and the sources take turns: looked at until it is the one, or 6 s. */
async function toldReason(judge: Judge, words: RegExp): Promise<string> {
  for (let i = 0; ; i++) {
    await judge.sleep(0.5);
    const told = (await judge.diagnostics()).inputs?.values["last rejection"] ?? "";
    if (words.test(told) || i === 12) return told;
  }
}

const foreign: readonly (readonly [what: string, fault: string, words: RegExp])[] = [
  ["not numbers", "nan", /NaN.*finite/],
  ["with one name for all joints", "twice", /twice/],
  ["with a position too few", "short", /6 positions for 7 names/],
  ["of an arm elsewhere", "leap", /moved by/],
  ["from the past", "back", /older|stamp|time/],
  ["from the future", "ahead", /ahead/],
];

for (const [what, fault, words] of foreign) {
  law(`joint states ${what} beside the true ones in motion are refused with the reason, and the arm reaches a goal after them`, async (judge) => {
    await judge.accomplish(swing(-0.4));
    const under = await judge.goal(swing(0.9));
    await judge.moving(0.3);
    await judge.act({ what: "joint_states", fault });
    const told = await toldReason(judge, words);
    await judge.act({ what: "joint_states", fault: null });
    assert.match(told, words);
    await judge.result(under); // it may have gone on or not: the joint states were in doubt
    const next = await judge.accomplish(swing(-0.4));
    assert.equal(next.success, true, next.message);
    restsInTime(await judge.rest(ARM7), 60);
  });
}
