import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { Composer, LineCounter, Parser, visit } from "yaml";
import { ConfigError } from "./ConfigError.js";
import { checkNesting } from "./checkNesting.js";
import { YamlDocument, printable } from "./YamlDocument.js";

export const MAX_BYTES = 256 * 1024;

/**
 * Reads a YAML file under the rules of `parseYaml`. The size is checked before the content is read.
 * @throws ConfigError
 */
export function loadYaml(file: string): YamlDocument {
  let fd: number;
  try {
    // a named pipe without a writer would block for ever
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw at(file, `got no readable file (${(error as NodeJS.ErrnoException).code ?? "error"}), want a YAML file`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw at(file, "got something that is not a file, want a YAML file");
    if (stat.size > MAX_BYTES) throw at(file, `got ${stat.size} bytes, want at most ${MAX_BYTES} (bytes)`);
    const bytes = Buffer.alloc(MAX_BYTES + 1); // one more than allowed: a file may grow between the two calls
    const n = readSync(fd, bytes, 0, bytes.length, 0);
    return parseYaml(decode(bytes.subarray(0, n), file), file);
  } finally {
    closeSync(fd);
  }
}

/**
 * Parses a YAML text strictly: ≤ 256 KiB, ≤ 64 levels, exactly one document, YAML 1.2 core schema, no directives, no
 * anchors or aliases, unique keys, no `__proto__`-like keys; every warning of the parser is an error. Numbers that are
 * not finite pass here and fail in the schemas.
 * @throws ConfigError
 */
export function parseYaml(text: string, name: string): YamlDocument {
  if (text.length > MAX_BYTES || Buffer.byteLength(text) > MAX_BYTES)
    throw at(name, `got ${Buffer.byteLength(text)} bytes, want at most ${MAX_BYTES} (bytes)`);
  const lines = new LineCounter();
  const fail = (offset: number, message: string): ConfigError => {
    const { line, col } = lineCol(text, offset);
    return new ConfigError([{ file: name, line, col, path: "", message }]);
  };
  const deep = checkNesting(text);
  if (deep) throw fail(deep.offset, deep.message);
  const directive = /^\ufeff?%.*$/m.exec(text);
  if (directive) throw fail(directive.index, `got the directive '${printable(directive[0], 40)}', want none`);

  let documents;
  try {
    const composer = new Composer({
      version: "1.2",
      schema: "core",
      strict: true,
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
    });
    documents = [...composer.compose(new Parser(lines.addNewLine).parse(text), true, text.length)];
  } catch (error) {
    throw at(name, `got YAML that cannot be parsed (${printable(String((error as Error).message), 80)}), want a map`);
  }
  if (documents.length > 1) throw fail(documents[1].range[0], "got a second document, want one");
  const document = documents[0];
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.slice(0, 10).map((fault) => ({
      file: name,
      ...lineCol(text, fault.pos[0]),
      path: "",
      message: `got invalid YAML: ${printable(fault.message, 120)}, want YAML 1.2`,
    }));
    throw new ConfigError(problems);
  }
  visit(document, {
    Alias: (_, node) => {
      throw fail(node.range?.[0] ?? 0, `got the alias '*${printable(node.source, 20)}', want the value itself`);
    },
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined)
        throw fail(
          text.lastIndexOf("&", node.range?.[0]),
          `got the anchor '&${printable(String(node.anchor), 20)}', want none`,
        );
    },
    Map: (_, map) => {
      const seen = new Set<string>(); // the parser's own check is quadratic in the number of keys
      for (const { key } of map.items as { key: { value?: unknown; range?: [number, number, number] } | null }[]) {
        const name = String(key?.value);
        if (seen.has(name))
          throw fail(key?.range?.[0] ?? 0, "got invalid YAML: Map keys must be unique, want YAML 1.2");
        seen.add(name);
      }
    },
    Pair: (_, pair) => {
      const key = pair.key as { value?: unknown; range?: [number, number, number] } | null;
      if (FORBIDDEN_KEYS.has(String(key?.value)))
        throw fail(
          key?.range?.[0] ?? 0,
          `got the key '${String(key?.value)}', which JavaScript reserves, want another one`,
        );
    },
  });
  return new YamlDocument(name, document.toJS({ maxAliasCount: 0 }), document.contents, lines);
}

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw at(name, "got bytes that are not UTF-8, want text");
  }
}

function lineCol(text: string, offset: number): { line: number; col: number } {
  let line = 1;
  let start = 0;
  for (let i = text.indexOf("\n"); i >= 0 && i < offset; i = text.indexOf("\n", i + 1)) {
    line++;
    start = i + 1;
  }
  return { line, col: Math.min(offset, text.length) - start + 1 };
}

const at = (file: string, message: string): ConfigError =>
  new ConfigError([{ file, line: 1, col: 1, path: "", message }]);
