// A reporter for node's test runner that writes what `npm test` sums up, as JSON: the numbers of tests, how long each
// took in ms, and of each failed one the message and where it was thrown.
const NUMBER = /^(pass|fail|cancelled|skipped) (\d+)$/;

/** Message and first place in a test file of what a test failed with. */
function words(error) {
  const cause = error.cause ?? error;
  if (!(cause instanceof Error)) return String(cause);
  const place = /^ *at .*\/dist\/test\/.*$/m.exec(cause.stack ?? "");
  return place ? `${cause.message}\n${place[0].trim()}` : cause.message;
}

export default async function* results(events) {
  const totals = {};
  const tests = [];
  const path = []; // names of the suites around a test, and its own
  for await (const { type, data } of events) {
    if (type === "test:start") path.splice(data.nesting, Infinity, data.name);
    else if (type === "test:diagnostic" && data.nesting === 0) {
      const number = NUMBER.exec(data.message);
      if (number) totals[number[1]] = Number(number[2]);
    } else if (type === "test:pass" || type === "test:fail") {
      const { error, duration_ms, type: kind } = data.details;
      const test = { name: [...path.slice(0, data.nesting), data.name].join(" > "), ms: duration_ms };
      // a suite fails with its tests, which are told themselves
      if (type === "test:fail" && error.failureType !== "subtestsFailed" && data.todo === undefined)
        tests.push({ ...test, failure: words(error) });
      else if (kind !== "suite") tests.push(test);
    }
  }
  yield JSON.stringify({ ...totals, tests });
}
