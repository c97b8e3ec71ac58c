/**
 * What `skip` of a test says: what is missing, of the first thing it needs that is not here; false where all are.
 */
export function skipWithout(...needs: readonly (readonly [here: boolean, missing: string])[]): string | false {
  return needs.find(([here]) => !here)?.[1] ?? false;
}
