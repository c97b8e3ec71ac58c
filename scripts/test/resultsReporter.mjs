// A reporter for node's test runner. When a test ends, it writes one line of JSON: the names of its suites and its own,
// the duration in ms, whether it was skipped, and the message of its failure. Thus the results of a file are known even
// if its process ends early.

/** The message of a test's failure, and its first line in a test file. */
function words(error) {
  const cause = error.cause ?? error;
  if (!(cause instanceof Error)) return String(cause);
  const place = /^ *at .*\/dist\/test\/.*$/m.exec(cause.stack ?? "");
  return place ? `${cause.message}\n${place[0].trim()}` : cause.message;
}

export default async function* results(events) {
  const path = []; // names of the suites around a test, and its own
  for await (const { type, data } of events) {
    if (type === "test:start") path.splice(data.nesting, Infinity, data.name);
    if (type !== "test:pass" && type !== "test:fail") continue;
    const { error, duration_ms: ms, type: kind } = data.details;
    const failed = type === "test:fail" && data.todo === undefined;
    // a suite is reported only if it is skipped; its tests are reported themselves
    if (failed ? error.failureType === "subtestsFailed" : kind === "suite" && data.skip === undefined) continue;
    const name = [...path.slice(0, data.nesting), data.name].join(" > ");
    const skipped = data.skip !== undefined || data.todo !== undefined;
    yield `${JSON.stringify({ name, ms, skipped, failure: failed ? words(error) : undefined })}\n`;
  }
}
