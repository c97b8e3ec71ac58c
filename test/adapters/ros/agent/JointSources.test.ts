import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../../../src/core/math/Rng.js";
import { JointSources, type Publisher } from "../../../../src/adapters/ros/agent/JointSources.js";

const names = ["joint1", "joint2"];
const arm = { names, velocity: [2, 2], endless: [false, true] };
const of = (gid: string): Publisher => ({ gid, node: `/${gid}` });
const STEP = 0.01;

/**
 * Publishers come and go by the script; each tells every 10 ms what its function says of the time.
 * @returns what was believed at each time, by gid
 */
function play(
  sources: JointSources,
  script: readonly (readonly [
    from: number,
    to: number,
    gid: string,
    tell: (t: number) => { names: readonly string[]; positions: readonly number[] },
  ])[],
  until: number,
  each: (t: number) => void = () => undefined,
): (string | undefined)[] {
  const believed: (string | undefined)[] = [];
  for (let k = 0; k * STEP < until; k++) {
    const t = k * STEP,
      there = script.filter(([from, to]) => t >= from && t < to);
    each(t);
    if (k % 25 === 0)
      sources.look(
        there.map(([, , gid]) => of(gid)),
        t,
      );
    const asked = sources.asks,
      taken = there
        .filter(([, , gid, tell]) => !asked || sources.hear(gid, tell(t), t) === true)
        .map(([, , gid]) => gid);
    believed.push(asked ? taken[0] : undefined);
    assert.ok(!asked || taken.length <= 1, `two are believed at ${t}`);
  }
  return believed;
}

const moving = (t: number): { names: string[]; positions: number[] } => ({ names, positions: [Math.sin(t), 0.3] });
const zeros = (): { names: string[]; positions: number[] } => ({ names, positions: [0, 0] });
const finger = (): { names: string[]; positions: number[] } => ({ names: ["finger"], positions: [0.02] });

test("one publisher is believed without asking who it is, and beside a gripper it is asked for a moment only", () => {
  const alone = new JointSources("/joint_states", arm);
  assert.ok(
    play(alone, [[0, 20, "driver", moving]], 20).every((b) => b === undefined) && !alone.asks && alone.words === "",
  );
  const beside = new JointSources("/joint_states", arm);
  const asked = play(
    beside,
    [
      [0, 60, "driver", moving],
      [5, 60, "gripper", finger],
    ],
    60,
  ).filter((b) => b !== undefined).length;
  assert.ok(!beside.asks && beside.words === "" && asked * STEP < 3, `asked for ${asked * STEP} s`);
});

test(
  "who comes later is skipped and named, whatever it tells; " +
    "the first is believed without a gap, and when the second leaves all is well",
  () => {
    for (const tell of [zeros, moving]) {
      const sources = new JointSources("/joint_states", arm);
      const believed = play(
        sources,
        [
          [0, 40, "driver", moving],
          [5, 20, "gui", tell],
        ],
        20,
      );
      const asked = believed.slice(believed.findIndex((b) => b !== undefined));
      assert.ok(asked.length > 1000 && asked.every((b) => b === "driver"));
      assert.equal(
        sources.words,
        "/gui publishes the arm's joints on /joint_states too, and is ignored: /driver, which came first, is used",
      );
      sources.look([of("driver")], 21);
      sources.hear("driver", moving(21), 21);
      sources.look([of("driver")], 21.3);
      assert.deepEqual([sources.asks, sources.words], [false, ""]);
    }
  },
);

test("where two are there from the beginning nobody is believed once they differ, until one is gone", () => {
  const rng = new Rng(4);
  for (let i = 0; i < 50; i++) {
    const late = rng.range(0, 2.5),
      apart = rng.range(0, 10),
      sources = new JointSources("/joint_states", arm); // discovered one after the other; the same up to then
    const false_ = (t: number): { names: string[]; positions: number[] } => ({
      names,
      positions: [Math.sin(Math.min(t, apart)), 0.3 + 2 * Math.PI],
    }); // endless: a turn is no difference
    const truth = i % 2 === 0 ? "a" : "b",
      script = [
        [0, 30, "a", truth === "a" ? moving : false_],
        [late, 16, "b", truth === "b" ? moving : false_],
      ] as const;
    let differs = NaN;
    for (let t = 0; t < 16; t += STEP)
      if (Number.isNaN(differs) && Math.abs(Math.sin(t) - Math.sin(Math.min(t, apart))) > 0.1 && t > Math.max(late, 3))
        differs = t;
    const believed = play(sources, script, 16);
    if (Number.isNaN(differs)) continue;
    believed
      .slice(Math.ceil((differs + 1.3) / STEP))
      .forEach((b, k) =>
        assert.equal(b, undefined, `${b} is believed ${k * STEP + 1.3} s after they differ at ${differs}, ${i}`),
      );
    assert.match(
      sources.words,
      new RegExp(
        String.raw`^\/[ab] and \/[ab] both publish the arm's joints on \/joint_states, ` +
          String.raw`and differ \(joint1 at .* and .*\): neither is used`,
      ),
    );
    play(sources, [[0, 30, "a", moving]], 3);
    assert.deepEqual([sources.asks, sources.words], [false, ""]);
  }
});

test(
  "who was skipped is not believed when the first is gone, " +
    "until the arm is activated anew; a driver that was started again is",
  () => {
    const sources = new JointSources("/joint_states", arm);
    const believed = play(
      sources,
      [
        [0, 8, "driver", moving],
        [5, 30, "gui", zeros],
        [15, 30, "driver2", moving],
      ],
      14.9,
    );
    assert.ok(believed.slice(Math.ceil(9.5 / STEP)).every((b) => b === undefined) && sources.asks);
    assert.equal(
      sources.words,
      "the publisher in use on /joint_states is gone; /gui also published the arm's joints and is ignored: " +
        "activate again to use it",
    );
    const again = new JointSources("/joint_states", arm),
      later = play(
        again,
        [
          [0, 8, "driver", moving],
          [5, 30, "gui", zeros],
          [15, 30, "driver2", moving],
        ],
        30,
      );
    assert.ok(
      later.slice(Math.ceil(16.5 / STEP)).every((b) => b === "driver2"),
      again.words,
    );
    sources.renew();
    sources.look([of("gui")], 16);
    assert.deepEqual([sources.asks, sources.words], [false, ""]);
  },
);
