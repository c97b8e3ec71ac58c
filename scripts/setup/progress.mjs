// Prints the progress of the set-up on stderr, because stdout belongs to the command that follows.
import { stripVTControlCharacters as strip } from "node:util";

export const duration = (ms) => {
  const s = Math.round(ms / 1000);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s`;
};

/**
 * On a terminal each running step has a line with its time and the last output of its program. Elsewhere only results
 * are printed.
 */
export class Progress {
  #out = process.stderr;
  #live = this.#out.isTTY === true;
  #running = new Map(); // title → { since, tail }
  #drawn = 0;
  #timer = null;

  start(title) {
    this.#running.set(title, { since: Date.now(), tail: "" });
    if (!this.#live) this.#out.write(`… ${title}\n`);
    else this.#timer ??= setInterval(() => this.#draw(), 200);
  }

  tail(title, text) {
    const line = strip(text).trim();
    if (line && this.#running.has(title)) this.#running.get(title).tail = line;
  }

  finish(title, { ok, detail = "" }) {
    const took = duration(Date.now() - this.#running.get(title).since);
    this.#running.delete(title);
    this.#erase();
    this.#out.write(`${ok ? "✔" : "✖"} ${title.padEnd(28)} ${took}${detail && `  ${detail}`}\n`);
    if (this.#running.size === 0) this.stop();
  }

  note(text) {
    this.#erase();
    this.#out.write(`${text}\n`);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#erase();
  }

  #erase() {
    if (this.#drawn) this.#out.write(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }

  #draw() {
    const width = this.#out.columns || 80;
    this.#erase();
    for (const [title, { since, tail }] of this.#running) {
      const line = `⋯ ${title.padEnd(28)} ${duration(Date.now() - since).padEnd(10)} ${tail}`;
      this.#out.write(`${line.slice(0, width - 1)}\n`);
      this.#drawn += 1;
    }
  }
}
