/** Prints a line on stderr. On a terminal it replaces the last one and "" clears it; elsewhere it is added. */
export function statusLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}
