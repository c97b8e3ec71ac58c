import { armChecks } from "./armChecks.js";
import { Ailment, checks, shapeCheck, type Check } from "./doctorChecks.js";

interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
}

async function examine(check: Check): Promise<Finding> {
  try {
    return { name: check.name, ok: true, detail: await check.run() };
  } catch (error) {
    const fix = error instanceof Ailment ? error.fix : "this is a bug in the check; please report it";
    return { name: check.name, ok: false, detail: (error as Error).message, fix };
  }
}

/**
 * `telos doctor`: checks everything that telos depends on, and suggests a fix for each problem.
 * @param o.robot name or file of an arm to check too
 * @returns the exit code, 0 if all checks pass
 */
export async function doctor(o: { json: boolean; robot?: string }): Promise<number> {
  const all = [...checks, shapeCheck(o.robot), ...(o.robot === undefined ? [] : armChecks(o.robot))];
  const width = Math.max(...all.map((check) => check.name.length)) + 2;
  const findings: Finding[] = [];
  for (const check of all) {
    const finding = await examine(check);
    findings.push(finding);
    if (o.json) continue;
    console.log(`${finding.ok ? "✔" : "✖"} ${finding.name.padEnd(width)}${finding.detail}`);
    if (finding.fix) console.log(`  ${"".padEnd(width)}fix: ${finding.fix}`);
  }
  const failed = findings.filter((finding) => !finding.ok).length;
  if (o.json) console.log(JSON.stringify({ ok: failed === 0, checks: findings }));
  else console.log(failed === 0 ? "\nAll checks passed." : `\n${failed} of ${findings.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}
