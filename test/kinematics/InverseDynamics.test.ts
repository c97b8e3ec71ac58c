import assert from "node:assert/strict";
import { test } from "node:test";
import { Rng } from "../../src/core/math/Rng.js";
import { armFromUrdf } from "../../src/kinematics/urdf/armFromUrdf.js";
import { InverseDynamics } from "../../src/kinematics/InverseDynamics.js";
import { Kinematics } from "../../src/kinematics/Kinematics.js";
import { parseUrdf } from "../../src/kinematics/urdf/parseUrdf.js";
import { armNames, loadArm, randomConfiguration, urdfText } from "./arms.js";
import { mujocoArm } from "./mujocoArm.js";

const sliding = `<robot name="s"><link name="a"/>
  ${[1, 2, 3]
    .map(
      (i) =>
        `<link name="l${i}"><inertial><origin xyz="0.1 0.0${i} -0.2" rpy="0.${i} 0.2 0.3"/><mass value="${i}"/>\
<inertia ixx="0.03" ixy="0.001" ixz="0.002" iyy="0.02" iyz="0.003" izz="0.025"/></inertial></link>`,
    )
    .join("")}
  ${["revolute", "prismatic", "revolute"]
    .map(
      (type, i) =>
        `<joint name="j${i}" type="${type}"><parent link="${i === 0 ? "a" : `l${i}`}"/><child link="l${i + 1}"/>\
<origin xyz="0.1 0.2 0.3" rpy="0.4 0.5 ${i}"/><axis xyz="0.6 0 0.8"/><limit lower="-1" upper="1" velocity="2" \
effort="1"/></joint>`,
    )
    .join("")}</robot>`;

for (const [name, text, arm] of [
  ...armNames.map((n) => [n, urdfText(n), loadArm(n).arm] as const),
  ["an arm with a sliding joint", sliding, armFromUrdf(parseUrdf(sliding), { tool: "l3" })] as const,
])
  test(`${name}: torques are MuJoCo's, in 200 random states of motion`, async () => {
    const { mj, model, data } = await mujocoArm(text),
      dynamics = new InverseDynamics(arm),
      rng = new Rng(1);
    // the limits' and friction's forces are not the arm's dynamics
    model.opt.disableflags = mj.mjtDisableBit.mjDSBL_CONSTRAINT.value;
    const id = arm.jointNames.map((joint) => mj.mj_name2id(model, mj.mjtObj.mjOBJ_JOINT.value, joint));
    const n = arm.nq,
      v = new Float64Array(n),
      a = new Float64Array(n);
    let worst = 0;
    for (let k = 0; k < 200; k++) {
      const q = randomConfiguration(arm, rng);
      for (let j = 0; j < n; j++) {
        ((v[j] = rng.range(-2, 2)), (a[j] = rng.range(-8, 8)));
        data.qpos[model.jnt_qposadr[id[j]]] = q[j];
        data.qvel[model.jnt_dofadr[id[j]]] = v[j];
        data.qacc[model.jnt_dofadr[id[j]]] = a[j];
      }
      mj.mj_inverse(model, data);
      dynamics.compute(q, v, a, 0);
      for (let j = 0; j < n; j++) {
        const d = model.jnt_dofadr[id[j]],
          passive = data.qfrc_passive[d]; // a URDF's damping and friction
        worst = Math.max(worst, Math.abs(data.qfrc_inverse[d] + passive - dynamics.torque[j]));
      }
    }
    assert.ok(worst < 1e-6, `off by ${worst} N·m`);
    (data.delete(), model.delete());
  });

test("at rest, torques are the gradient of the potential energy, and none without gravity", () => {
  const { arm } = loadArm("arm7"),
    dynamics = new InverseDynamics(arm),
    free = new InverseDynamics(arm, [0, 0, 0]),
    zero = new Float64Array(7);
  const kinematics = new Kinematics(arm),
    rng = new Rng(2),
    h = 1e-6;
  const energy = (q: Float64Array): number => {
    kinematics.forward(q, 0);
    const f = kinematics.frames;
    return arm.inertias.reduce(
      (sum, { mass, com }, j) =>
        sum +
        mass * 9.81 * (f[12 * j + 20] * com[0] + f[12 * j + 21] * com[1] + f[12 * j + 22] * com[2] + f[12 * j + 23]),
      0,
    );
  };
  for (let k = 0; k < 50; k++) {
    const q = randomConfiguration(arm, rng),
      torque = dynamics.compute(q, zero, zero, 0).slice();
    for (let j = 0; j < 7; j++) {
      const slope =
        (energy(q.map((x, i) => (i === j ? x + h : x))) - energy(q.map((x, i) => (i === j ? x - h : x)))) / (2 * h);
      assert.ok(Math.abs(slope - torque[j]) < 1e-6, `joint ${j}: ${torque[j]} against ${slope}`);
    }
    assert.ok(free.compute(q, zero, zero, 0).every((t) => Math.abs(t) < 1e-12));
  }
});
