import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Checker } from "./Checker.js";
import { Program } from "./Program.js";

const root = new URL("../../../", import.meta.url);
const main = fileURLToPath(new URL("dist/src/main.js", root));

/** Whether processes over DDS can run here. */
export const rosIsHere =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));

export interface WorldOptions {
  readonly domain: number; // added to ROS_DOMAIN_ID: every world has a domain of its own
  readonly sim: readonly string[]; // arguments of `telos sim`
  readonly agent: readonly string[]; // of `telos agent`
  readonly guard?: readonly string[]; // of `telos guard`, if it runs as a separate process
  readonly checker?: readonly string[];
}

/** The real simulator, the real agent and a checker: three processes that communicate only over DDS. */
export class World {
  sim!: Program;
  agent!: Program;
  guard: Program | undefined;
  checker!: Checker;
  // latches of this world outlive its processes, but not this object
  private readonly state = mkdtempSync(join(tmpdir(), "telos-state-"));
  private readonly env: NodeJS.ProcessEnv;

  constructor(private readonly options: WorldOptions) {
    const first = Number(process.env.ROS_DOMAIN_ID ?? 1);
    this.env = {
      ...process.env,
      ROS_DOMAIN_ID: String((first + options.domain) % 102),
      ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
      TELOS_DEBUG: "1",
      TELOS_STATE: this.state,
    };
  }

  /** Starts all three in parallel; resolves when they have discovered each other. */
  async open(): Promise<void> {
    this.sim = this.telos("simulator", ["sim", ...this.options.sim], /^telos_sim ready/);
    this.agent = this.telosAgent(this.options.agent);
    if (this.options.guard) this.guard = this.telosGuard(this.options.guard);
    this.checker = new Checker(this.env, this.options.checker);
    await Promise.all([this.sim.ready, this.agent.ready, this.guard?.ready]);
    await this.checker.ready();
  }

  /**
   * Replaces the agent, which may be running or have ended, by a new one.
   * @returns s until it was inactive: its guardrails are in force, but it cannot plan yet
   */
  async restartAgent(args: readonly string[] = this.options.agent): Promise<number> {
    await this.agent.kill();
    const begun = performance.now();
    let took = Infinity;
    this.agent = this.telosAgent(args, (line) => {
      if (/"state":"inactive"/.test(line)) took = Math.min(took, (performance.now() - begun) / 1000);
    });
    await this.agent.ready;
    await this.checker.ready();
    return took;
  }

  /** Replaces the guard by a new one. */
  async restartGuard(): Promise<void> {
    await this.guard!.kill();
    this.guard = this.telosGuard(this.options.guard!);
    await this.guard.ready;
  }

  async close(): Promise<void> {
    await Promise.all([this.guard?.kill(), this.agent?.kill(), this.sim?.kill(), this.checker?.end()]);
    rmSync(this.state, { recursive: true, force: true });
  }

  /** The last output of all of them. */
  output(): string {
    return [
      this.sim?.output(),
      this.agent?.output(),
      this.guard?.output(),
      this.checker?.output().replace(/^\{.*$/gm, ""),
    ].join("");
  }

  private telosAgent(args: readonly string[], onLine?: (line: string) => void): Program {
    return this.telos("agent", ["agent", "--sim-time", "--json", ...args], /"state":"active"/, onLine);
  }

  private telosGuard(args: readonly string[]): Program {
    return this.telos("guard", ["guard", "--sim-time", "--json", ...args], /"state":"active"/);
  }

  private telos(name: string, args: readonly string[], sign: RegExp, onLine?: (line: string) => void): Program {
    return new Program({ name, command: process.execPath, args: [main, ...args], env: this.env, sign, onLine });
  }
}
