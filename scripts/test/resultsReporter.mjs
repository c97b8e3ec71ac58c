// A reporter for node's test runner that writes a line of JSON for each test as it ends: its name after those of the
// suites around it, how long it took in ms, whether it was skipped, and the message it failed with. A file that ends
// itself before the runner would has then told of what it ran.

/** Message and first place in a test file of what a test failed with. */
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
    // a suite passes and fails with its tests, which are told themselves, but for one that is skipped
    if (failed ? error.failureType === "subtestsFailed" : kind === "suite" && data.skip === undefined) continue;
    const name = [...path.slice(0, data.nesting), data.name].join(" > ");
    const skipped = data.skip !== undefined || data.todo !== undefined;
    yield `${JSON.stringify({ name, ms, skipped, failure: failed ? words(error) : undefined })}\n`;
  }
}
