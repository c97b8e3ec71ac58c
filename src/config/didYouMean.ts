/** ` (did you mean 'x'?)` with the known name closest to a misspelt one, else "". */
export function didYouMean(word: string, names: Iterable<string>): string {
  const near = nearest(word, names);
  return near === undefined ? "" : ` (did you mean '${near}'?)`;
}

/**
 * The name closest to `word` by edit distance (adjacent transpositions count one), or undefined if none is close
 * enough.
 */
function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const name of names) {
    const d = distance(word.toLowerCase(), name.toLowerCase());
    if (d < least) [least, best] = [d, name];
  }
  return best;
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.length];
}
