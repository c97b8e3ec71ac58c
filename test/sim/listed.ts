/** Elements of one name as fast-xml-parser gives them: none, one, or an array of several. */
export function listed<T>(x: T | readonly T[] | undefined): T[] {
  if (x === undefined) return [];
  return Array.isArray(x) ? x : [x as T];
}
