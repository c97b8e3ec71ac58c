import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before } from "node:test";
import { GazeboController } from "./GazeboController.js";

const PACKAGES = ["ignition-physics5-sdf", "ignition-plugin1-loader", "sdformat12"];
const PLUGIN = "libignition-physics5-dartsim-plugin.so";
const flags = spawnSync("pkg-config", ["--cflags", "--libs", ...PACKAGES], { encoding: "utf8" });
const plugin =
  spawnSync("pkg-config", ["--variable=libdir", "ignition-physics5"], { encoding: "utf8" }).stdout?.trim() +
  `/${PLUGIN}`;
const skip =
  flags.status === 0 && existsSync(plugin)
    ? false
    : "there is no ignition-physics with DART (Debian: libignition-physics-dev, libsdformat-dev)";
/** For every test that needs it. */
export const options = { skip, timeout: 300_000 };
const source = fileURLToPath(new URL("../../../test/sim/dart/world.cpp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "telos-dart-"));
const program = join(folder, "world");
const END = "\nend\n"; // of an answer

export interface Told {
  // of each step: q, v of the joints that are servoed, in the order of their names
  readonly states: readonly (readonly number[])[];
  readonly joints: ReadonlyMap<string, { readonly q: number; readonly v: number }>;
  readonly links: ReadonlyMap<string, readonly number[]>; // "model link": x, y, z, qx, qy, qz, qw
  readonly contacts: readonly string[]; // "model model", in the order of their names
}

/** test/sim/dart/world.cpp, running. */
export class Dart {
  private readonly child: ChildProcess;
  private text = "";
  private woken: () => void = () => undefined; // by the end of an answer, or of the program

  constructor(sdf: string) {
    const file = join(folder, "world.sdf");
    writeFileSync(file, sdf);
    const { LD_LIBRARY_PATH: _, ...env } = process.env; // ROS brings other versions of its libraries
    this.child = spawn(program, [plugin, file], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
      if (this.text.endsWith(END)) this.woken();
    });
    this.child.on("exit", () => this.woken());
  }

  async tell(...lines: string[]): Promise<Told> {
    this.text = "";
    this.child.stdin!.write([...lines, "tell", ""].join("\n"));
    if (this.child.exitCode === null) await new Promise<void>((resolve) => (this.woken = resolve));
    if (!this.text.endsWith(END)) throw new Error(`world ended with ${this.child.exitCode}: ${this.text}`);
    const words = this.text.split("\n").map((line) => line.split(" "));
    return {
      states: words.filter(([kind]) => kind === "state").map(([, ...x]) => x.map(Number)),
      joints: new Map(
        words.filter(([kind]) => kind === "joint").map(([, name, q, v]) => [name, { q: Number(q), v: Number(v) }]),
      ),
      links: new Map(
        words.filter(([kind]) => kind === "link").map(([, model, link, ...x]) => [`${model} ${link}`, x.map(Number)]),
      ),
      contacts: words.filter(([kind]) => kind === "contact").map(([, a, b]) => `${a} ${b}`),
    };
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}

/** The servos of a model's own controller in the world. */
export const servos = (sdf: string, model?: string): string[] => {
  const { joints, gains } = new GazeboController(sdf, model);
  return joints.map(
    (name, j) => `servo ${name} ${gains[j].p} ${gains[j].d} ${gains[j].most < 0 ? 1e9 : gains[j].most}`,
  );
};

/** Compiles the program, once for each file of tests. */
export function withDart(): void {
  before(
    () => {
      if (skip !== false) return;
      const built = spawnSync(
        "g++",
        ["-std=c++17", "-O0", "-w", source, "-o", program, ...flags.stdout.trim().split(/\s+/)],
        { encoding: "utf8" },
      );
      assert.equal(built.status, 0, built.stderr);
    },
    { timeout: 300_000 },
  );
  after(() => rmSync(folder, { recursive: true, force: true }));
}
