import { Lexer } from "yaml";

export const MAX_NESTING = 64;
export const MAX_TOKENS = 40_000;

/**
 * Checks YAML tokens in linear time before any recursive or quadratic code reads them: 10⁵ nested brackets abort the
 * process inside the `yaml` parser's regular expressions, where no `catch` reaches. Flow depth is exact (the parser's
 * own lexer). Block depth counts the columns at which indented lines and `- ? :` indicators are open, so a sequence
 * inside a map of the same column counts once.
 * @returns the offset and the message of the first problem, or undefined.
 */
export function checkNesting(text: string): { offset: number; message: string } | undefined {
  const columns: number[] = []; // open block columns, ascending
  let offset = 0;
  let lineStart = 0;
  let flow = 0;
  let tokens = 0;
  let leading = true; // only indentation and indicators so far on this line
  for (const token of new Lexer().lex(text)) {
    // The lexer announces documents and scalars by control characters that are not part of the text.
    if (token === "\u0002" || token === "\u0018" || token === "\u001f") continue;
    if (++tokens > MAX_TOKENS) return { offset, message: `got more than ${MAX_TOKENS} tokens, want a smaller file` };
    const first = token[0];
    if (first === "\n" || first === "\r") leading = true;
    else if (token === "[" || token === "{") flow++;
    else if (token === "]" || token === "}") flow = Math.max(0, flow - 1);
    else if (leading && first !== " " && first !== "\t" && first !== "#" && first !== "\ufeff") {
      const column = offset - lineStart;
      if (flow === 0) {
        while (columns.length > 0 && columns[columns.length - 1] >= column) columns.pop();
        columns.push(column);
      }
      leading = token === "-" || token === "?" || token === ":";
    }
    if (flow + columns.length > MAX_NESTING)
      return { offset, message: `got nesting deeper than ${MAX_NESTING}, want at most ${MAX_NESTING} levels` };
    const newline = token.lastIndexOf("\n");
    if (newline >= 0) lineStart = offset + newline + 1;
    offset += token.length;
  }
  return undefined;
}
