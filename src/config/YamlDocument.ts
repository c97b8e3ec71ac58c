import type { LineCounter, Node } from "yaml";
import { isMap, isScalar, isSeq } from "yaml";
import { ConfigError } from "./ConfigError.js";

export type Path = readonly PropertyKey[];

/** The place of a value. Lines and columns start at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** A parsed YAML text: plain values, and the place of each in the text. */
export class YamlDocument {
  constructor(
    readonly file: string, // or a name such as "<task goal>" for a text that came over a wire
    readonly value: unknown,
    private readonly root: Node | null,
    readonly lines: LineCounter,
  ) {}

  /**
   * The place of the value at `path`, or of the nearest thing around it that exists (a missing key: its map). With `of
   * = "key"`, the place of the key.
   */
  locate(path: Path, of: "value" | "key" = "value"): Place {
    let node: unknown = this.root;
    let offset = this.root?.range?.[0] ?? 0;
    for (let i = 0; i < path.length; i++) {
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => (isScalar(item.key) ? String(item.key.value) : String(item.key)) === String(path[i]),
        );
        if (pair === undefined) break;
        const key = pair.key as Node | null;
        const value = pair.value as Node | null;
        const inner = of === "key" && i === path.length - 1;
        offset = (inner || !value?.range || value.range[0] === value.range[1] ? key : value)?.range?.[0] ?? offset;
        node = value;
      } else if (isSeq(node)) {
        const item = node.items[Number(path[i])] as Node | undefined;
        if (item === undefined) break;
        offset = item.range?.[0] ?? offset;
        node = item;
      } else break;
    }
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), col: Math.max(col, 1) };
  }

  /**
   * A located error about the value at `path`, for problems found after parsing (an unknown object, two equal ids …).
   */
  error(path: Path, message: string): ConfigError {
    return new ConfigError([{ ...this.locate(path), path: formatPath(path), message }]);
  }
}

/** `["objects", 0, "mass"]` → `objects[0].mass`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else text += (text === "" ? "" : ".") + printable(String(step), 60);
  }
  return text;
}

/** Text fit for one line of a terminal: control characters escaped, cut to `max` characters. */
export function printable(text: string, max: number): string {
  const clean = text
    .slice(0, max + 1)
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  return clean.length > max ? `${clean.slice(0, max)}…` : clean;
}
