import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PRIMITIVE = /^(bool|byte|char|float32|float64|u?int(8|16|32|64)|w?string)\b/;
const RULE = "=".repeat(80);

/**
 * The definition of a message type in MCAP's `ros2msg` form: its own .msg file, then those of all types that it uses,
 * each after a line of = and its name.
 * @throws Error if a package is not on AMENT_PREFIX_PATH
 */
export function messageDefinition(type: string): string {
  const done = new Set<string>();
  const parts: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name)) return;
    done.add(name);
    const text = messageFile(name);
    parts.push(done.size === 1 ? text : `${RULE}\nMSG: ${name.replace("/msg/", "/")}\n${text}`);
    for (const line of text.split("\n")) {
      const field = /^\s*([A-Za-z]\w*(?:\/\w+)?)(?:<=\d+)?(?:\[[^\]]*\])?\s+[a-z]\w*\s*(?:$|#|[^=\s])/.exec(line)?.[1];
      if (field === undefined || PRIMITIVE.test(field)) continue;
      const [owner, base] = field.includes("/")
        ? field.split("/")
        : [field === "Header" ? "std_msgs" : name.split("/")[0], field];
      visit(`${owner}/msg/${base}`);
    }
  };
  visit(type);
  return parts.join("\n");
}

function messageFile(type: string): string {
  const prefixes = (process.env.AMENT_PREFIX_PATH ?? "").split(":").filter(Boolean);
  const file = prefixes.map((prefix) => join(prefix, "share", `${type}.msg`)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no definition of ${type} on AMENT_PREFIX_PATH`);
  return readFileSync(file, "utf8");
}
