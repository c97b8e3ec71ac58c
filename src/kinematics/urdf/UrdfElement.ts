import type { Vec3 } from "../../core/geometry/Shape.js";
import { UrdfError } from "./UrdfError.js";

/** The output of fast-xml-parser with `preserveOrder`: one key holds the tag's children, ":@" its attributes. */
export type XmlNode = Record<string, unknown>;

/** One XML element under a name that errors can quote, with checked readers for its attributes. */
export class UrdfElement {
  private readonly children: readonly XmlNode[];
  private readonly attributes: XmlNode;

  constructor(
    node: XmlNode,
    readonly tag: string,
    readonly where: string,
  ) {
    const children = Object.hasOwn(node, tag) ? node[tag] : [];
    this.children = Array.isArray(children) ? (children as XmlNode[]) : [];
    this.attributes = (Object.hasOwn(node, ":@") ? node[":@"] : {}) as XmlNode;
  }

  all(tag: string): UrdfElement[] {
    return this.children
      .filter((c) => Object.hasOwn(c, tag))
      .map((c) => new UrdfElement(c, tag, this.where === "" ? tag : `${this.where} <${tag}>`));
  }

  first(tag: string): UrdfElement | undefined {
    return this.all(tag)[0];
  }

  one(tag: string): UrdfElement {
    const found = this.first(tag);
    if (found === undefined) throw new UrdfError(this.where, `no <${tag}>`, "one");
    return found;
  }

  /** The same element with its own name in errors: `joint "elbow"`. */
  named(name: string): UrdfElement {
    return Object.assign(Object.create(UrdfElement.prototype) as UrdfElement, this, {
      where: `${this.tag} ${JSON.stringify(name)}`,
    });
  }

  text(name: string): string | undefined {
    return Object.hasOwn(this.attributes, name) ? unescaped(String(this.attributes[name])) : undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === "")
      throw new UrdfError(this.where, value === undefined ? `no ${name}` : `an empty ${name}`, `${name}="…"`);
    return value;
  }

  /** A finite number; `fallback` if the attribute is missing, an error if there is no fallback. */
  number(name: string, fallback?: number): number {
    const value = this.text(name);
    if (value === undefined && fallback !== undefined) return fallback;
    return toNumber(value ?? this.required(name), `${this.where} ${name}`);
  }

  atLeast(least: number, name: string, fallback?: number): number {
    const x = this.number(name, fallback);
    if (!(x >= least)) throw new UrdfError(`${this.where} ${name}`, String(x), `at least ${least}`);
    return x;
  }

  vector(name: string, fallback?: Vec3): Vec3 {
    const value = this.text(name);
    if (value === undefined && fallback !== undefined) return fallback;
    const words = (value ?? this.required(name)).trim().split(/\s+/);
    if (words.length !== 3) throw new UrdfError(`${this.where} ${name}`, JSON.stringify(value), "3 numbers");
    const [x, y, z] = words.map((w) => toNumber(w, `${this.where} ${name}`));
    return [x, y, z];
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Decodes XML's five entities and numbered characters; others cannot be declared here. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function toNumber(text: string, where: string): number {
  const x = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  if (!Number.isFinite(x)) throw new UrdfError(where, JSON.stringify(text), "a finite number");
  return x;
}
