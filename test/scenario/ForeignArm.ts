import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FOREIGN } from "../../bench/pythonPackages.js";
import { robotOf } from "./ArmByOthers.js";
import { Program } from "../../src/evaluation/Program.js";

export const FOREIGN_ARMS = ["ur5e", "panda", "xarm7"] as const;
export type ForeignName = (typeof FOREIGN_ARMS)[number];

/** What a goal asks for. */
export interface ForeignGoal {
  readonly tolerance: number; // m
  readonly angle: number; // deg
  readonly hold: number; // s
}

/** What the stranger saw of one goal, by its own physics. Lengths in m, angles in deg. */
export interface ForeignEnd {
  readonly n: number;
  readonly success: boolean; // as the agent says
  readonly code: number;
  readonly message: string;
  readonly holds: boolean; // the goal, a second after the result
  readonly error: readonly [number, number]; // then
  readonly speed: number; // rad/s, then
  readonly told: { readonly error: readonly [number, number]; readonly speed: number }; // when the result came
  readonly time: number | null; // s from acceptance until the tool was inside for good
  readonly exits: number; // how often it left again
  readonly farthest: readonly [number, number]; // outside after that
  readonly velocity: number; // largest share of a joint's limit
  readonly which: string;
  readonly over: number; // rad beyond a limit of position, negative inside
  readonly acceleration: number; // largest share of the limit, of the controller's desired state
  readonly contacts: Readonly<Record<string, number>>; // steps in which hulls overlapped
  readonly saturated: number; // s that a drive was at its effort
  readonly from: readonly number[]; // rad
  readonly to: readonly number[];
  readonly silence: number; // s: the longest between two commands while it moved
  readonly rejected: readonly string[];
  readonly stalls: readonly number[]; // s: the machine stood still
  readonly task: string;
}

const root = new URL("../../../", import.meta.url);
const LONGEST = 120_000; // ms, a goal

/**
 * An arm by others on physics by others (test/scenario/foreign), and the true agent, which gets its description by
 * topic: two processes over DDS.
 */
export class ForeignArm {
  private constructor(
    private readonly folder: string,
    readonly arm: Program,
    readonly agent: Program,
    private readonly box: { take?: (line: string) => void },
    private readonly pace: number,
  ) {}

  /**
   * @param domain added to ROS_DOMAIN_ID
   * @param goals how many are drawn, by `seed`
   * @param pace seconds of the arm in a second; below 1 it tells the time on /clock
   */
  static async open(
    name: ForeignName,
    { domain, goals, seed, pace = 1 }: { domain: number; goals: number; seed: number; pace?: number },
  ): Promise<ForeignArm> {
    const folder = mkdtempSync(join(tmpdir(), "telos-foreign-"));
    const robot = join(folder, `${name}.yaml`);
    writeFileSync(robot, robotOf(name));
    const env = {
      ...process.env,
      ROS_DOMAIN_ID: String((Number(process.env.ROS_DOMAIN_ID ?? 1) + domain) % 102),
      ROS_AUTOMATIC_DISCOVERY_RANGE: "LOCALHOST",
      TELOS_DEBUG: "1",
    };
    const python = {
      ...env,
      PYTHONDONTWRITEBYTECODE: "1",
      MUJOCO_GL: "off",
      PYTHONPATH: [process.env.PYTHONPATH ?? "", FOREIGN.folder].join(delimiter),
    };
    const box: { take?: (line: string) => void } = {};
    const script = fileURLToPath(new URL("test/scenario/foreign/arm.py", root));
    const arm = new Program({
      name: "foreign arm",
      command: "python3",
      args: [script, name, robot, String(goals), String(seed), String(pace)],
      env: python,
      sign: /^foreign arm ready/,
      within: 180_000,
      onLine: (line) => line.startsWith("{") && box.take?.(line),
    });
    const agent = new Program({
      name: "agent",
      command: process.execPath,
      args: [
        fileURLToPath(new URL("dist/src/main.js", root)),
        "agent",
        "--json",
        "--robot",
        robot,
        "--scene",
        "empty",
        ...(pace < 1 ? ["--sim-time"] : []),
      ],
      env,
      sign: /"state":"active"/,
      within: 240_000,
    });
    const opened = new ForeignArm(folder, arm, agent, box, pace);
    try {
      await Promise.all([arm.ready, agent.ready]);
      await opened.ask({ do: "ready" });
      return opened;
    } catch (error) {
      await opened.close();
      throw new Error(`${(error as Error).message}\n${opened.output()}`);
    }
  }

  goal(n: number, goal: ForeignGoal): Promise<ForeignEnd> {
    return this.ask({ do: "goal", n, ...goal });
  }

  output(): string {
    return this.agent.output() + this.arm.output().replace(/^\{.*$/gm, "");
  }

  async close(): Promise<void> {
    await Promise.all([this.agent.kill(), this.arm.kill()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask<T>(question: object): Promise<T> {
    const { child } = this.arm;
    const line = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(
        () => end(() => reject(new Error(`no answer to ${JSON.stringify(question)}`))),
        LONGEST / this.pace,
      );
      const died = (): void => end(() => reject(new Error(`the arm ended at ${JSON.stringify(question)}`)));
      const end = (then: () => void): void => {
        clearTimeout(limit);
        child.off("close", died);
        then();
      };
      child.once("close", died);
      this.box.take = (text) => end(() => resolve(text));
      this.arm.say(JSON.stringify(question));
    });
    const answer = JSON.parse(line) as T & { error?: unknown };
    if (typeof answer.error === "string") throw new Error(`${JSON.stringify(question)}: ${answer.error}`);
    return answer;
  }
}
