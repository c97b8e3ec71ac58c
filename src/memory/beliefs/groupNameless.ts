import type { Body } from "../../core/Body.js";
import { mayBe } from "./matchParts.js";

/** Parts that may be mistaken for each other: known ones, by the keys they are kept under, and told ones. */
export interface Group {
  readonly keys: readonly string[];
  readonly told: readonly Body[];
}
type Known = ReadonlyMap<string, readonly Body[]>;

/**
 * An empty id names nobody, so each part under it is on its own, but for those that a told part may be any of: the
 * connected components of the graph in which a told part is joined to every known one that it may be, seen again. What
 * was told of a moment ago and is again is not taken for one that is hidden: only told parts that are more than those
 * are joined to these.
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
