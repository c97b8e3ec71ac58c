import { fileURLToPath } from "node:url";
import { Program } from "./Program.js";

/**
 * How an Accomplish goal ended; `code` is one of telos_interfaces/action/Accomplish, `status` of
 * action_msgs/GoalStatus.
 */
export interface GoalEnd {
  readonly status: number;
  readonly success: boolean;
  readonly code: number;
  readonly message: string;
  readonly duration: number; // s, as the agent reports it
  readonly at: number; // s, simulated, when the result arrived
  readonly speed: number; // rad/s of the fastest joint at that time
}

/** What the ground truth says about one scenario. */
export interface Verdict {
  readonly violations: readonly {
    readonly kind: string;
    readonly at: number;
    readonly how: string;
    readonly messages: number;
  }[];
  readonly messages: number;
  readonly seconds: number;
  readonly largest_gap: number; // s between two messages
  readonly fastest: number; // rad/s
  readonly set_out: number | null; // s from sending the last goal until the arm moved
  readonly speed: number; // rad/s at the end
  readonly joints: Readonly<Record<string, number>>;
  // m; quaternion x, y, z, w
  readonly tool: { readonly position: readonly number[]; readonly orientation: readonly number[] };
  readonly objects: Readonly<Record<string, readonly number[]>>; // m
  readonly path: readonly (readonly [t: number, x: number, y: number, z: number])[]; // of the tool, 20 Hz
  readonly person_distance: number | null; // m
  readonly limited_joints: number; // joints whose limits are known from the URDF
}

/** How the arm came to rest after an act. */
export interface Rest {
  readonly still: boolean;
  readonly taken: number; // s
  readonly needed: number; // s: the longest v/A over the joints
  readonly peak: number; // rad/s
}

export interface Diagnostic {
  readonly level: number;
  readonly message: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface PlanRecord {
  readonly plans: readonly (readonly [
    stamp: number,
    levels: readonly (readonly [level: string, time: number, rollouts: number, iterations: number])[],
  ])[];
}

type Act =
  | { readonly what: "cancel"; readonly goal: number }
  | { readonly what: "signal"; readonly pid: number; readonly signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGINT" }
  | { readonly what: "emergency_stop" | "reset"; readonly of?: "telos" | "telos_guard" }
  | {
      readonly what: "perturb";
      readonly action: string;
      readonly target: string;
      readonly value?: number;
      readonly duration?: number;
    }
  | { readonly what: "joint_states"; readonly fault: string | null };

const PATIENCE = 120_000; // ms to wait for one answer

/** The ground-truth checker (checker.py): a process that uses only the public interface. One question at a time. */
export class Checker {
  private readonly program: Program;
  private answered: ((line: string) => void) | undefined;

  /** @param before words to put before its command line, for example to run it on another host */
  constructor(env: NodeJS.ProcessEnv, args: readonly string[] = [], before: readonly string[] = []) {
    const [command, ...words] = [
      ...before,
      "python3",
      fileURLToPath(new URL("../../../src/evaluation/checker.py", import.meta.url)),
      ...args,
    ];
    this.program = new Program({
      name: "checker",
      command,
      args: words,
      env: { ...env, PYTHONDONTWRITEBYTECODE: "1" },
      sign: /^checker ready/,
      onLine: (line) => line.startsWith("{") && this.answered?.(line),
    });
  }

  /** Resolves once it receives ground truth, limits and the agent's messages. */
  async ready(): Promise<void> {
    await this.program.ready;
    const seen = await this.ask<{ truth: boolean; agent: boolean }>({ do: "ready" });
    if (!seen.truth || !seen.agent) throw new Error(`the checker finds no ${seen.truth ? "agent" : "ground truth"}`);
  }

  begin(): Promise<unknown> {
    return this.ask({ do: "begin" });
  }

  verdict(): Promise<Verdict> {
    return this.ask({ do: "verdict" });
  }

  /**
   * Sends a goal and resolves to its number once the agent has accepted it. `blanks` is the number of spaces put before
   * the task.
   */
  async goal(task: string, o: { timeout?: number; blanks?: number } = {}): Promise<number> {
    return (await this.ask<{ goal: number }>({ do: "goal", task, ...o })).goal;
  }

  result(goal: number, within = 60): Promise<GoalEnd> {
    return this.ask({ do: "result", goal, within });
  }

  async accomplish(task: string, o: { timeout?: number; blanks?: number } = {}): Promise<GoalEnd> {
    return this.result(await this.goal(task, o));
  }

  /** Resolves once the arm moves faster than `above`, rad/s. */
  async moving(above: number): Promise<void> {
    const { moving, speed } = await this.ask<{ moving: boolean; speed: number }>({ do: "moving", above });
    if (!moving) throw new Error(`the arm never moved faster than ${above} rad/s, last ${speed} rad/s`);
  }

  act(act: Act): Promise<{ success: boolean; message?: string; speed: number }> {
    return this.ask({ do: "act", ...act });
  }

  /** @param accelerations rad/s², in the order of the ground truth's joints */
  rest(accelerations: readonly number[]): Promise<Rest> {
    return this.ask({ do: "rest", accelerations });
  }

  /** Requests a reset again and again until it is granted, for at most 3 s, as a person would. */
  async reset(of: "telos" | "telos_guard" = "telos"): Promise<{ success: boolean; message?: string }> {
    for (let i = 0; ; i++) {
      const answer = await this.act({ what: "reset", of });
      if (answer.success || i === 10) return answer;
      await this.sleep(0.3);
    }
  }

  resetScene(scene: string, seed = 1): Promise<{ success: boolean; message: string }> {
    return this.ask({ do: "reset_scene", scene, seed });
  }

  diagnostics(): Promise<Readonly<Record<string, Diagnostic>>> {
    return this.ask({ do: "diagnostics" });
  }

  plans(): Promise<PlanRecord> {
    return this.ask({ do: "plans" });
  }

  sleep(seconds: number): Promise<unknown> {
    return this.ask({ do: "sleep", seconds });
  }

  output(): string {
    return this.program.output();
  }

  end(): Promise<void> {
    return this.program.kill();
  }

  private async ask<T>(question: object): Promise<T> {
    const line = await new Promise<string>((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`no answer to ${JSON.stringify(question).slice(0, 200)}`)),
        PATIENCE,
      );
      this.answered = (text) => {
        clearTimeout(limit);
        resolve(text);
      };
      this.program.say(JSON.stringify(question));
    });
    const answer = JSON.parse(line) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`${JSON.stringify(question).slice(0, 200)}: ${answer.error}`);
    return answer;
  }
}
