import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { armOptions } from "../../src/agent/robot/armOptions.js";
import { meshFinder } from "../../src/agent/robot/meshReader.js";
import { loadRobotConfig, loadSceneConfig } from "../../src/config/index.js";
import { armFromUrdf, parseUrdf } from "../../src/kinematics/index.js";
import { withMeshFiles } from "../../src/kinematics/shapes/withMeshPoints.js";
import { LINK } from "../../src/sim/physics/armMjcf.js";
import { buildSdf } from "../../src/sim/export/buildSdf.js";
import { compile, makeWorld, readSdf, worlds } from "./sdfWorlds.js";

const near = (a: number, b: number, within: number, what: string): void =>
  assert.ok(Math.abs(a - b) <= within, `${what}: ${a} in SDF, ${b} in MuJoCo`);
const LEAST = 1e-4; // kg: what MuJoCo makes of smaller masses
const ign = spawnSync("ign", ["sdf", "--versions"], { encoding: "utf8" });
const sdformat =
  ign.status === 0 && /^\d/.test(ign.stdout.trim())
    ? false
    : "there is no `ign sdf` (Debian: ignition-tools, libsdformat-dev, sdformat-sdf)";

for (const { scene, robot } of worlds) {
  test(`${robot} in ${scene}: masses, moments, limits and poses are the same in SDF and in MuJoCo`, async () => {
    const world = makeWorld(scene, robot);
    const { links, joints } = readSdf(world.sdf);
    const { model, data, body, joint } = await compile(world.mjcf);
    let arms = 0,
      objects = 0;
    for (const { model: owner, name, pose, mass, moments } of links) {
      // slides carry people, who are moved in MuJoCo
      if (owner === "floor" || owner.startsWith("camera") || name.startsWith("slide_")) continue;
      const b = body(owner === "arm" ? LINK + name : owner);
      assert.ok(b > 0, `${owner} ${name} is no body of MuJoCo's`);
      for (let r = 0; r < 3; r++) {
        near(pose[4 * r + 3], data.xpos[3 * b + r], 1e-9, `${name}'s place`);
        for (let c = 0; c < 3; c++) near(pose[4 * r + c], data.xmat[9 * b + 3 * r + c], 1e-9, `${name}'s turn`);
      }
      const fixed = owner !== "arm" && !world.scene.objects.some((o) => o.id === owner);
      if (fixed) continue; // what is static has no mass in SDF
      near(Math.max(mass, LEAST), Math.max(model.body_mass[b], LEAST), 1e-9, `${name}'s mass`);
      const own = Array.from(model.body_inertia.subarray(3 * b, 3 * b + 3) as Float64Array).sort((x, y) => x - y);
      if (mass > LEAST) moments.forEach((m, i) => near(m, own[i], 1e-9 + 1e-6 * own[i], `${name}'s moment ${i}`));
      if (owner === "arm") arms++;
      else objects++;
    }
    assert.ok(arms > world.arm.nq);
    assert.equal(objects, world.scene.objects.length);
    assert.deepEqual(
      joints
        .map((j) => j.name)
        .filter((n) => world.arm.jointNames.includes(n))
        .sort(),
      [...world.arm.jointNames].sort(),
    );
    for (const j of joints) {
      if (world.scene.bodies.some((b) => j.name.startsWith(`${b.id}_`))) continue;
      const i = joint(j.name),
        k = world.arm.jointNames.indexOf(j.name);
      assert.equal(j.range !== undefined, model.jnt_range[2 * i] < model.jnt_range[2 * i + 1], j.name);
      j.range?.forEach((x, side) => near(x, model.jnt_range[2 * i + side], 1e-12, `${j.name}'s limit`));
      j.axis.forEach((x, c) => near(x, model.jnt_axis[3 * i + c], 1e-9, `${j.name}'s axis`));
      if (k < 0) continue;
      // At its greatest speed the drive's own damping takes all that the motor has: what it may be told is that beside
      // the arm's effort.
      near(j.effort - j.damping * j.velocity, world.arm.limits.effort[k], 1e-9, `${j.name}'s effort`);
      assert.equal(j.velocity, world.arm.limits.velocity[k]);
    }
  });
}

test("sdformat reads every world without an error or a warning", { skip: sdformat }, () => {
  const folder = mkdtempSync(join(tmpdir(), "telos-sdf-"));
  for (const { scene, robot } of worlds) {
    const file = join(folder, `${scene}_${robot}.sdf`);
    writeFileSync(file, makeWorld(scene, robot).sdf);
    const { stdout, stderr } = spawnSync("ign", ["sdf", "-k", file], { encoding: "utf8" });
    const said = `${stdout}${stderr}`
      .split("\n")
      // ign's own missing trace library
      .filter((line) => line.trim() !== "" && !line.startsWith("Library error: libignition-tools-backward"));
    assert.deepEqual(said, ["Valid."], `${scene}, ${robot}`);
  }
  rmSync(folder, { recursive: true });
});

test("sdformat finds the fault in a spoilt world", { skip: sdformat }, () => {
  const folder = mkdtempSync(join(tmpdir(), "telos-sdf-"));
  const file = join(folder, "world.sdf");
  writeFileSync(file, makeWorld("table", "arm7").sdf.replace("<child>link3</child>", "<child>link33</child>"));
  const { stdout, stderr } = spawnSync("ign", ["sdf", "-k", file], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  assert.match(stdout + stderr, /link33/);
});

test(
  "an exported world has every mesh that collides of an arm by its file, " +
    "scaled and placed as the URDF has it, and none of the agent's capsules for it",
  () => {
    for (const name of ["ur5", "so101"]) {
      const file = loadRobotConfig(name).urdf!,
        urdf = parseUrdf(readFileSync(file, "utf8")),
        found = withMeshFiles(urdf, meshFinder(file));
      const sdf = buildSdf(found, armFromUrdf(urdf, armOptions(loadRobotConfig(name))), loadSceneConfig("empty"), {
        kind: "gazebo",
      });
      const model = sdf.slice(
        sdf.indexOf('<model name="arm">'),
        sdf.indexOf("</model>", sdf.indexOf('<model name="arm">')),
      );
      let meshes = 0;
      for (const link of urdf.links.values()) {
        const own = new RegExp(`<link name="${link.name}">[^]*?</link>`).exec(model)?.[0] ?? "",
          solid = own.match(/<collision [^]*?<\/collision>/g) ?? [];
        if (link.collisions.length > 0) assert.equal(solid.length, link.collisions.length, `${name} ${link.name}`);
        for (const [i, { geometry: g, origin }] of link.collisions.entries()) {
          if (g.kind !== "mesh") continue;
          const at = solid.filter((s) => s.includes("<mesh>"))[
              link.collisions.slice(0, i).filter((c) => c.geometry.kind === "mesh").length
            ],
            uri = /<uri>file:\/\/(.*)<\/uri>/.exec(at)![1];
          assert.ok(existsSync(uri) && uri.endsWith(g.uri.replace("package://", "")), uri);
          assert.deepEqual(/<scale>(.*)<\/scale>/.exec(at)![1].split(" ").map(Number), [...g.scale]);
          assert.deepEqual(/<pose[^>]*>(\S+ \S+ \S+) /.exec(at)![1].split(" ").map(Number), [...origin.xyz]);
          meshes++;
        }
        assert.ok(!solid.some((s) => s.includes("<capsule>")), `${name} ${link.name}`);
      }
      assert.ok(meshes >= 7, `${name}: ${meshes}`);
    }
  },
);
