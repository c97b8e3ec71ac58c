/**
 * What held the arm back most often, in words; "" if nothing did.
 * @param before,now how often each cause stopped or limited the arm, by its name
 */
export function tellBraking(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): string {
  let most = 0,
    by = "";
  for (const [name, n] of Object.entries(now))
    if (n - (before[name] ?? 0) > most) [most, by] = [n - (before[name] ?? 0), name];
  return most === 0 ? "" : `held back ${most} time${most === 1 ? "" : "s"} by ${by}`;
}
