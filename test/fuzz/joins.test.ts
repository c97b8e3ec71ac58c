import assert from "node:assert/strict";
import { test } from "node:test";
import { arm, jerky } from "../guardrails/setups.js";
import { runJoins, type JoinOptions, type Joins } from "./joins.js";

const EPOCH = 1_764_490_000.123; // s: seconds as one number have lost the nanoseconds there
const arms = [arm("arm7"), jerky("arm7")];
const worst = (o: Partial<JoinOptions>, seeds = 1, seconds = 2): Joins[] =>
  arms.flatMap((a) =>
    Array.from({ length: seeds }, (_, i) =>
      runJoins({ arm: a, seed: i + 1, seconds, controller: {}, period: 0.001, epoch: EPOCH, ...o }),
    ),
  );

/** Within the limits but for what the numbers lose. */
function within(all: readonly Joins[], what: string): void {
  for (const r of all) {
    assert.ok(
      r.velocity <= 1.0001 && r.acceleration <= 1.001 && r.jerk <= 1.01 && r.beyond <= 1e-6,
      `${what}: ${JSON.stringify(r)}`,
    );
    assert.ok(r.travel > 4, `${what}: it moved by ${r.travel} rad`);
  }
}

for (const law of ["jazzy", "rolling"] as const)
  for (const interpolateFromDesiredState of [false, true])
    test(
      `under ${law}'s law, ${interpolateFromDesiredState ? "from the desired state" : "from the measured one"}, ` +
        "set-points keep position, velocity, acceleration and jerk, update by update",
      () => {
        within(worst({ controller: { law, interpolateFromDesiredState }, lag: 0.004 }), "an arm that follows late");
        within(worst({ controller: { law, interpolateFromDesiredState }, loses: 0.2 }), "a fifth of the commands lost");
        within(worst({ controller: { law, interpolateFromDesiredState }, period: 0.01 }), "an update every 10 ms");
        within(
          worst({ controller: { law, interpolateFromDesiredState }, period: 0.0005, way: 0.0005, urgent: true }, 1, 1),
          "urgent stops that come in time",
        );
      },
    );

test(
  "that is seen: messages that lie ahead, as they once did, " +
    "are joined by too much acceleration and jerk, and by the master's law those that do not are too",
  () => {
    for (const r of worst({ prefix: false, controller: { law: "jazzy" } }))
      assert.ok(r.acceleration > 1.3, JSON.stringify(r));
    for (const r of worst({ prefix: false, controller: { law: "jazzy", interpolateFromDesiredState: true } }))
      assert.ok(r.acceleration > 10, JSON.stringify(r));
    for (const r of worst({ controller: { law: "master" } })) assert.ok(r.acceleration > 10, JSON.stringify(r));
  },
);
