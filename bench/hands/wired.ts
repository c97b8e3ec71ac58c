import type { Agent } from "../../src/agent/Agent.js";
import type { Observation } from "../../src/core/Observation.js";
import type { Thing } from "../../src/core/Thing.js";
import type { SimRobot } from "../../src/sim/physics/SimRobot.js";

/** The agent gets what the simulated robot senses. @returns the newest observation of the joints */
export function wired(agent: Agent, robot: SimRobot, things: readonly Thing[]): () => Observation {
  const { clock } = robot;
  let seen!: Observation;
  robot.observations.subscribe((x) => (seen = x));
  robot.bodies.subscribe((bodies) => agent.beliefs.seeBodies(clock.now(), bodies, clock.now()));
  robot.forces.subscribe(({ stamp, force }) => agent.reflex.feel(stamp, force));
  robot.objects.subscribe((readings) => {
    const stamp = clock.now();
    agent.seeObjects(
      stamp,
      readings.map(({ id, position, orientation, positionStd }) => ({ id, position, orientation, positionStd, stamp })),
      things,
      stamp,
    );
  });
  robot.tell();
  return () => seen;
}
