import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadArm } from "../../../src/agent/robot/loadArm.js";
import { armFromUrdf, parseUrdf, passage, type Arm, type ArmOptions } from "../../../src/kinematics/index.js";
import { boxObj } from "../../kinematics/boxObj.js";

const link = (name: string): string =>
  `<link name="${name}"><collision><geometry><mesh filename="${name}.obj"/></geometry></collision></link>`;
const text = (upper: number): string =>
  `<robot name="t">${["l0", "l1", "l2", "l3"].map(link).join("")}` +
  `${[1, 2, 3]
    .map(
      (n) =>
        `<joint name="j${n}" type="revolute"><parent link="l${n - 1}"/><child link="l${n}"/><origin xyz="0 0 0.3"/>\
<axis xyz="0 ${n % 2} ${1 - (n % 2)}"/><limit lower="-1" upper="${upper}" velocity="1" effort="9"/></joint>`,
    )
    .join("")}` +
  "</robot>";
const made = (urdf: string, o: ArmOptions): Arm => {
  const arm = armFromUrdf(parseUrdf(urdf), o);
  return { ...arm, passage: passage(arm) };
};

test(
  "an arm from the cache is the arm that is fitted, to the bit; another mesh, " +
    "limit or option makes another, and a damaged or missing file is as none",
  (t) => {
    const folder = mkdtempSync(join(tmpdir(), "telos-cache-")),
      before = process.env.XDG_CACHE_HOME;
    t.after(() => {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
      rmSync(folder, { recursive: true });
    });
    process.env.XDG_CACHE_HOME = folder;
    const kept = (): string[] =>
      readdirSync(join(folder, "telos", "arms")).map((f) => join(folder, "telos", "arms", f));
    const options = (size = 0.04, more: ArmOptions = {}): ArmOptions => ({
      readMesh: (uri) =>
        uri === "l3.obj"
          ? undefined
          : boxObj([
              [-size, -size, 0],
              [size, size, 0.25],
            ]),
      ...more,
    });
    const fitted = made(text(2), options()),
      first = loadArm(parseUrdf(text(2)), options());
    assert.deepEqual(first, fitted);
    assert.equal(kept().length, 1);
    let told = 0;
    assert.deepEqual(loadArm(parseUrdf(text(2)), options(0.04, { tell: () => told++ })), fitted);
    assert.equal(told, 0, "nothing was fitted");
    const finger =
      '<link name="f"/><joint name="grip" type="prismatic"><parent link="l3"/><child link="f"/><axis xyz="0 1 0"/>' +
      '<limit lower="0" upper="0.08" velocity="1" effort="9"/></joint></robot>';
    const pads = {
      position: [0, 0, 0],
      orientation: [0, 0, 0, 1],
      size: [0.02, 0.02],
      finger: 0.01,
      depth: 0.04,
    } as const;
    const gripper = { joints: ["grip"], open: 0.08, closed: 0, at: {}, force: 40, speed: 0.1, pads };
    const handed = text(2).replace("</robot>", finger),
      base = { base: "l0", tool: "l3" };
    for (const [urdf, o] of [
      [handed, options(0.04, base)],
      [handed, options(0.04, { ...base, gripper })],
      [handed, options(0.04, { ...base, gripper: { ...gripper, force: 50 } })],
      [text(2), options(0.05)],
      [text(1.5), options()],
      [text(2), options(0.04, { home: [0.1, 0, 0] })],
      [text(2), options(0.04, { velocityScale: 0.5 })],
    ] as const)
      assert.deepEqual(loadArm(parseUrdf(urdf), o), made(urdf, o));
    assert.equal(kept().length, 8);
    for (const file of kept()) {
      const bytes = readFileSync(file);
      bytes[bytes.length - 40] ^= 1;
      writeFileSync(file, bytes);
    }
    assert.deepEqual(loadArm(parseUrdf(text(2)), options()), fitted);
    for (const file of kept()) writeFileSync(file, "");
    assert.deepEqual(loadArm(parseUrdf(text(2)), options()), fitted);
    process.env.XDG_CACHE_HOME = "/dev/null/none";
    assert.deepEqual(loadArm(parseUrdf(text(2)), options()), fitted);
  },
);
