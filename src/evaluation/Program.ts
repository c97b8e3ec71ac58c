import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

const KEPT = 5000; // lines of output: some minutes at ten lines a second
const SHOWN = 200; // of these lines, in an error message

export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly sign: RegExp; // a line of its output that matches means: it is ready
  readonly within?: number; // ms
  readonly onLine?: (line: string) => void; // of stdout
}

/** A child process. Its last lines of output are kept, to be shown if something fails. */
export class Program {
  readonly child: ChildProcess;
  /** Resolves once it prints `sign`; rejects with its last output if it ends before, or takes too long. */
  readonly ready: Promise<void>;
  private readonly lines: string[] = [];
  private said = 0; // number of lines of output so far

  constructor(private readonly options: ProgramOptions) {
    const { command, args, env, sign, within = 60_000, name } = options;
    this.child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.child.stdin!.on("error", () => undefined); // it died first: `ready` and the next question report it
    this.ready = new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${name} was not ready within ${within / 1000} s\n${this.output()}`)),
        within,
      );
      const take = (line: string): void => {
        this.lines.push(line);
        this.said++;
        if (this.lines.length > KEPT) this.lines.shift();
        if (!sign.test(line)) return;
        clearTimeout(late);
        resolve();
      };
      this.read(this.child.stdout!, (line) => {
        take(line);
        options.onLine?.(line);
      });
      this.read(this.child.stderr!, take);
      this.child.once("close", (code, signal) => {
        clearTimeout(late);
        this.lines.push(`(ended: ${signal ?? code})`);
        reject(new Error(`${name} ended before it was ready\n${this.output()}`));
      });
    });
    this.ready.catch(() => undefined); // whoever awaits it gets the error
  }

  get pid(): number {
    return this.child.pid!;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Its last output. */
  output(): string {
    return `--- last output of ${this.options.name}:\n${this.lines.slice(-SHOWN).join("\n")}\n`;
  }

  /** Whether a line of its output matches. */
  told(pattern: RegExp): boolean {
    return this.lines.some((line) => pattern.test(line));
  }

  /** Number of lines printed so far; pass it as `since` to look only at later lines. */
  get moment(): number {
    return this.said;
  }

  since(moment: number): string {
    return moment >= this.said ? "" : this.lines.slice(moment - this.said).join("\n");
  }

  say(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    const closed = once(this.child, "close");
    this.child.kill("SIGKILL");
    await closed;
  }

  private read(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
    let rest = "";
    stream.on("data", (data: Buffer) => {
      const lines = (rest + String(data)).split("\n");
      rest = lines.pop()!;
      for (const line of lines) take(line);
    });
  }
}
