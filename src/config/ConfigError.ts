/** One thing wrong with a configuration, at its place. `line` and `col` begin at 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly path: string; // "objects[0].mass"; empty for the document itself
  readonly message: string; // "got X, want Y (unit)"
}

/**
 * What is wrong with a configuration, its problems at once (the first 20), one line each: `file:line:col path: got X,
 * want Y (unit)`. The only error that loading and checking a configuration throws.
 */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  readonly code: string = "CONFIG";

  /** @param all how many problems there are, where not all are told */
  constructor(
    readonly problems: readonly Problem[],
    all = problems.length,
  ) {
    super(
      problems.map(formatProblem).join("\n") + (all > problems.length ? `\n… and ${all - problems.length} more` : ""),
    );
  }
}

const formatProblem = (p: Problem): string =>
  `${p.file}:${p.line}:${p.col}${p.path === "" ? "" : ` ${p.path}`}: ${p.message}`;
