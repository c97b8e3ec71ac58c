import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../config/index.js";

const REMEMBERED = 40; // lines
const END_WITHIN = 2000; // ms

export interface NodeChoice {
  readonly name: string; // for messages
  readonly args: readonly string[]; // of the command line
  readonly sign: string; // start of the line that it prints when it is ready
  readonly onLine?: (line: string) => void; // gets every line of its output
}

/**
 * A node in its own process and process group. Ctrl-C at the terminal reaches only this process, so that the arm can
 * come to rest while the simulation still runs. The node loads at once but joins the ROS graph only after `begin`. It
 * ends with this process, even if this process is killed.
 */
export class NodeProcess {
  /** Resolves when the node is ready. Rejects if the process dies before that. */
  readonly ready: Promise<void>;
  /** Resolves with the reason if the process dies unexpectedly. */
  readonly died: Promise<Error>;
  readonly pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private ending = false;

  constructor(private readonly choice: NodeChoice) {
    this.child = spawn(process.execPath, [join(packageRoot(), "dist", "src", "main.js"), ...choice.args], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.pid = this.child.pid;
    this.child.stdin!.on("error", () => undefined); // the process has died: `died` reports it
    let announce = (): void => undefined;
    const announced = new Promise<void>((resolve) => (announce = resolve));
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      let rest = "";
      stream.on("data", (data: Buffer) => {
        const lines = (rest + String(data)).split("\n");
        rest = lines.pop()!;
        for (const line of lines) {
          this.lines.push(line);
          if (this.lines.length > REMEMBERED) this.lines.shift();
          choice.onLine?.(line);
          if (line.startsWith(choice.sign)) announce();
        }
      });
    }
    this.died = new Promise((resolve) => {
      this.child.once("error", (error) =>
        resolve(new Error(`the ${choice.name} could not be started: ${error.message}`)),
      );
      this.child.once(
        "close",
        (code, signal) => !this.ending && resolve(this.obituary(signal === null ? `exit code ${code}` : signal)),
      );
    });
    this.ready = Promise.race([announced, this.died.then((error) => Promise.reject(error))]);
    this.ready.catch(() => undefined); // whoever awaits it gets the error
  }

  /** Lets the node join the ROS graph. */
  begin(): void {
    this.child.stdin!.write("begin\n");
  }

  /** Ends the process: by SIGINT, and after 2 s by SIGKILL. */
  async end(): Promise<void> {
    this.ending = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.pid === undefined) return;
    const gone = new Promise((resolve) => this.child.once("close", resolve));
    this.child.stdin!.end();
    this.child.kill("SIGINT");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), END_WITHIN);
    await gone;
    clearTimeout(timer);
  }

  private obituary(how: string): Error {
    // the messages without stack traces
    const last = this.lines.filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
    return new Error(
      `the ${this.choice.name} died ` +
        `(${how})${last.length > 0 ? `; its last lines:\n  ${last.join("\n  ")}` : " without output"}`,
    );
  }
}
