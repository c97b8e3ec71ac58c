import assert from "node:assert/strict";
import { test } from "node:test";
import { sparkline, TerminalView } from "../../src/cli/TerminalView.js";
import { status } from "./statuses.js";

/** A screen that keeps what was written. */
function screen(
  isTTY: boolean,
  columns = 100,
): { isTTY: boolean; columns: number; text: string; write(s: string): void } {
  return {
    isTTY,
    columns,
    text: "",
    write(s) {
      this.text += s;
    },
  };
}

test("where there is no terminal: one plain line a second, no escape codes", () => {
  const s = screen(false);
  const view = new TerminalView(s, "title", "live");
  for (let t = 0; t < 3500; t += 100) view.show(status(), "2.5 tolerances from the goal", t);
  view.clear();
  const lines = s.text.split("\n").slice(0, -1);
  assert.equal(lines.length, 4);
  assert.doesNotMatch(s.text, /\x1b/);
  for (const line of lines)
    assert.match(
      line,
      new RegExp(
        String.raw`^reach: active, 50 %, 2\.5 tolerances from the goal, energy 3\.25, ` +
          String.raw`margin 3\.4 cm \(self_collision\), subgoal 2 Hz, motion 12 Hz$`,
      ),
    );
});

test("headless is plain on a terminal too", () => {
  const s = screen(true);
  new TerminalView(s, "title", "plain").show(status(), "", 0);
  assert.doesNotMatch(s.text, /\x1b/);
});

/** What a terminal would show after these bytes: cursor up, erase below, erase line, newline. */
function render(text: string): string[] {
  const lines = [""];
  let row = 0;
  for (const [token, n, code] of text.matchAll(/\x1b\[(\d*)([AJK])|\n|[^\x1b\n]+/g)) {
    if (code === "A") row -= Number(n);
    else if (code === "J") lines.splice(row, Infinity, "");
    else if (code === "K") lines[row] = "";
    else if (token === "\n") lines[++row] ??= "";
    else lines[row] += token;
  }
  assert.ok(row >= 0, "the cursor never leaves what is ours");
  return lines;
}

test("on a terminal: redrawn in place, at most 10 times a second, and gone without a trace but for the notes", () => {
  const s = screen(true);
  const view = new TerminalView(s, "title", "live");
  view.note("before");
  for (let t = 0; t < 1000; t += 10) view.show(status({ energy: 10 - t / 100 }), "far", t);
  assert.equal(s.text.match(/title/g)?.length, 10);
  const shown = render(s.text);
  assert.equal(shown.filter((l) => l === "title").length, 1);
  for (const word of [
    "before",
    "reach",
    "50 %",
    "far",
    "active",
    "3.4 cm (self_collision)",
    "▇",
    "motion",
    "12 Hz",
    "100 checks",
    "7 limited",
  ])
    assert.ok(shown.join("\n").includes(word), word);
  view.note("between");
  view.show(status({ levels: [] }), "", 2000);
  view.clear();
  assert.deepEqual(render(s.text), ["before", "between", ""]);
});

test("no line is wider than the terminal", () => {
  const s = screen(true, 30);
  new TerminalView(s, "a title that is longer than the terminal is wide", "live").show(
    status(),
    "far away from where it should be",
    0,
  );
  for (const line of render(s.text)) assert.ok([...line].length < 30, line);
});

test("a view of an agent that knows nothing yet", () => {
  const s = screen(true);
  new TerminalView(s, "title", "live").show(
    status({
      task: "",
      energy: NaN,
      margins: [{ name: "separation", value: Infinity, unit: "m" }],
      levels: [],
      progress: 0,
    }),
    "",
    0,
  );
  assert.doesNotMatch(s.text, /NaN|Infinity|undefined/);
});

test("a sparkline spans nothing to the largest", () => {
  assert.equal(sparkline([0, 1, 2, 4]), "▁▃▅█");
  assert.equal(sparkline([]), "");
});
