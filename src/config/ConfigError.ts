/** One problem of a configuration, and its place. `line` and `col` start at 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly path: string; // "objects[0].mass"; empty for the document itself
  readonly message: string; // "got X, want Y (unit)"
}

/**
 * All problems of a configuration (the first 20), one line each: `file:line:col path: got X, want Y (unit)`. Loading
 * and checking a configuration throws no other error.
 */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  readonly code: string = "CONFIG";

  /** @param all number of problems, if not all are listed */
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
