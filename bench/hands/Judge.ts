import type { Simulation } from "../../src/sim/physics/Simulation.js";
import { touchesArm } from "../../test/sim/touchesArm.js";
import { createGoal, worstBlock, type TaskSpec } from "../../src/cost/index.js";
import type { State } from "../../src/core/State.js";

const APART = 5; // ticks of 10 ms between the places of which accelerations are differences
const GRAVITY = 9.81; // m/s²
const NOTHING = new Float64Array(0);

/** What a task came to, by the simulator's own truth: nothing that the agent believes counts. */
export class Judge {
  readonly violations = new Set<string>();
  private readonly path: { readonly p: readonly number[]; readonly up: readonly number[] }[] = [];

  /** @param spill rad: greatest angle of a carried thing to the vertical that its liquid feels */
  constructor(
    private readonly simulation: Simulation,
    private readonly limits: { readonly lo: Float64Array; readonly hi: Float64Array; readonly velocity: Float64Array },
    private readonly task: TaskSpec,
    private readonly spill?: number,
  ) {}

  /** After each reflex period of 10 ms. */
  look(): void {
    const { simulation, violations, limits } = this;
    const { scene, arm, q, v } = simulation;
    const movable = new Set(scene.objects.map(({ id }) => id)),
      bodies = new Set(scene.bodies.map(({ id }) => id));
    for (const contact of simulation.takeContacts()) {
      const { body1, body2 } = contact;
      const person = bodies.has(body1) || bodies.has(body2);
      // a thing may touch what it is put on, and the hand what it grasps; nothing may touch a person
      if (person || (touchesArm(contact, scene) && !movable.has(body1) && !movable.has(body2)))
        violations.add(`${body1} touches ${body2}`);
    }
    arm.jointNames.forEach((name, j) => {
      if (!(q[j] >= limits.lo[j] && q[j] <= limits.hi[j])) violations.add(`${name} beyond its position limit`);
      if (!(Math.abs(v[j]) <= limits.velocity[j])) violations.add(`${name} beyond its velocity limit`);
    });
    if (this.spill !== undefined) this.feel(this.spill);
  }

  /** Whether all goals of the task hold. */
  get holds(): boolean {
    const { simulation, task } = this;
    const held = simulation.held();
    const state: State = {
      stamp: simulation.time,
      q: simulation.q,
      v: simulation.v,
      objects: new Map(
        simulation.objects().map((o) => [o.id, { ...o, positionStd: 0, stamp: simulation.time }] as const),
      ),
      bodies: [],
      ...(held !== undefined && { held: { id: held, pose: NOTHING, parts: [], mass: 0, positionStd: 0 } }),
    };
    const x = { q: state.q, v: state.v, iq: 0, tool: new Float64Array(12), it: 0, J: NOTHING, from: state };
    const { nq, limits } = simulation.arm;
    return task.goal.every((goal) => {
      const residual = createGoal(goal, { nq, limits }),
        r = new Float64Array(residual.dim);
      residual.evaluate(x, r);
      return worstBlock(residual.blocks, r) <= 1;
    });
  }

  /** Whether what is carried spills: the angle of its axis to a − g, by second differences of its place. */
  private feel(most: number): void {
    const { simulation, path } = this;
    const id = simulation.held();
    if (id === undefined) return void (path.length = 0);
    const {
      position: p,
      orientation: [x, y, z, w],
    } = simulation.objects().find((o) => o.id === id)!;
    path.push({ p: [...p], up: [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)] });
    if (path.length <= 2 * APART) return;
    const [a, b, c] = [path[0], path[APART], path[2 * APART]];
    path.shift();
    const h = APART * 0.01;
    const felt = [0, 1, 2].map((i) => (a.p[i] - 2 * b.p[i] + c.p[i]) / (h * h) + (i === 2 ? GRAVITY : 0));
    const cos = felt.reduce((sum, f, i) => sum + f * b.up[i], 0) / Math.hypot(...felt);
    if (Math.acos(Math.min(1, cos)) > most) this.violations.add(`${id} spills`);
  }
}
