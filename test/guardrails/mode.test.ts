import assert from "node:assert/strict";
import { test } from "node:test";
import { transition, unconfigured, type Mode, type ModeEvent, type ModeState } from "../../src/guardrails/mode.js";

const events: ModeEvent[] = ["configure", "cleanup", "activate", "deactivate", "brake", "fault", "rest", "reset"];

/** Every state that events can lead to. */
function reachable(): ModeState[] {
  const found: ModeState[] = [unconfigured];
  for (let i = 0; i < found.length; i++)
    for (const e of events) {
      const s = transition(found[i], e);
      if (!found.some((f) => f.mode === s.mode && f.next === s.next)) found.push(s);
    }
  return found;
}
const name = ({ mode, next }: ModeState): string => (mode === next ? mode : `${mode}>${next}`);

/** The whole machine, written down a second time: what is not here changes nothing. */
const table: Record<string, Partial<Record<ModeEvent, string>>> = {
  unconfigured: { configure: "inactive" },
  inactive: { cleanup: "unconfigured", activate: "active", fault: "latched" },
  active: { brake: "stopping>active", deactivate: "stopping>inactive", fault: "stopping>latched" },
  "stopping>active": { rest: "active", deactivate: "stopping>inactive", fault: "stopping>latched" },
  "stopping>inactive": { rest: "inactive", fault: "stopping>latched" },
  "stopping>latched": { rest: "latched" },
  latched: { reset: "active" },
};

test("states × events, exhaustively: the machine is the table", () => {
  const all = reachable();
  assert.deepEqual(all.map(name).sort(), Object.keys(table).sort());
  for (const s of all)
    for (const e of events) assert.equal(name(transition(s, e)), table[name(s)][e] ?? name(s), `${name(s)} + ${e}`);
});

test("an event that does not apply returns the very same state", () => {
  for (const s of reachable())
    for (const e of events) if (table[name(s)][e] === undefined) assert.equal(transition(s, e), s);
});

test("a latch is left by reset alone, and no stop is ever weakened", () => {
  const strict: Mode[] = ["active", "inactive", "latched"];
  for (const s of reachable())
    for (const e of events) {
      const after = transition(s, e);
      if (s.mode === "latched" && e !== "reset") assert.equal(after.mode, "latched");
      if (s.mode === "stopping" && after.mode === "stopping")
        assert.ok(strict.indexOf(after.next) >= strict.indexOf(s.next));
      if (s.mode === "stopping" && e !== "rest") assert.equal(after.mode, "stopping");
      if (after.mode === "active" && s.mode !== "active")
        assert.ok(e === "activate" || e === "reset" || (e === "rest" && s.next === "active"));
    }
});
