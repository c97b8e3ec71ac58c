// The whole agent in one thread and on simulated time; the simulator is the robot.
import { Agent, loadSetup, taskFor, type Observation } from "telos/agent";
import { simulate } from "telos/sim";

const setup = loadSetup({ robot: "arm7", agent: "default", scene: "wall" });
const robot = await simulate("wall");
const agent = await Agent.create(setup, robot, taskFor(setup, "around_wall"), 1);
const now = (): number => robot.clock.now(); // s, simulated

let seen!: Observation;
robot.observations.subscribe((observation) => (seen = observation));
robot.bodies.subscribe((people) => agent.beliefs.seeBodies(now(), people, now()));
robot.tell(); // what the sensors say before any time has passed

for (let tick = 0; !(await agent.step(seen, now())); tick++) {
  if (now() > 60) throw new Error("the goal was not reached in 60 s");
  if (tick % 50 === 0) console.log(`${now().toFixed(1)} s: ${agent.monitor.error.toFixed(1)} tolerances from the goal`);
  robot.advance(setup.agent.reflex.period);
}
console.log(`${now().toFixed(1)} s: the goal holds, ${agent.reflex.checks} commands checked`);
