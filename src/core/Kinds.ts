/**
 * A registry of kinds by their names in files: goals, costs, guardrails, searches, levels. A kind added from outside
 * works like a built-in one; add it before a file that names it is read.
 *
 * @example
 * costs.add("stay_low", stayLow); // `costs: [{ stay_low: { height: 0.3 m } }]` in a task file
 */
export class Kinds<T> {
  private readonly table: Map<string, T>;

  constructor(
    private readonly noun: string, // what one is called in errors: "cost"
    kinds: Readonly<Record<string, T>>,
  ) {
    this.table = new Map(Object.entries(kinds));
  }

  get names(): readonly string[] {
    return [...this.table.keys()];
  }

  get entries(): readonly (readonly [name: string, kind: T])[] {
    return [...this.table];
  }

  has(name: string): boolean {
    return this.table.has(name);
  }

  /** @throws Error if there is no kind of that name */
  of(name: string): T {
    const kind = this.table.get(name);
    if (kind === undefined) throw new Error(`got the ${this.noun} '${name}', want one of: ${this.names.join(", ")}`);
    return kind;
  }

  /** @throws Error if another kind has that name */
  add(name: string, kind: T): void {
    if (this.table.has(name) && this.table.get(name) !== kind)
      throw new Error(`got a second ${this.noun} '${name}', want a name of its own`);
    this.table.set(name, kind);
  }
}
