import assert from "node:assert/strict";
import { test } from "node:test";
import { contactForceCap } from "../../../src/agent/setup/contactForceCap.js";
import { WrenchIngress } from "../../../src/runtime/ingress/WrenchIngress.js";
import type { RobotConfig } from "../../../src/config/index.js";
import { Rng } from "../../../src/core/math/Rng.js";
import { ContactForce } from "../../../src/guardrails/filter/ContactForce.js";
import type { GuardrailSpec } from "../../../src/guardrails/index.js";

test("two samples on end above the cap are too much, one is not; what is no number counts as above", () => {
  const rng = new Rng(7);
  for (let run = 0; run < 300; run++) {
    const max = rng.range(1, 200),
      contact = new ContactForce(max),
      tooMuch: boolean[] = [];
    for (let i = 0; i < 60; i++) {
      const size = max * [0, 0.5, 1 - 1e-9, 1 + 1e-9, 3][rng.bits() % 5],
        z = rng.range(-1, 1),
        angle = rng.range(0, 2 * Math.PI),
        r = Math.sqrt(1 - z * z);
      const broken = rng.bits() % 20 === 0;
      const force = [size * r * Math.cos(angle), broken ? NaN : size * r * Math.sin(angle), size * z];
      tooMuch.push(broken || size > max);
      assert.equal(
        contact.exceeds(force),
        tooMuch.length > 1 && tooMuch.at(-1)! && tooMuch.at(-2)!,
        `sample ${i} of run ${run}`,
      );
      if (!broken) assert.ok(Math.abs(contact.margin - (max - size)) < 1e-9 * max);
    }
  }
});

test("a force sample enters if its numbers are finite and its stamp is new, rising and not in the future", () => {
  const ingress = new WrenchIngress(),
    calm = [0, 0, 0, 0, 0, 0];
  assert.equal(ingress.take(10, calm, 10), "");
  assert.equal(ingress.take(10, calm, 10), "duplicate");
  assert.match(ingress.take(9.99, calm, 10), /older/);
  assert.match(ingress.take(10.1, calm, 10), /ahead/);
  for (const stamp of [NaN, Infinity, -Infinity]) assert.match(ingress.take(stamp, calm, 10), /stamp/);
  for (let i = 0; i < 6; i++)
    for (const x of [NaN, Infinity, -Infinity])
      assert.match(
        ingress.take(
          10.01,
          calm.map((c, k) => (k === i ? x : c)),
          10.01,
        ),
        /finite/,
      );
  assert.match(ingress.take(10.01, [1, 2, 3], 10.01), /finite/);
  assert.equal(ingress.stamp, 10);
  assert.equal(ingress.take(10.01, calm, 10.01), "");
  assert.equal(ingress.take(2, calm, 2), "", "both clocks went back");
});

test("the cap is the robot's own, or what a task may touch with at most, whichever is less", () => {
  const robot = (max?: number): { robot: RobotConfig } => ({
    robot: { guardrails: max === undefined ? {} : { contact_force: { max, stale_after: 0.1 } } } as RobotConfig,
  });
  const touch = (force: number): GuardrailSpec =>
    ({ kind: "contact", config: { bodies: ["block"], force } }) as GuardrailSpec;
  assert.equal(contactForceCap(robot(), [touch(20)]), undefined);
  assert.equal(contactForceCap(robot(60)), 60);
  assert.equal(contactForceCap(robot(60), [touch(20), touch(30)]), 30);
  assert.equal(contactForceCap(robot(60), [touch(100)]), 60);
});
