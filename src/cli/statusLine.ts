/** One line on stderr: on a terminal it is written over the last, "" clears it; elsewhere one follows the other. */
export function statusLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== "") process.stderr.write(`${text}\n`);
}
