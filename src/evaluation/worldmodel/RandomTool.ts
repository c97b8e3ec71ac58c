import type { Plan } from "../../core/Plan.js";
import type { Rng } from "../../core/math/Rng.js";
import type { Episode } from "./Episode.js";
import type { Policy } from "./Policy.js";
import type { ToolScript } from "./ToolScript.js";
import type { World } from "./World.js";

/** At every step it draws an action uniformly from [−1,1]³. */
export class RandomTool implements Policy {
  readonly name = "random";
  private rng!: Rng;

  constructor(private readonly script: ToolScript) {}

  begin(_: Episode, __: string, ___: World, rng: Rng): void {
    this.rng = rng;
  }

  act(world: World): Plan {
    return this.script.plan(
      world.state(),
      [0, 1, 2].map(() => this.rng.range(-1, 1)),
    );
  }
}
