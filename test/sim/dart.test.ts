import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { Rng } from "../../src/core/Rng.js";
import { LINK } from "../../src/sim/armMjcf.js";
import { Simulation } from "../../src/sim/index.js";
import { servoGains } from "../../src/sim/servoGains.js";
import { compile, makeWorld } from "./sdfWorlds.js";

const PACKAGES = ["ignition-physics5-sdf", "ignition-plugin1-loader", "sdformat12"];
const PLUGIN = "libignition-physics5-dartsim-plugin.so";
const flags = spawnSync("pkg-config", ["--cflags", "--libs", ...PACKAGES], { encoding: "utf8" });
const plugin = spawnSync("pkg-config", ["--variable=libdir", "ignition-physics5"], { encoding: "utf8" }).stdout?.trim() + `/${PLUGIN}`;
const skip = flags.status === 0 && existsSync(plugin) ? false : "there is no ignition-physics with DART (Debian: libignition-physics-dev, libsdformat-dev)";
const options = { skip, timeout: 300_000 };
const source = fileURLToPath(new URL("../../../test/sim/dart/world.cpp", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "telos-dart-"));
const program = join(folder, "world");

const SAG = 0.03; // rad; sdformat 12 does not know that a link may have no weight, so here the servo's stiffness carries the arm

interface Told {
  readonly joints: ReadonlyMap<string, { readonly q: number; readonly v: number }>;
  readonly links: ReadonlyMap<string, readonly number[]>; // "model link": x, y, z, qx, qy, qz, qw
  readonly contacts: readonly string[]; // "model model", in the order of their names
}

/** test/sim/dart/world.cpp, running. */
class Dart {
  private readonly child: ChildProcess;
  private text = "";

  constructor(sdf: string) {
    const file = join(folder, "world.sdf");
    writeFileSync(file, sdf);
    const { LD_LIBRARY_PATH: _, ...env } = process.env; // ROS brings other versions of its libraries
    this.child = spawn(program, [plugin, file], { env, stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout!.on("data", (data) => (this.text += String(data)));
  }

  async tell(...lines: string[]): Promise<Told> {
    this.text = "";
    this.child.stdin!.write([...lines, "tell", ""].join("\n"));
    while (!/^end$/m.test(this.text)) {
      if (this.child.exitCode !== null) throw new Error(`world ended with ${this.child.exitCode}: ${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const words = this.text.split("\n").map((line) => line.split(" "));
    return {
      joints: new Map(words.filter(([kind]) => kind === "joint").map(([, name, q, v]) => [name, { q: Number(q), v: Number(v) }])),
      links: new Map(words.filter(([kind]) => kind === "link").map(([, model, link, ...x]) => [`${model} ${link}`, x.map(Number)])),
      contacts: words.filter(([kind]) => kind === "contact").map(([, a, b]) => `${a} ${b}`),
    };
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}

/** Servos with the gains of the world's own controller. */
function hold({ arm, scene }: ReturnType<typeof makeWorld>, q: ArrayLike<number>): string[] {
  const { kp, kd } = servoGains(arm, scene.start);
  return arm.jointNames.map((name, j) => `hold ${name} ${q[j]} ${kp[j]} ${kd[j]} ${arm.limits.effort[j]}`);
}
const set = (world: ReturnType<typeof makeWorld>, q: ArrayLike<number>): string[] => world.arm.jointNames.map((name, j) => `set ${name} ${q[j]}`);

before(() => {
  if (skip !== false) return;
  const built = spawnSync("g++", ["-std=c++17", "-O0", "-w", source, "-o", program, ...flags.stdout.trim().split(/\s+/)], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
}, { timeout: 300_000 });
after(() => rmSync(folder, { recursive: true, force: true }));

for (const robot of ["arm7", "ur5", "so101"]) {
  test(`${robot} in DART: wherever its joints are, its links are where MuJoCo has them`, options, async () => {
    const world = makeWorld("table", robot);
    const dart = new Dart(world.sdf);
    const rng = new Rng(7);
    for (let i = 0; i < 5; i++) {
      const { lo, hi } = world.arm.limits;
      const q = Float64Array.from(lo, (x, j) => rng.range(x, hi[j]));
      const { links } = await dart.tell(...set(world, q));
      const { data, body } = await compile(world.mjcf, Object.fromEntries(world.arm.jointNames.map((name, j) => [name, q[j]])));
      let seen = 0;
      for (const [name, at] of links) {
        if (!name.startsWith("arm ")) continue;
        const b = body(LINK + name.slice(4));
        for (let c = 0; c < 3; c++) assert.ok(Math.abs(at[c] - data.xpos[3 * b + c]) < 1e-6, `${name} at ${at.slice(0, 3)}, in MuJoCo at ${data.xpos.subarray(3 * b, 3 * b + 3)}`);
        seen++;
      }
      assert.ok(seen > world.arm.nq);
    }
    dart.end();
  });
}

test("arm7 in DART: it stands, the objects lie where they lie in MuJoCo, and it moves where it is sent", options, async () => {
  const world = makeWorld("table", "arm7");
  const dart = new Dart(world.sdf), simulation = await Simulation.create({ urdf: world.urdf, arm: world.arm, scene: world.scene, seed: 3 });
  const start = world.scene.start;
  const stood = await dart.tell(...set(world, start), ...hold(world, start), "step 1000");
  simulation.step(2);
  world.arm.jointNames.forEach((name, j) => assert.ok(Math.abs(stood.joints.get(name)!.q - start[j]) < SAG && Math.abs(simulation.q[j] - start[j]) < 1e-4, `${name}: ${stood.joints.get(name)!.q} in DART, ${simulation.q[j]} in MuJoCo, held at ${start[j]}`));
  for (const { id, position } of simulation.objects()) position.forEach((x, c) => assert.ok(Math.abs(stood.links.get(`${id} link`)![c] - x) < 1e-3, `${id}: ${stood.links.get(`${id} link`)} in DART, ${position} in MuJoCo`));
  assert.deepEqual(stood.contacts, ["block table", "puck table"]);

  const goal = start.map((x, j) => x + [0.4, 0.3, -0.2, 0.3, 0.2, -0.4, 0.5][j]);
  simulation.accept({ jointNames: world.arm.jointNames, points: [{ positions: goal, velocities: goal.map(() => 0), accelerations: [], timeFromStart: 1 }] });
  simulation.step(4);
  const moved = await dart.tell(...hold(world, goal), "step 2000");
  world.arm.jointNames.forEach((name, j) => assert.ok(Math.abs(moved.joints.get(name)!.q - simulation.q[j]) < SAG, `${name}: ${moved.joints.get(name)!.q} in DART, ${simulation.q[j]} in MuJoCo`));
  dart.end();
  simulation.dispose();
});

test("arm7 in DART: sent through a wall it stops at it, as in MuJoCo", options, async () => {
  const world = makeWorld("wall", "arm7");
  const dart = new Dart(world.sdf), simulation = await Simulation.create({ urdf: world.urdf, arm: world.arm, scene: world.scene, seed: 3 });
  const start = world.scene.start, goal = start.map((x, j) => (j === 1 ? 1.2 : x)); // the upper arm leans through the wall
  const { joints, contacts } = await dart.tell(...set(world, start), ...hold(world, goal), "step 1500");
  simulation.accept({ jointNames: world.arm.jointNames, points: [{ positions: goal, velocities: goal.map(() => 0), accelerations: [], timeFromStart: 1 }] });
  simulation.step(3);
  assert.ok(contacts.includes("arm wall"), contacts.join(", "));
  assert.ok(simulation.takeContacts().some((c) => [c.body1, c.body2].includes("wall")));
  const [there, here] = [joints.get("joint2")!.q, simulation.q[1]];
  assert.ok(there < goal[1] - 0.3 && here < goal[1] - 0.3, `joint2 at ${there} in DART, ${here} in MuJoCo, sent to ${goal[1]}`);
  dart.end();
  simulation.dispose();
});
