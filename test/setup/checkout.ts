import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This package's own folder, seen from dist/test/setup. */
export const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Ros {
  readonly mode: "wheels" | "sourced";
  readonly distro: string;
  readonly prefix: string;
  readonly interfaces?: string; // prefix of a workspace that has our messages
}

export interface Step {
  readonly name: string;
  readonly title: string;
  readonly dir: string;
  readonly key: string;
  readonly needs: readonly string[];
  readonly inside?: string;
  made(stamp: unknown): boolean;
  run(job: Job): Promise<unknown>;
}

export interface Job {
  exec(program: string, args: string[]): Promise<string>;
}

/**
 * A copy of what the set-up itself consists of, in a folder of its own, whose products are empty files with valid
 * stamps. The set-up's modules find their root by their own place, so those imported from here work on the copy.
 */
export class Checkout {
  readonly dir = mkdtempSync(join(tmpdir(), "telos-checkout-"));
  readonly ros: Ros = { mode: "wheels", distro: "kilted", prefix: join(this.dir, ".ros", "venv") };

  constructor() {
    for (const part of ["scripts", "interfaces", "package.json", "package-lock.json", "tsconfig.json"]) {
      cpSync(join(root, part), join(this.dir, part), { recursive: true });
    }
    this.write("src/main.ts", "export {};\n");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  /** One of the set-up's modules, working on this copy. */
  async module(name: string): Promise<any> {
    return import(join(this.dir, "scripts", "setup", `${name}.mjs`));
  }

  async steps(ros: Ros = this.ros): Promise<Step[]> {
    return (await this.module("steps")).stepsFor(ros);
  }

  async due(ros: Ros = this.ros): Promise<string[]> {
    return (await this.module("runner")).plan(await this.steps(ros));
  }

  /** Makes every product look done for today's inputs. */
  async complete(): Promise<void> {
    const products = [
      ".ros/venv/bin/python",
      ".ros/setup.sh",
      ".ros/interfaces/share/telos_interfaces/package.xml",
      "node_modules/commander/package.json",
      "node_modules/rclnodejs/package.json",
      "node_modules/rclnodejs/build/Release/rclnodejs.node",
      "node_modules/rclnodejs/generated/telos_interfaces/index.js",
      "dist/tsconfig.tsbuildinfo",
    ];
    for (const product of products) this.write(product, "");
    const { writeStamp } = await this.module("stamp");
    for (const step of await this.steps()) writeStamp(step.dir, { key: step.key });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** This process's environment without any ROS in it. */
export function bareEnv(): NodeJS.ProcessEnv {
  const {
    AMENT_PREFIX_PATH: _a,
    ROS_DISTRO: _r,
    LD_LIBRARY_PATH: _l,
    PYTHONPATH: _p,
    NODE_TEST_CONTEXT: _n,
    ...env
  } = process.env;
  return env;
}
