#!/usr/bin/env node
// node scripts/picture.mjs [OUT.png] [--scene S --task T --seed N]: the README's picture, from a real run. The agent
// and the simulator run in one process on simulated time; the arm is drawn where it was at several instants, with the
// path its tool took (orange) and the one that the top level planned first (white dots). Needs no ROS and no graphics
// card.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { armOptions } from "../dist/src/agent/robot/armOptions.js";
import { Agent } from "../dist/src/agent/Agent.js";
import { loadSetup } from "../dist/src/agent/setup/AgentSetup.js";
import { loadSceneConfig } from "../dist/src/config/index.js";
import { bindTask, loadTask } from "../dist/src/cost/index.js";
import { guardrailSchemas } from "../dist/src/guardrails/index.js";
import { armFromUrdf, Kinematics, parseUrdf } from "../dist/src/kinematics/index.js";
import { lookAt, project } from "../dist/src/sim/render/Camera.js";
import { encodePng } from "../dist/src/sim/render/encodePng.js";
import { Renderer } from "../dist/src/sim/render/Renderer.js";
import { Simulation } from "../dist/src/sim/physics/Simulation.js";
import { SimRobot } from "../dist/src/sim/physics/SimRobot.js";

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scene: { type: "string", default: "wall" },
    task: { type: "string", default: "around_wall" },
    seed: { type: "string", default: "1" },
  },
});
const [WIDTH, HEIGHT] = [960, 540];
const ORANGE = [255, 140, 0];
const WHITE = [255, 255, 255];
const LIMIT = 20; // s

const scene = loadSceneConfig(o.scene);
const setup = loadSetup({ robot: scene.robot, agent: "default", scene: o.scene });
const urdf = parseUrdf(readFileSync(setup.robot.urdf, "utf8"));
const simulation = await Simulation.create({
  urdf,
  arm: armFromUrdf(urdf, armOptions(setup.robot)),
  scene,
  seed: Number(o.seed),
});
const robot = new SimRobot(simulation);
const task = bindTask(loadTask(o.task, guardrailSchemas), {
  jointNames: setup.arm.jointNames,
  objects: simulation.objects().map((x) => x.id),
  movable: false,
});
const agent = new Agent(setup, robot, task, Number(o.seed));
let observation;
robot.observations.subscribe((x) => (observation = x));
robot.tell();

let camera; // on the side on which the arm passes
const renderer = new Renderer(WIDTH, HEIGHT);

/** The present picture, and which of its pixels show the arm. */
function expose() {
  const geometry = simulation.geometry();
  const rgb = renderer.draw(geometry, camera).slice();
  renderer.measure(geometry, camera);
  const label = simulation.labels().indexOf("robot");
  const arm = Uint8Array.from(renderer.segmentation, (x) => (x === label ? 1 : 0));
  return { time: simulation.time, rgb, arm, depth: renderer.depth.slice() };
}

const path = [];
const kinematics = new Kinematics(setup.arm);
const tool = (plan, n) => {
  kinematics.forward(plan.q, n * plan.nq);
  return [kinematics.tool[3], kinematics.tool[7], kinematics.tool[11]];
};
const shots = [];
let planned;
let done = false;
while (!done && simulation.time < LIMIT) {
  done = await agent.step(observation, simulation.time);
  if (planned === undefined) {
    planned = agent.plans[0];
    const knots = Array.from({ length: planned.H * planned.substeps + 1 }, (_, n) => tool(planned, n)[1]);
    const side = knots.reduce((sum, y) => sum + y, 0) < 0 ? -1 : 1;
    camera = lookAt([0.75, 1.3 * side, 1.15], [0.25, 0.06 * side, 0.27], 0.66, WIDTH, HEIGHT);
    shots.push(expose());
  }
  path.push(simulation.tool().position);
  if (simulation.time - shots.at(-1).time >= 0.45 && !done) shots.push(expose());
  robot.advance(setup.agent.reflex.period);
}
if (!done)
  throw new Error(`the task was not accomplished within ${LIMIT} s: ${agent.monitor.error} tolerances from the goal`);
const last = expose();

// The arm at the end is opaque. Earlier postures are blended over it; the later, the stronger.
const out = last.rgb;
shots.forEach((shot, i) => {
  const share = i === 0 ? 0.55 : 0.25 + 0.15 * (i / shots.length);
  for (let p = 0; p < shot.arm.length; p++) {
    if (!shot.arm[p] || last.arm[p] || shot.depth[p] > last.depth[p]) continue;
    for (let c = 0; c < 3; c++) out[3 * p + c] += share * (shot.rgb[3 * p + c] - out[3 * p + c]);
  }
});

/** Draws a disc, which nearer surfaces hide. */
function dot(point, radius, colour, strength) {
  const [u, v, depth] = project(camera, point);
  for (let y = Math.ceil(v - radius); y <= v + radius; y++)
    for (let x = Math.ceil(u - radius); x <= u + radius; x++) {
      if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT || Math.hypot(x - u, y - v) > radius) continue;
      const hidden = last.depth[y * WIDTH + x] < depth - 0.06; // the tool point lies inside the hand's geometry
      for (let c = 0; c < 3; c++)
        out[3 * (y * WIDTH + x) + c] += (hidden ? 0.3 : 1) * strength * (colour[c] - out[3 * (y * WIDTH + x) + c]);
    }
}

for (let n = 0; n <= planned.H * planned.substeps; n += 2) dot(tool(planned, n), 2.6, WHITE, 1);
for (let i = 1; i < path.length; i++)
  for (let s = 0; s < 1; s += 0.1)
    dot(
      path[i - 1].map((x, c) => x + s * (path[i][c] - x)),
      1.8,
      ORANGE,
      0.35,
    );
dot(path.at(-1), 6, ORANGE, 1);

const file = positionals[0] ?? "docs/picture.png";
writeFileSync(file, encodePng(WIDTH, HEIGHT, out));
console.log(
  `${file}: ${o.task} in scene ${o.scene}, seed ${o.seed}, done at ${simulation.time.toFixed(2)} s (the hold of ` +
    `${task.hold} s included)`,
);
