import assert from "node:assert/strict";
import { test } from "node:test";
import { mulTransform } from "../../src/core/geometry/mulTransform.js";
import { invertTransform } from "../../src/core/geometry/invertTransform.js";
import { Rng } from "../../src/core/math/Rng.js";
import { rotationError } from "../../src/core/geometry/rotationError.js";
import { transformPoint } from "../../src/core/geometry/transformPoint.js";
import { Kinematics } from "../../src/kinematics/Kinematics.js";
import { armNames, loadArm, randomConfiguration, urdfText } from "./arms.js";
import { mujocoArm } from "./mujocoArm.js";

for (const name of armNames) {
  test(`${name}: every frame and the tool are where MuJoCo puts them, in 300 random configurations`, async () => {
    const { arm } = loadArm(name);
    const { mj, model, data } = await mujocoArm(urdfText(name));
    const kinematics = new Kinematics(arm),
      rng = new Rng(1);
    const q = new Float64Array(arm.nq),
      base = new Float64Array(12),
      pose = new Float64Array(12),
      error = new Float64Array(3);
    // what is in neither the chain nor fixed (grippers) stays at MuJoCo's zero; it carries no frame that is asked for
    const address = arm.jointNames.map(
      (joint) => model.jnt_qposadr[mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, joint)],
    );
    const read = (link: string, out: Float64Array): Float64Array => {
      const id = mj.mj_name2id(model, mj.mjtObj.mjOBJ_BODY.value, link);
      if (id < 0) {
        assert.equal(link, arm.base, "MuJoCo may merge only the base into its world");
        out.set([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        return out;
      }
      for (let r = 0; r < 3; r++) {
        for (let c = 0; c < 3; c++) out[4 * r + c] = data.xmat[9 * id + 3 * r + c];
        out[4 * r + 3] = data.xpos[3 * id + r];
      }
      return out;
    };
    let worst = 0,
      turn = 0;
    for (let k = 0; k < 300; k++) {
      randomConfiguration(arm, rng, q);
      address.forEach((a, j) => (data.qpos[a] = q[j]));
      mj.mj_kinematics(model, data);
      kinematics.forward(q, 0);
      invertTransform(base, 0, read(arm.base, base), 0);
      [...arm.linkNames, arm.tool].forEach((link, i) => {
        mulTransform(pose, 0, base, 0, read(link, pose), 0);
        const [ours, at] = i <= arm.nq ? [kinematics.frames, 12 * i] : [kinematics.tool, 0];
        for (const c of [3, 7, 11]) worst = Math.max(worst, Math.abs(ours[at + c] - pose[c]));
        turn = Math.max(turn, Math.hypot(...rotationError(error, 0, ours, at, pose, 0)));
      });
    }
    assert.ok(worst < 1e-6, `position off by ${worst} m`);
    assert.ok(turn < 1e-6, `orientation off by ${turn} rad`);
    (data.delete(), model.delete());
  });

  test(`${name}: the Jacobian is the derivative of the tool's pose`, () => {
    const { arm } = loadArm(name);
    const kinematics = new Kinematics(arm),
      rng = new Rng(2),
      J = new Float64Array(6 * arm.nq),
      h = 1e-6;
    const before = new Float64Array(12),
      after = new Float64Array(12),
      turn = new Float64Array(3);
    for (let k = 0; k < 200; k++) {
      const q = randomConfiguration(arm, rng);
      kinematics.forward(q, 0);
      kinematics.jacobian(J);
      for (let j = 0; j < arm.nq; j++) {
        const at = q[j];
        ((q[j] = at - h), kinematics.forward(q, 0), before.set(kinematics.tool));
        ((q[j] = at + h), kinematics.forward(q, 0), after.set(kinematics.tool));
        q[j] = at;
        rotationError(turn, 0, before, 0, after, 0);
        for (let r = 0; r < 3; r++) {
          const linear = (after[4 * r + 3] - before[4 * r + 3]) / (2 * h),
            angular = turn[r] / (2 * h);
          assert.ok(
            Math.abs(J[r * arm.nq + j] - linear) < 1e-7,
            `linear ${r}, joint ${j}: ${J[r * arm.nq + j]} against ${linear}`,
          );
          assert.ok(
            Math.abs(J[(3 + r) * arm.nq + j] - angular) < 1e-7,
            `angular ${r}, joint ${j}: ${J[(3 + r) * arm.nq + j]} against ${angular}`,
          );
        }
      }
    }
  });

  test(`${name}: capsule ends move rigidly with their links`, () => {
    const { arm } = loadArm(name);
    const kinematics = new Kinematics(arm),
      rng = new Rng(3),
      ends = new Float64Array(6 * arm.capsules.length + 2),
      p = new Float64Array(3);
    for (let k = 0; k < 50; k++) {
      kinematics.forward(randomConfiguration(arm, rng), 0);
      kinematics.writeCapsules(ends, 2);
      arm.capsules.forEach((c, i) =>
        [c.p0, c.p1].forEach((end, e) => {
          transformPoint(p, 0, kinematics.frames, 12 * c.link, Float64Array.from(end), 0);
          for (let r = 0; r < 3; r++) assert.ok(Math.abs(p[r] - ends[2 + 6 * i + 3 * e + r]) < 1e-12);
        }),
      );
    }
  });
}

test("forward reads its joints from the offset and gives the same bits again", () => {
  const { arm } = loadArm("arm7");
  const kinematics = new Kinematics(arm),
    q = new Float64Array(5 + arm.nq).fill(NaN);
  q.set(randomConfiguration(arm, new Rng(4)), 5);
  kinematics.forward(q, 5);
  const tool = kinematics.tool.slice();
  kinematics.forward(arm.home, 0);
  kinematics.forward(q, 5);
  assert.deepEqual(kinematics.tool, tool);
  assert.ok(tool.every(Number.isFinite));
});

test("a prismatic joint slides along its axis and does not turn", async () => {
  const { parseUrdf } = await import("../../src/kinematics/urdf/parseUrdf.js");
  const { armFromUrdf } = await import("../../src/kinematics/urdf/armFromUrdf.js");
  const urdf = parseUrdf(`<robot name="slide"><link name="a"/><link name="b"/><link name="c"/>
    <joint name="turn" type="continuous"><parent link="a"/><child link="b"/><axis xyz="0 0 1"/>\
<limit velocity="1" effort="1"/></joint>
    <joint name="slide" type="prismatic"><parent link="b"/><child link="c"/>\
<origin xyz="0 0 1" rpy="0 1.5707963267948966 0"/><axis xyz="0 0 2"/><limit lower="0" upper="1" velocity="1" \
effort="1"/></joint></robot>`);
  const arm = armFromUrdf(urdf, { tool: "c" }),
    kinematics = new Kinematics(arm),
    J = new Float64Array(12);
  kinematics.forward(Float64Array.of(Math.PI / 2, 0.5), 0);
  kinematics.jacobian(J);
  const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-12, `${a} against ${b}`);
  [0, 0.5, 1].forEach((x, r) => near(kinematics.tool[4 * r + 3], x));
  [0, 1, 0, 0, 0, 0].forEach((x, r) => near(J[2 * r + 1], x));
});
