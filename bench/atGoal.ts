import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Agent } from "../src/agent/Agent.js";
import { armOptions } from "../src/agent/robot/armOptions.js";
import { loadSetup, type AgentSetup } from "../src/agent/setup/AgentSetup.js";
import { wholeNumber } from "../src/cli/wholeNumber.js";
import { statusLine } from "../src/cli/statusLine.js";
import { loadSceneConfig } from "../src/config/index.js";
import type { Observation } from "../src/core/Observation.js";
import { bindTask, loadTask } from "../src/cost/index.js";
import { guardrailSchemas } from "../src/guardrails/index.js";
import { armFromUrdf, parseUrdf } from "../src/kinematics/index.js";
import { Simulation } from "../src/sim/physics/Simulation.js";
import { SimRobot } from "../src/sim/physics/SimRobot.js";
import { latePlans } from "../test/reflex/latePlans.js";
import { drawGoals, type DrawnGoal } from "../src/evaluation/drawGoals.js";
import { quantile } from "../src/evaluation/quantile.js";

const LIMIT = 25; // s, simulated, a goal
const REST = 1; // s that the arm has to come to rest once success was told
const kinds = ["pose", "position", "pointing"] as const;
type Kind = (typeof kinds)[number];

/** How one goal went, by the simulator's own truth. */
interface Visit {
  readonly told: number; // s, when success was told; NaN where it was not
  readonly first: number; // s, when the tool first came within tolerance
  readonly held: number; // s, from when on it stayed within tolerance
  readonly exits: number; // how often it left again, before and after success was told
  readonly strayed: number; // m, the farthest from the goal after it had first come within tolerance
  readonly off: number; // m, where it rests
  readonly holds: boolean; // whether the goal holds there
}

/** Distance in m and angle in rad of the true tool to the goal, by its axes' dot products: no code of the agent's. */
function miss(simulation: Simulation, goal: DrawnGoal, kind: Kind): { distance: number; angle: number } {
  const {
    position,
    orientation: [x, y, z, w],
  } = simulation.tool();
  const distance = Math.hypot(...position.map((p, c) => p - goal.position[c]));
  if (kind === "position") return { distance, angle: 0 };
  const [gx, gy, gz, gw] = goal.orientation;
  if (kind === "pose")
    return { distance, angle: 2 * Math.acos(Math.min(1, Math.abs(x * gx + y * gy + z * gz + w * gw))) };
  const axis = (a: number, b: number, c: number, d: number): number[] => [
    2 * (a * c + b * d),
    2 * (b * c - a * d),
    1 - 2 * (a * a + b * b),
  ];
  const [u, v] = [axis(x, y, z, w), axis(gx, gy, gz, gw)];
  return { distance, angle: Math.acos(Math.max(-1, Math.min(1, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]))) };
}

function written(goal: DrawnGoal, kind: Kind, tolerance: number, hold: number): string {
  const [x, y, z, w] = goal.orientation;
  const z3 = [2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)];
  const turned =
    kind === "pose"
      ? `, orientation: [${goal.orientation.join(", ")}]`
      : kind === "pointing"
        ? `, pointing: [${z3.join(", ")}]`
        : "";
  return (
    `goal:\n  - tool_pose: { position: [${goal.position.join(", ")}]${turned}, angle_tolerance: ` +
    `${250 * tolerance} deg, tolerance: ${tolerance} m }\nhold: ${hold} s\ntimeout: 60 s\n`
  );
}

async function visit(
  setup: AgentSetup,
  simulation: Simulation,
  goal: DrawnGoal,
  seed: number,
  o: { kind: Kind; tolerance: number; hold: number; bare: boolean; late: boolean },
): Promise<Visit> {
  simulation.reset({ seed });
  const robot = new SimRobot(simulation);
  const agent = new Agent(
    setup,
    robot,
    bindTask(loadTask(written(goal, o.kind, o.tolerance, o.hold), guardrailSchemas), {
      jointNames: setup.arm.jointNames,
      objects: [],
      predicted: [],
    }),
    seed,
  );
  if (o.bare) agent.reflex.guard([]);
  if (o.late) latePlans(agent);
  let seen!: Observation,
    first = NaN,
    held = NaN,
    exits = 0,
    strayed = 0,
    inside = false,
    off = 0;
  robot.observations.subscribe((x) => (seen = x));
  robot.tell();
  const look = (): void => {
    const { distance, angle } = miss(simulation, goal, o.kind);
    const now = distance <= o.tolerance && angle <= (250 * o.tolerance * Math.PI) / 180;
    if (now && !inside) held = simulation.time;
    if (now && !(first >= 0)) first = simulation.time;
    if (!now && inside) exits++;
    if (first >= 0) strayed = Math.max(strayed, distance);
    inside = now;
    off = distance;
  };
  let done = false;
  while (simulation.time < LIMIT && !done) {
    done = await agent.step(seen, simulation.time);
    if (done) break;
    robot.advance(setup.agent.reflex.period);
    look();
  }
  const told = done ? simulation.time : NaN;
  // what is told to stop keeps the fail-safe trajectory that it holds
  for (const end = simulation.time + REST; simulation.time < end; look()) robot.advance(setup.agent.reflex.period);
  return { told, first, held: inside ? held : NaN, exits, strayed, off, holds: inside };
}

new Command("at-goal")
  .description(
    "how the arm stays at goals that it has reached, and where it rests once success was told: whole agent, " +
      "simulated time, evaluated by the simulator's own pose of the tool",
  )
  .option("--robot <name>", "robot in config/robots, or a file", "arm7")
  .option("--scene <name>", "scene in config/scenes", "empty")
  .option("--goals <n>", "goals, drawn", wholeNumber, 20)
  .option("--skip <n>", "of them not tried", wholeNumber, 0)
  .option("--seed <n>", "of the goals", wholeNumber, 7)
  .option("--hold <s>", "seconds that a goal must hold", Number, 2)
  .option("--tolerance <m>", "m; angles in proportion, 5 degrees for 2 cm", Number, 0.02)
  .option("--kind <kind>", kinds.join(", "), "pose")
  .option("--late", "plans of the top level come into force a period late, as on a busy machine", false)
  .option("--bare", "without guardrails at the safety filter", false)
  .action(
    async (o: {
      robot: string;
      scene: string;
      goals: number;
      skip: number;
      seed: number;
      hold: number;
      tolerance: number;
      kind: Kind;
      bare: boolean;
      late: boolean;
    }) => {
      const setup = loadSetup({ robot: o.robot, agent: "default", scene: o.scene });
      const urdf = parseUrdf(readFileSync(setup.robot.urdf!, "utf8"));
      const simulation = await Simulation.create({
        urdf,
        arm: armFromUrdf(urdf, armOptions(setup.robot)),
        scene: { ...loadSceneConfig(o.scene), objects: [], start: undefined },
        seed: 1,
      });
      const visits: Visit[] = [];
      for (const [i, goal] of drawGoals(setup, o.goals, o.seed).entries()) {
        if (i < o.skip) continue;
        const v = await visit(setup, simulation, goal, i + 1, o);
        visits.push(v);
        statusLine("");
        console.log(
          `${i}: told ${v.told.toFixed(2)} s, first within ${v.first.toFixed(2)} s, for good ${v.held.toFixed(2)} ` +
            `s, ${v.exits} exits, ${(1000 * v.strayed).toFixed(1)} mm at most, rests ${(1000 * v.off).toFixed(1)} ` +
            `mm off, ${v.holds ? "holds" : "does not hold"}`,
        );
      }
      const told = visits.filter((v) => v.told >= 0),
        times = told.map((v) => v.told - o.hold);
      console.log(
        `${o.robot} ${o.scene} ${o.kind} hold ${o.hold} tolerance ${o.tolerance}${o.late ? " late" : ""}${
          o.bare
            ? " \
bare"
            : ""
        }: success told ${told.length} of ${visits.length}, of them not so at \
rest ${told.filter((v) => !v.holds).length} (worst ${(1000 * Math.max(0, ...told.map((v) => v.off))).toFixed(1)} \
mm); goals left again ${visits.filter((v) => v.exits > 0).length}, exits ${visits.reduce((n, v) => n + v.exits, 0)}, \
farthest ${(1000 * Math.max(0, ...visits.map((v) => v.strayed))).toFixed(
          1,
        )} mm; told less hold p50 ${quantile(times, 0.5).toFixed(2)} s mean ${(
          times.reduce((a, b) => a + b, 0) / times.length
        ).toFixed(3)} s; first within p50 ${quantile(
          visits.map((v) => v.first),
          0.5,
        ).toFixed(2)} s`,
      );
      simulation.dispose();
    },
  )
  .parse();
