import type { Body } from "../../core/Body.js";
import { mayBe } from "./matchParts.js";

/** Parts that may be mistaken for each other: known ones, by their keys, and observed ones (`told`). */
export interface Group {
  readonly keys: readonly string[];
  readonly told: readonly Body[];
}
type Known = ReadonlyMap<string, readonly Body[]>;

/**
 * An empty id identifies nobody, so each part under it is a group of its own, except where an observed part may be any
 * of several known ones. The groups are the connected components of the graph that joins an observed part to every
 * known part that it may be. A part observed in the last message and again now is not taken for a hidden one: only
 * observed parts beyond the number of fresh ones are joined to hidden ones.
 */
export function groupNameless(fresh: Known, hidden: Known, told: readonly Body[], noise: number): Group[] {
  const seen = join(
    told.map((part) => ({ keys: [], told: [part] })),
    fresh,
    noise,
  );
  const more = ({ keys, told }: Group): boolean => told.length > keys.reduce((n, key) => n + fresh.get(key)!.length, 0);
  return [...seen.filter((g) => !more(g)), ...join(seen.filter(more), hidden, noise)];
}

function join(groups: readonly Group[], known: Known, noise: number): Group[] {
  let all: Group[] = [];
  for (const { keys, told } of groups) {
    const own = [
      ...keys,
      ...[...known].filter(([, parts]) => parts.some((p) => told.some((t) => mayBe(p, t, noise)))).map(([key]) => key),
    ];
    const shared = all.filter((g) => g.keys.some((key) => own.includes(key)));
    all = [
      ...all.filter((g) => !shared.includes(g)),
      {
        keys: [...new Set([...own, ...shared.flatMap((g) => g.keys)])],
        told: [...shared.flatMap((g) => g.told), ...told],
      },
    ];
  }
  return all;
}
