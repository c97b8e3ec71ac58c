import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { FOREIGN } from "../../bench/pythonPackages.js";
import { resolveConfig } from "../../src/config/resolveConfig.js";

/** Arms whose capsules are fitted to meshes by their makers: five to seven joints, and one on a lift. */
export const SIX_ARMS = ["ur5e", "panda", "xarm7", "jaco", "so101", "tiago"] as const;
/** Shipped arms with their declared capsules, against the meshes that these were made from. */
export const SHIPPED_ARMS = ["ur5", "so101-shipped"] as const;
export type SixName = (typeof SIX_ARMS)[number] | (typeof SHIPPED_ARMS)[number];

const folder = new URL("../../../test/scenario/foreign/", import.meta.url);
const env = {
  ...process.env,
  PYTHONDONTWRITEBYTECODE: "1",
  MUJOCO_GL: "off",
  PYTHONPATH: [process.env.PYTHONPATH ?? "", FOREIGN.folder].join(delimiter),
};

/** What the checker says of two links nearer than was asked. */
export interface Nearness {
  readonly k: number; // posture
  readonly a: number; // frames, b − a ≥ 2
  readonly b: number;
  readonly distance: number; // m, between the hulls of their slices; negative where they overlap
  readonly links: string;
  readonly meet: boolean | null; // their triangles; null where nobody asked
}

/**
 * An arm's description and a robot's file of it, in a folder of their own; and the checker of its shapes
 * (test/scenario/foreign/hulls.py).
 */
export class ArmByOthers {
  readonly folder = mkdtempSync(join(tmpdir(), "telos-arms-"));
  readonly robot: string;
  readonly urdf: string; // text
  private checker?: { readonly child: ChildProcess; readonly lines: Interface };

  constructor(readonly name: SixName) {
    this.urdf = execFileSync(
      "python3",
      [fileURLToPath(new URL("descriptions.py", folder)), name.replace("-shipped", "")],
      { env, encoding: "utf8", maxBuffer: 1e8 },
    );
    writeFileSync(join(this.folder, `${name}.urdf`), this.urdf);
    writeFileSync((this.robot = join(this.folder, `${name}.yaml`)), `${robotOf(name)}\nurdf: ${name}.urdf\n`);
  }

  /** Pairs of frames nearer than `near` (m) in some postures q, by the checker; or two frames alone. */
  async near(
    base: string,
    joints: readonly string[],
    q: readonly (readonly number[])[],
    near: number,
    exact: boolean,
    between?: readonly number[],
  ): Promise<Nearness[]> {
    if (this.checker === undefined) {
      const child = spawn("python3", [fileURLToPath(new URL("hulls.py", folder))], {
        env,
        stdio: ["pipe", "pipe", "inherit"],
      });
      this.checker = { child, lines: createInterface(child.stdout!) };
      await this.ask({ urdf: this.urdf, base, joints });
    }
    const { near: found } = await this.ask<{
      near: readonly [number, number, number, number, string, string, boolean | null][];
    }>({ q, near, exact, between });
    return found.map(([k, a, b, distance, one, other, meet]) => ({
      k,
      a,
      b,
      distance,
      links: `${one} and ${other}`,
      meet,
    }));
  }

  close(): void {
    this.checker?.child.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private ask<T>(question: object): Promise<T> {
    const { child, lines } = this.checker!;
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error("the checker of shapes ended"));
      child.once("close", died);
      lines.once("line", (line) => (child.off("close", died), resolve(JSON.parse(line) as T)));
      child.stdin!.write(`${JSON.stringify(question)}\n`);
    });
  }
}

/**
 * The shipped robot's file where there is one, of the six without what it says of shape; of the Panda, FR3's elder
 * sister, that one's with the Panda's names.
 */
export function robotOf(name: SixName): string {
  const whole = (file: string): string =>
    readFileSync(resolveConfig("robots", file), "utf8").replace(/^urdf:.*\n/m, "");
  const shipped = (file: string): string => whole(file).replace(/^capsules:\n(  .*\n)*/m, "");
  switch (name) {
    case "panda":
      return shipped("fr3")
        .replaceAll("fr3_", "panda_")
        .replace("name: fr3", "name: panda")
        .replace("base: base", "base: panda_link0")
        .replace("upper: 4.35 rad", "upper: 3.75 rad");
    case "jaco":
      return "name: jaco\nbase: j2s6s200_link_base\ntool: j2s6s200_end_effector\nlimits: { acceleration: 2 rad/s^2 }";
    case "tiago":
      return (
        "name: tiago\nbase: torso_fixed_link\ntool: arm_tool_link\n" +
        "limits: { acceleration: { turning: 2 rad/s^2, sliding: 2 m/s^2 } }"
      );
    case "ur5":
    case "so101-shipped":
      return whole(name.replace("-shipped", ""));
    default:
      return shipped(name);
  }
}
