import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout, type Job, type Step } from "./checkout.js";

const checkout = new Checkout();
let runner: { run(steps: Step[]): Promise<void>; plan(steps: Step[]): string[] };

before(async () => {
  runner = await checkout.module("runner");
});
after(() => checkout.remove());

function step(name: string, needs: string[], run: (job: Job) => Promise<unknown>): Step {
  const dir = join(checkout.dir, "products", name);
  const make = async (job: Job) => {
    mkdirSync(dir, { recursive: true });
    return run(job);
  };
  return { name, title: name, dir, key: "1", needs, made: () => existsSync(dir), run: make };
}

test("steps that do not wait for one another run together, others in order", async () => {
  const order: string[] = [];
  const log = (name: string, ms: number) => async () => {
    order.push(`${name} begins`);
    await sleep(ms);
    order.push(`${name} ends`);
  };
  const steps = [step("a", [], log("a", 60)), step("b", [], log("b", 20)), step("c", ["a", "b"], log("c", 1))];
  await runner.run(steps);
  assert.deepEqual(order, ["a begins", "b begins", "b ends", "a ends", "c begins", "c ends"]);
  assert.deepEqual(runner.plan(steps), []);
  await runner.run(steps);
  assert.equal(order.length, 6, "what is done is not done again");
});

test("a failed step tells its last words and the fix, stops what depends on it, and is taken up again", async () => {
  let well = false;
  let dependants = 0;
  const first = step("flaky", [], (job) => job.exec("sh", ["-c", well ? "true" : "echo last words; exit 3"]));
  const steps = [
    first,
    step("dependant", ["flaky"], async () => {
      dependants += 1;
    }),
  ];
  await assert.rejects(runner.run(steps), (error: Error) => {
    assert.match(error.message, /flaky: sh ended with code 3/);
    assert.match(error.message, /│ last words/);
    assert.match(error.message, /log: \.ros\/log\/flaky\.log/);
    assert.match(error.message, /fix: /);
    return true;
  });
  assert.equal(dependants, 0);
  assert.deepEqual(runner.plan(steps), ["flaky", "dependant"]);
  well = true;
  await runner.run(steps);
  assert.equal(dependants, 1);
  assert.deepEqual(runner.plan(steps), []);
});

test("a program that does not exist is named", async () => {
  const steps = [step("absent", [], (job) => job.exec("no-such-program", []))];
  await assert.rejects(runner.run(steps), /no-such-program was not found/);
});
