// A reporter for node's test runner: node's own `spec`, without the numbers and the repeated failures at the end of
// each file. `npm test` prints both once, at the end of the run.
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

const NUMBERS = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

async function* withoutNumbers(events) {
  for await (const event of events) {
    const { type, data } = event;
    if (type !== "test:diagnostic" || data.nesting > 0 || !NUMBERS.test(data.message)) yield event;
  }
}

export default async function* report(events) {
  for await (const text of Readable.from(withoutNumbers(events)).compose(new spec()))
    if (!String(text).includes("failing tests:")) yield text;
}
