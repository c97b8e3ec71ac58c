// Runs the steps that are due; steps that do not depend on each other run at the same time.
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { SetupError, which } from "./host.mjs";
import { LOGS, ROOT } from "./paths.mjs";
import { duration, Progress } from "./progress.mjs";
import { clearStamp, readStamp, writeStamp } from "./stamp.mjs";

const SETPRIV = which("setpriv");

/** Whether a step's output exists and was made from the present inputs. */
function isFresh(step) {
  const stamp = readStamp(step.dir);
  if (stamp?.key === step.key) return step.made(stamp);
  if (!step.adopt?.()) return false;
  writeStamp(step.dir, { key: step.key });
  return true;
}

/** The names of the steps that are due, in order. */
export function plan(steps) {
  const due = new Set();
  for (const step of steps) if (due.has(step.inside) || !isFresh(step)) due.add(step.name);
  return steps.filter((s) => due.has(s.name)).map((s) => s.name);
}

/** The functions for a running step: start programs, whose output goes to the step's log, and report progress. */
class Job {
  static children = new Set();

  constructor(step, progress) {
    this.key = step.key;
    this.log = join(LOGS, `${step.name}.log`);
    this.say = (text) => progress.tail(step.title, text);
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(this.log, "");
  }

  /** Resolves to the program's stdout; rejects when it fails. */
  async exec(program, args, options = {}) {
    appendFileSync(this.log, `$ ${[program, ...args].join(" ")}\n`);
    if (!program.includes("/") && !which(program, options.env?.PATH)) throw new Error(`${program} was not found`);
    return new Promise((resolve, reject) => {
      // The program has its own process group, so that killJobs reaches compilers too. If this process is killed, the
      // kernel ends the program: an orphaned pip would write into the same venv as the pip of the next start.
      const [command, ...rest] = SETPRIV ? [SETPRIV, "--pdeathsig", "KILL", program, ...args] : [program, ...args];
      const child = spawn(command, rest, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
      Job.children.add(child);
      let stdout = "";
      const take = (chunk) => {
        appendFileSync(this.log, chunk);
        this.say(chunk.toString().trimEnd().split("\n").at(-1));
      };
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
        take(chunk);
      });
      child.stderr.on("data", take);
      child.on("error", (error) => reject(new Error(`${program} did not start: ${error.message}`)));
      child.on("close", (code, signal) => {
        Job.children.delete(child);
        if (code === 0) resolve(stdout);
        else reject(new Error(`${program} ended with ${signal ?? `code ${code}`}`));
      });
    });
  }
}

/** Ends all running programs, so that an interrupted set-up leaves no compiler running. */
export function killJobs() {
  for (const { pid } of Job.children) if (pid) process.kill(-pid, "SIGKILL");
}

function explain(step, error) {
  const log = join(LOGS, `${step.name}.log`);
  const said = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-15) : [];
  const fix = error.fix ?? "if these lines do not show the reason, see the log; the next start continues from here";
  return [
    `✖ ${step.title}: ${error.message}`,
    ...said.map((line) => `  │ ${line}`),
    `  log: ${relative(ROOT, log)}`,
    `  fix: ${fix}`,
  ].join("\n");
}

/** Does the steps that are due. Throws a SetupError with the step that failed and the last lines of its log. */
export async function run(steps) {
  const progress = new Progress();
  const began = Date.now();
  const failures = [];
  const done = new Map();

  const perform = async (step) => {
    await Promise.all(step.needs.map((name) => done.get(name)));
    if (failures.length || isFresh(step)) return;
    progress.start(step.title);
    try {
      clearStamp(step.dir);
      const job = new Job(step, progress);
      const since = Date.now();
      const facts = await step.run(job);
      writeStamp(step.dir, { ...facts, key: step.key, seconds: (Date.now() - since) / 1000 });
      progress.finish(step.title, { ok: true });
    } catch (error) {
      progress.finish(step.title, { ok: false });
      failures.push(explain(step, error));
    }
  };
  for (const step of steps) done.set(step.name, perform(step));
  await Promise.all(done.values());
  progress.stop();
  if (failures.length) throw new SetupError(failures.join("\n"));
  progress.note(`Set up in ${duration(Date.now() - began)}.`);
}
