import type { RosArguments } from "./rosArguments.js";

/** The full name that a node will have: its own, or by the remaps `__ns` and `__node`. */
export function remappedName({ rcl }: Pick<RosArguments, "rcl">, node: string): string {
  const remapped = (key: string): string | undefined =>
    rcl.findLast((a) => a.replace(/^[^:=]+:(?=__)/, "").startsWith(`${key}:=`))?.split(":=")[1];
  const namespace = (remapped("__ns") ?? "").replace(/\/$/, "");
  return `${namespace}/${remapped("__node") ?? remapped("__name") ?? node}`;
}
