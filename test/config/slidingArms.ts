import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { loadSetup, type AgentSetup } from "../../src/agent/setup/AgentSetup.js";
import { Rng } from "../../src/core/math/Rng.js";

const folder = mkdtempSync(join(tmpdir(), "telos-sliding-"));
after(() => rmSync(folder, { recursive: true }));
/** Writes a file and returns its path. */
export const write = (name: string, text: string): string => (
  writeFileSync(join(folder, name), text),
  join(folder, name)
);

export const LIMIT = 0.8,
  SPEED = 2; // rad or m, and a second, of every joint in the URDF
/** A stack of joints along z, which turn or slide. */
function urdf(slides: readonly boolean[]): string {
  const joint = (s: boolean, n: number): string =>
    `<joint name="j${n}" type="${s ? "prismatic" : "revolute"}"><parent link="l${n}"/><child ` +
    `link="l${n + 1}"/><origin xyz="0 0 0.3"/><axis xyz="${n % 2} 0 ${1 - (n % 2)}"/><limit lower="-${LIMIT}" ` +
    `upper="${LIMIT}" velocity="${SPEED}" effort="90"/></joint>`;
  return (
    `<robot name="stack">` +
    `${[...slides, false]
      .map((_, n) => `<link name="l${n}"><collision><geometry><sphere radius="0.02"/></geometry></collision></link>`)
      .join("")}` +
    `${slides.map(joint).join("")}</robot>`
  );
}

// What is meant, told apart from the product: its own units.
const ANGLES = { rad: 1, mrad: 1e-3, deg: Math.PI / 180 } as const,
  LENGTHS = { m: 1, cm: 1e-2, mm: 1e-3 } as const,
  PER = ["", "/s", "/s^2", "/s^3"] as const;
type Written = {
  readonly text: string;
  readonly turning?: number;
  readonly sliding?: number;
  readonly form: "number" | "angle" | "length" | "each";
};

/** A bound of every joint, written in one of the ways there are; `x` in SI. */
export function written(rng: Rng, power: number, x: () => number, form: Written["form"]): Written {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(rng.uniform() * of.length)];
  const text = (units: Readonly<Record<string, number>>, value: number): string => {
    const [unit, factor] = pick(Object.entries(units));
    return `${value / factor} ${unit}${PER[power]}`;
  };
  const a = x(),
    b = x();
  if (form === "number") return { form, text: String(a), turning: a, sliding: a };
  if (form === "angle") return { form, text: text(ANGLES, a), turning: a };
  if (form === "length") return { form, text: text(LENGTHS, b), sliding: b };
  const plain = rng.uniform() < 0.3; // numbers alone, in SI
  return {
    form,
    text: `{ turning: ${plain ? a : text(ANGLES, a)}, sliding: ${plain ? b : text(LENGTHS, b)} }`,
    turning: a,
    sliding: b,
  };
}

/** Whether what is written can bound every one of these joints. */
export const fits = ({ form }: Written, slides: readonly boolean[]): boolean =>
  form === "each" || slides.every((s) => (form === "number" ? s === slides[0] : s === (form === "length")));
export const FORMS = ["number", "angle", "length", "each"] as const;
export const near = (got: number, want: number, what: string): void =>
  assert.ok(Math.abs(got - want) < 1e-9 * Math.max(1, Math.abs(want)), `${what}: got ${got}, want ${want}`);
/** The bound that is meant for a joint of this kind, SI. */
export const of = (w: Written, slides: boolean): number => (slides ? w.sliding! : w.turning!);

/**
 * What holds of a refusal: it stands at its file, line and key, and says what would do: the unit that the joint has, or
 * one for each kind.
 */
export function refusedWell(
  act: () => unknown,
  slides: readonly boolean[],
  w: Written,
  place: RegExp,
  power: number,
): void {
  const mixed = new Set(slides).size === 2,
    turns = `j${slides.indexOf(false)} turns`,
    slide = `j${slides.indexOf(true)} slides`,
    rad = `rad${PER[power]}`,
    m = `m${PER[power]}`;
  const words = mixed
    ? `for all joints, want { turning: a number in ${rad}, sliding: one in ${m} }: ${turns}, ${slide}`
    : slides[0]
      ? `want a number in ${m} or with such a unit: j0 slides`
      : `want a number in ${rad} or with such a unit: j0 turns`;
  assert.throws(act, (e: Error) => {
    assert.match(e.message, place);
    assert.ok(
      e.message.includes(words),
      `${w.text} of ${slides.map((s) => (s ? "m" : "rad")).join()}: ${e.message}, want: ${words}`,
    );
    return true;
  });
}

/** Arms of one to four joints: all that turn, all that slide, and mixed ones. */
export function* arms(): Generator<{
  readonly slides: readonly boolean[];
  readonly rng: Rng;
  readonly load: (lines: string) => AgentSetup;
  readonly file: string;
}> {
  for (let seed = 1; seed <= 8; seed++) {
    const rng = new Rng(seed),
      n = 2 + Math.floor(rng.uniform() * 3),
      slides = Array.from({ length: n }, () => (seed % 4 === 0 ? true : seed % 4 === 1 ? false : rng.uniform() < 0.5));
    // the last sliding joint of a chain may be a gripper's
    slides[n - 1] &&= seed % 4 === 0 || slides.slice(0, -1).every((s) => s) === false;
    write(`a${seed}.urdf`, urdf(slides));
    const file = join(folder, `a${seed}.yaml`),
      head =
        `name: a${seed}\nurdf: a${seed}.urdf\ntool: l${n}\n` +
        `joints: [${slides.map((_, j) => `j${j}`).join(", ")}]\n`;
    yield {
      slides,
      rng,
      file,
      load: (lines) => loadSetup({ robot: write(`a${seed}.yaml`, `${head}${lines}`), agent: "default" }),
    };
  }
}
