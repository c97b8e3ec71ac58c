import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The true node around a fake agent in a process of its own, over true DDS, and a client of it in another; needs the
 * environment of ROS 2 and our interfaces in it.
 */
export const root = new URL("../../../../../", import.meta.url);
export const ready =
  process.env.AMENT_PREFIX_PATH !== undefined &&
  existsSync(new URL("node_modules/rclnodejs/build/Release/rclnodejs.node", root));
export const options = { skip: ready ? false : "ROS 2 is not in the environment" };
const domain = String(200 + (process.pid % 30));

export interface Started {
  readonly child: ChildProcess;
  readonly lines: any[]; // objects it printed
  readonly output: () => string;
}

/** Starts a process and resolves when it has said that it is ready. */
async function start(program: string, args: string[], sign: RegExp): Promise<Started> {
  const child = spawn(program, args, {
    env: { ...process.env, ROS_DOMAIN_ID: domain },
    cwd: fileURLToPath(root),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const lines: any[] = [];
  let text = "",
    rest = "";
  child.stderr!.on("data", (d) => (text += d));
  child.stdout!.on("data", (d) => {
    text += d;
    const parts = (rest + d).split("\n");
    rest = parts.pop()!;
    for (const part of parts) if (part.startsWith("{")) lines.push(JSON.parse(part));
  });
  const limit = Date.now() + 40_000;
  while (!sign.test(text)) {
    if (Date.now() > limit || child.exitCode !== null) throw new Error(`no sign of readiness:\n${text}`);
    await new Promise((r) => setTimeout(r, 20));
  }
  return { child, lines, output: () => text };
}

/** The agent's node, in the namespace of the client. @param args of ROS */
export const startAgent = (args: string[] = [], sign = /"state":"active"/): Promise<Started> =>
  start(
    process.execPath,
    [
      fileURLToPath(new URL("dist/test/adapters/ros/fakeAgentMain.js", root)),
      "--ros-args",
      "-r",
      "__ns:=/left",
      ...args,
    ],
    sign,
  );

/** Ctrl-C; resolves to the exit code and how long it took [ms]. */
export async function interrupt(
  { child }: Started,
  signal: NodeJS.Signals = "SIGINT",
): Promise<[number | null, number]> {
  const began = performance.now();
  const closed = once(child, "close");
  child.kill(signal);
  const [code] = await closed;
  return [code, performance.now() - began];
}

/** The process that asks the agent, agent_client.py. */
export class Client {
  private constructor(private readonly started: Started) {}

  static async start(): Promise<Client> {
    const program = fileURLToPath(new URL("test/adapters/ros/agent/client/agent_client.py", root));
    return new Client(await start("python3", [program, "/left"], /client ready/));
  }

  /** Resolves to its answer. */
  async ask(question: object): Promise<any> {
    const { child, lines, output } = this.started,
      already = lines.length;
    child.stdin!.write(`${JSON.stringify(question)}\n`);
    for (const limit = Date.now() + 60_000; lines.length === already;) {
      if (Date.now() > limit) throw new Error(`no answer to ${JSON.stringify(question)}:\n${output()}`);
      await new Promise((r) => setTimeout(r, 5));
    }
    const answer = lines[already];
    assert.equal(answer.error, undefined);
    return answer;
  }

  /** Asks for a transition; resolves to whether it succeeded, and the state it led to. */
  async change(transition: string): Promise<[boolean, string]> {
    const { success, state } = await this.ask({ do: "change", transition });
    return [success, state];
  }

  kill(): void {
    this.started.child.kill("SIGKILL");
  }
}
