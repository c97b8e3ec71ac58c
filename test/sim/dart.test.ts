import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "../../src/agent/Agent.js";
import { loadSetup } from "../../src/agent/setup/AgentSetup.js";
import { expectedTrackingError } from "../../src/agent/robot/trackingError.js";
import { Rng } from "../../src/core/math/Rng.js";
import { bindTask, loadTask } from "../../src/cost/index.js";
import { guardrailSchemas } from "../../src/guardrails/index.js";
import { LINK } from "../../src/sim/physics/armMjcf.js";
import { Simulation } from "../../src/sim/index.js";
import { ArrivalCommands } from "../../src/core/commands/ArrivalCommands.js";
import { GazeboServo } from "../../src/kinematics/GazeboServo.js";
import { peopleOf } from "../../src/cli/people.js";
import { drawGoals } from "../../src/evaluation/drawGoals.js";
import { commandStream } from "./commandStream.js";
import { Dart, options, servos, withDart } from "./Dart.js";
import { GazeboController } from "./GazeboController.js";
import { GazeboRobot } from "./GazeboRobot.js";
import { compile, makeWorld } from "./sdfWorlds.js";

const STEP = 0.002; // s
const EXACT = 1e-3; // rad
const LIMIT = 25; // s, simulated, a goal
const GOALS = Number(process.env.TELOS_DART_GOALS ?? 2); // 20: as `npm run bench:gazebo` in true Gazebo
const PLANNED = 0.95; // velocity_scale, of a velocity limit
const EXPECTED = 0.01; // rad, that an arm under this controller keeps to where its file says nothing

/** Servos as the world's own controller has them, each sent to q with the torque that holds it there. */
function hold({ arm, sdf }: ReturnType<typeof makeWorld>, q: ArrayLike<number>): string[] {
  const rest = new Float64Array(arm.nq),
    weight = new GazeboServo(arm).feedForward(Float64Array.from(q), rest, rest);
  return [...servos(sdf), ...arm.jointNames.map((name, j) => `aim ${name} ${q[j]} ${weight[j]}`)];
}
const set = (world: ReturnType<typeof makeWorld>, q: ArrayLike<number>): string[] =>
  world.arm.jointNames.map((name, j) => `set ${name} ${q[j]}`);

withDart();

for (const robot of ["arm7", "ur5", "so101"]) {
  test(`${robot} in DART: wherever its joints are, its links are where MuJoCo has them`, options, async () => {
    const world = makeWorld("table", robot);
    const dart = new Dart(world.sdf);
    const rng = new Rng(7);
    for (let i = 0; i < 5; i++) {
      const { lo, hi } = world.arm.limits;
      const q = Float64Array.from(lo, (x, j) => rng.range(x, hi[j]));
      const { links } = await dart.tell(...set(world, q));
      const { data, body } = await compile(
        world.mjcf,
        Object.fromEntries(world.arm.jointNames.map((name, j) => [name, q[j]])),
      );
      let seen = 0;
      for (const [name, at] of links) {
        if (!name.startsWith("arm ")) continue;
        const b = body(LINK + name.slice(4));
        for (let c = 0; c < 3; c++)
          assert.ok(
            Math.abs(at[c] - data.xpos[3 * b + c]) < 1e-6,
            `${name} at ${at.slice(0, 3)}, in MuJoCo at ${data.xpos.subarray(3 * b, 3 * b + 3)}`,
          );
        seen++;
      }
      assert.ok(seen > world.arm.nq);
    }
    dart.end();
  });
}

test(
  "arm7 in DART: it stands, the objects lie where they lie in MuJoCo, and it moves where it is sent",
  options,
  async () => {
    const world = makeWorld("table", "arm7");
    const dart = new Dart(world.sdf),
      simulation = await Simulation.create({ urdf: world.urdf, arm: world.arm, scene: world.scene, seed: 3 });
    const start = world.scene.start;
    const stood = await dart.tell(...set(world, start), ...hold(world, start), "step 1000");
    simulation.step(2);
    world.arm.jointNames.forEach((name, j) =>
      assert.ok(
        Math.abs(stood.joints.get(name)!.q - start[j]) < EXACT && Math.abs(simulation.q[j] - start[j]) < 1e-4,
        `${name}: ${stood.joints.get(name)!.q} in DART, ${simulation.q[j]} in MuJoCo, held at ${start[j]}`,
      ),
    );
    for (const { id, position } of simulation.objects())
      position.forEach((x, c) =>
        assert.ok(
          Math.abs(stood.links.get(`${id} link`)![c] - x) < 1e-3,
          `${id}: ${stood.links.get(`${id} link`)} in DART, ${position} in MuJoCo`,
        ),
      );
    assert.deepEqual(stood.contacts, ["block table", "puck table"]);

    const goal = start.map((x, j) => x + [0.4, 0.3, -0.2, 0.3, 0.2, -0.4, 0.5][j]);
    simulation.accept({
      jointNames: world.arm.jointNames,
      points: [{ positions: goal, velocities: goal.map(() => 0), accelerations: [], timeFromStart: 1 }],
    });
    simulation.step(4);
    const moved = await dart.tell(...hold(world, goal), "step 2000");
    world.arm.jointNames.forEach((name, j) =>
      assert.ok(
        Math.abs(moved.joints.get(name)!.q - simulation.q[j]) < EXACT,
        `${name}: ${moved.joints.get(name)!.q} in DART, ${simulation.q[j]} in MuJoCo`,
      ),
    );
    dart.end();
    simulation.dispose();
  },
);

test("arm7 in DART: sent through a wall it stops at it, as in MuJoCo", options, async () => {
  const world = makeWorld("wall", "arm7");
  const dart = new Dart(world.sdf),
    simulation = await Simulation.create({ urdf: world.urdf, arm: world.arm, scene: world.scene, seed: 3 });
  const start = world.scene.start,
    goal = start.map((x, j) => (j === 1 ? 1.2 : x)); // the upper arm leans through the wall
  const { joints, contacts } = await dart.tell(...set(world, start), ...hold(world, goal), "step 1500");
  simulation.accept({
    jointNames: world.arm.jointNames,
    points: [{ positions: goal, velocities: goal.map(() => 0), accelerations: [], timeFromStart: 1 }],
  });
  simulation.step(3);
  assert.ok(contacts.includes("arm wall"), contacts.join(", "));
  assert.ok(simulation.takeContacts().some((c) => [c.body1, c.body2].includes("wall")));
  const [there, here] = [joints.get("joint2")!.q, simulation.q[1]];
  assert.ok(
    there < goal[1] - 0.3 && here < goal[1] - 0.3,
    `joint2 at ${there} in DART, ${here} in MuJoCo, sent to ${goal[1]}`,
  );
  dart.end();
  simulation.dispose();
});

for (const robot of ["arm7", "ur5", "so101"]) {
  test(
    `${robot} in DART under Gazebo's own controller: it stands where the world begins, ` +
      "and follows what it is sent at full speed, whenever that comes",
    options,
    async () => {
      const world = makeWorld("table", robot),
        { arm } = world,
        start = world.scene.start;
      const dart = new Dart(world.sdf.replace(/<collision[^]*?<\/collision>/g, "")),
        controller = new GazeboController(world.sdf),
        order = [...arm.jointNames].sort(),
        servo = new GazeboServo(arm),
        rng = new Rng(11);
      const aim = (t: number): string[] =>
        controller.update(t).map(({ q, effort }, j) => `aim ${controller.joints[j]} ${q} ${effort}`);
      const stood = await dart.tell(...set(world, start), ...servos(world.sdf), ...aim(0), "step 1500");
      arm.jointNames.forEach((name, j) =>
        assert.ok(
          Math.abs(stood.joints.get(name)!.q - start[j]) < EXACT,
          `${name} stands at ${stood.joints.get(name)!.q}, not ${start[j]}`,
        ),
      );

      const TRANSPORT = 0.005,
        LEAD = 0.033;
      const commands = new ArrivalCommands(LEAD, {
        transport: TRANSPORT,
        step: STEP,
        feedForward: (q, v, a) => servo.feedForward(q, v, a),
      });
      const { at, ticks, of } = commandStream(arm, start, rng, LEAD),
        lines: string[] = [],
        post: { at: number; points: Parameters<GazeboController["accept"]>[0] }[] = [];
      let sent = 0;
      for (let k = 1; k * STEP < ticks * 0.01 + 1; k++) {
        const t = k * STEP; // what this step comes to
        for (; sent < ticks && sent * 0.01 <= t; sent++) {
          const now = sent * 0.01 + rng.range(0, 0.002); // timers are late
          const points = commands
            .of(of(sent), now)
            .knots.map((p) => ({ positions: p.q, effort: p.effort!, timeFromStart: p.t }));
          post.push({ at: Math.max(post.at(-1)?.at ?? 0, now + TRANSPORT + rng.range(-0.002, 0.002)), points });
        }
        while (post.length > 0 && post[0].at <= t - STEP) controller.accept(post.shift()!.points);
        lines.push(...aim(t), "step 1");
      }
      const { states } = await dart.tell(...lines);
      const errors: number[] = [],
        speeds: number[] = [];
      states.forEach((x, k) => {
        const { q } = at((k + 1) * STEP);
        arm.jointNames.forEach((name, j) => {
          const i = 2 * order.indexOf(name);
          errors.push(Math.abs(x[i] - q[j]));
          speeds.push((PLANNED * Math.abs(x[i + 1])) / arm.limits.velocity[j]);
        });
      });
      errors.sort((a, b) => a - b);
      const most = Math.max(...speeds),
        p99 = errors[Math.floor(0.99 * errors.length)];
      assert.ok(p99 < EXPECTED, `tracking error ${p99} rad at p99`);
      assert.ok(most < 1.02, `${most} of a velocity limit`);
      assert.ok(
        states.slice(-100).every((x) => x.every((v, i) => i % 2 === 0 || Math.abs(v) < 1e-3)),
        "it does not come to rest",
      );
      dart.end();
    },
  );
}

test("a person in DART under Gazebo's own controller goes the path that it is sent, once", options, async () => {
  const world = makeWorld("person", "arm7"),
    dart = new Dart(world.sdf.replace(/<collision[^]*?<\/collision>/g, "")),
    [{ id, joints, path }] = (await peopleOf(world.scene)).filter((p) => p.path.length > 0);
  const controller = new GazeboController(world.sdf, id),
    lines = servos(world.sdf, id);
  controller.accept(path.map(({ t, offset }) => ({ positions: offset, effort: [], timeFromStart: t })));
  const steps = Math.round(path.at(-1)!.t / STEP);
  for (let k = 1; k <= steps; k++)
    lines.push(...controller.update(k * STEP).map(({ q }, j) => `aim ${joints[j]} ${q} 0`), "step 1");
  const { states } = await dart.tell(...lines);
  let far = 0;
  states.forEach((x, k) => {
    const { offset } = path[Math.min(path.length - 1, Math.round((k * STEP) / 0.01))];
    offset.forEach((want, c) => (far = Math.max(far, Math.abs(x[2 * c] - want))));
  });
  assert.equal(states.length, steps);
  assert.ok(far < 0.015, `${far} m off its path`); // 20 ms behind, at 0.45 m/s
  dart.end();
});

for (const scene of ["table", "wall"])
  test(
    `an agent in DART under Gazebo's own controller, ${scene}: every goal is reached, ` +
      "the arm is where it was told within the declared bound, below its limits, and touches nothing",
    options,
    async () => {
      const world = makeWorld(scene, "arm7"),
        setup = loadSetup({ robot: "arm7", agent: "default", scene, law: "gazebo" });
      const dart = new Dart(world.sdf),
        robot = new GazeboRobot(setup, world.sdf, dart, new Rng(5));
      await robot.begin(world.scene.start);
      for (const [i, { task }] of drawGoals(setup, GOALS, 1).entries()) {
        const agent = new Agent(
            setup,
            robot,
            bindTask(loadTask(task, guardrailSchemas), {
              jointNames: setup.arm.jointNames,
              objects: [],
              predicted: [],
            }),
            i + 1,
          ),
          began = robot.time;
        while (!(await agent.step(robot.seen, robot.time))) {
          assert.ok(
            robot.time - began < LIMIT,
            `goal ${i + 1}: ${agent.monitor.error} tolerances off after ${LIMIT} s`,
          );
          await robot.advance(setup.agent.reflex.period);
        }
      }
      const errors = Float64Array.from(robot.errors).sort(),
        p99 = errors[Math.floor(0.99 * errors.length)];
      assert.ok(
        p99 < expectedTrackingError(setup)[0],
        `tracking error ${p99} rad at p99, declared ${expectedTrackingError(setup)[0]}`,
      );
      assert.ok(robot.velocity <= 1.02, `${robot.velocity} of a velocity limit`);
      assert.deepEqual([...robot.touched], []);
      if (GOALS > 2)
        console.log(
          `${scene}: ${GOALS} goals, tracking p99 ${1000 * p99}, worst ${1000 * errors.at(-1)!} mrad, velocity ` +
            `${robot.velocity}`,
        );
      dart.end();
    },
  );
