/** One way to break a guardrail: in a compiled file, the first text becomes the second. */
export interface Mutant {
  readonly file: string; // under dist/src
  readonly from: string;
  readonly to: string;
  readonly tests: string; // of dist/test: what must fail
}

export const of = (file: string, tests: string, ...changes: readonly (readonly [string, string])[]): Mutant[] =>
  changes.map(([from, to]) => ({ file, from, to, tests }));
