import { duration } from "../setup/progress.mjs";

const MESSAGE = 15; // lines of a failure's message
const SLOWEST = 10;
const INDENT = "    ";

function cut(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const more = lines.length > MESSAGE ? [`… ${lines.length - MESSAGE} lines more`] : [];
  return [...lines.slice(0, MESSAGE), ...more].map((line) => `${INDENT}${line}`).join("\n");
}

/**
 * The closing lines of a run: the slowest files, every failed test again with its message, the numbers.
 * @param idle share of the cores' time that nobody used
 */
export function summary(results, ms, idle) {
  const lines = ["", "slowest:"];
  for (const { file, ms: took, slowest } of results.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST)) {
    const most = slowest ? ` (most: ${(slowest.ms / 1000).toFixed(1)} s, ${slowest.name})` : "";
    lines.push(`${(took / 1000).toFixed(1).padStart(7)} s  ${file}${most}`);
  }
  const failures = results.flatMap(({ file, failures: all }) => all.map((failure) => ({ file, ...failure })));
  if (failures.length) lines.push("", "failed:");
  for (const { file, name, failure } of failures) lines.push(`✖ ${file}: ${name}`, cut(failure));
  const sum = (field) => results.reduce((total, r) => total + r[field], 0);
  const skipped = sum("skipped") ? `, ${sum("skipped")} skipped` : "";
  const known = results.filter((r) => r.cpu >= 0); // not elsewhere than on Linux, nor of a file that was broken off
  const cpu = known.length > 0 ? `${duration(known.reduce((all, r) => all + r.cpu, 0))} of CPU, ` : "";
  const used = `${cpu}the cores idle for ${(100 * idle).toFixed(0)}%`;
  lines.push("", `${sum("passed")} passed, ${failures.length} failed${skipped} in ${duration(ms)} (${used})`);
  return lines.join("\n");
}
