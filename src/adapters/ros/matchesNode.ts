/**
 * Whether a node name of a parameter rule matches the node with the fully qualified name `name`: `*` stands for one
 * part of it, `**` for any number of parts (as in rcl). A name without any slash means a node of that name in any
 * namespace: friendlier than rcl, where it means the root namespace.
 */
export function matchesNode(rule: string, name: string): boolean {
  const parts = (rule.includes("/") || rule.includes("*") ? rule : `/**/${rule}`)
    .split("/")
    .filter((part) => part !== "");
  return matches(
    parts,
    name.split("/").filter((part) => part !== ""),
  );
}

function matches(rule: readonly string[], name: readonly string[]): boolean {
  if (rule.length === 0) return name.length === 0;
  if (rule[0] === "**") return matches(rule.slice(1), name) || (name.length > 0 && matches(rule, name.slice(1)));
  return name.length > 0 && (rule[0] === "*" || rule[0] === name[0]) && matches(rule.slice(1), name.slice(1));
}
