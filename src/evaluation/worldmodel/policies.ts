import { kinematicOf } from "../../agent/setup/buildLevel.js";
import type { LevelConfig } from "../../agent/setup/AgentConfig.js";
import type { Belief } from "../../core/Belief.js";
import type { Image } from "../../core/Observation.js";
import type { Percept } from "../../core/Percept.js";
import type { LearnedModel } from "../../worldmodel/learned/onnx/index.js";
import { Posture } from "../../kinematics/Posture.js";
import { Sweep } from "../../kinematics/Sweep.js";
import { ImageEncoder } from "../../perception/ImageEncoder.js";
import { LatentMemory } from "../../perception/LatentMemory.js";
import { Learned } from "../../worldmodel/learned/Learned.js";
import type { Bench } from "./Bench.js";
import type { Episode } from "./Episode.js";
import { Planned, type PlannedParts } from "./Planned.js";
import { TrueDynamics } from "./TrueDynamics.js";
import type { World } from "./World.js";

export const FUTURES = 4; // futures drawn for each sequence, for models with a random part
// for the oracle's search, whose rollouts cost a hundred times as much
const FEW = { samples: 48, iterations: 3, patience: 100 };

/** The first policy has true dynamics and true poses. It shows what search, budget and energy can reach. */
export function oracle(bench: Bench): Planned {
  return new Planned({
    ...trueDynamics(bench, false),
    name: "true dynamics, true poses",
    look: (episode) => truth(bench, episode),
  });
}

/**
 * The second policy has true dynamics, but reads goal and present poses from images. It shows what perception costs.
 */
export function seeingOracle(bench: Bench, model: LearnedModel): Planned {
  const encoder = new ImageEncoder(model);
  return new Planned({
    ...trueDynamics(bench, true),
    name: "true dynamics, poses as read out",
    look: (episode, view) => encoder.see(goalImage(episode, view)),
    see: async (state, world, episode, view) => {
      const seen = await encoder.see(imageNow(world, episode, view));
      return {
        ...state,
        objects: new Map<string, Belief>(
          seen.objects.map((o) => [
            o.id,
            { id: o.id, position: o.position, orientation: [0, 0, 0, 1], positionStd: o.std, stamp: state.stamp },
          ]),
        ),
      };
    },
  });
}

/** What the comparison with the goal image uses. */
export type Comparison = "read-outs" | "latents" | "steps to go";

/** The name of a policy with learned dynamics. */
export const nameOf = (by: Comparison): string => `learned dynamics, ${by}`;

/**
 * The other policies have learned dynamics. They compare with the goal by the read-outs of the goal image, or by the
 * distance of latents alone, plain or in learned steps to go.
 */
export function learned(
  bench: Bench,
  model: LearnedModel,
  by: Comparison,
  {
    tell,
    level = bench.level,
    setup = bench.world.setup,
  }: Partial<Pick<PlannedParts, "tell" | "level" | "setup">> = {},
): Planned {
  const posture = new Posture(setup.arm);
  let perception: LatentMemory; // for one episode
  let moves: number | undefined, told: number | undefined; // camera moves found: now, and when the goal was encoded
  const { samples, reach, energy } = level.learned!;
  const predictor = new Learned(kinematicOf(level, setup, new Sweep(setup.arm)), model, setup.arm, {
    samples: Math.max(samples, FUTURES),
    reach,
  });
  return new Planned({
    name: nameOf(by),
    level,
    setup,
    energy:
      by === "read-outs" ? energy : { ...energy, objects: 0, tool: 0, [by === "latents" ? "latent" : "steps"]: 1 },
    predictor,
    samples: predictor.samples,
    objects: model.manifest.objects,
    latent: model.manifest.latent,
    begin: () => (perception = new LatentMemory(model, setup.arm)),
    look: (episode, view) => {
      told = moves;
      return perception.picture(goalImage(episode, view));
    },
    see: async (state, world, episode, view) => {
      const { q } = world.simulation;
      const percept = await perception.see(imageNow(world, episode, view), posture.of(q));
      moves = percept.moves;
      return { ...state, percept: { z: percept.z, q: q.slice() } };
    },
    again: () => moves !== told,
    tell,
  });
}

function trueDynamics(bench: Bench, believed: boolean): Omit<PlannedParts, "look" | "name"> {
  const level = {
    ...bench.level,
    search: { ...bench.level.search, ...FEW },
    costs: Object.fromEntries(Object.entries(bench.level.costs).filter(([name]) => name !== "uncertainty")),
  } as LevelConfig;
  return {
    level,
    energy: { ...bench.level.learned!.energy, latent: 0 },
    predictor: new TrueDynamics(bench.motion(), bench.physics, bench.objects, believed),
    objects: bench.objects,
    latent: { id: "", dim: 0, std: [] },
  };
}

function truth({ objects }: Bench, { goal }: Episode): Percept {
  return {
    stamp: 0,
    z: new Float32Array(0),
    objects: objects.map((id, i) => ({
      id,
      position: [goal.objects[3 * i], goal.objects[3 * i + 1], goal.objects[3 * i + 2]] as const,
      std: 0,
    })),
    tool: [goal.tool[0], goal.tool[1], goal.tool[2]],
  };
}

function goalImage({ goal, views }: Episode, view: string): Image {
  const { width, height } = views.get(view)!;
  return { stamp: 0, width, height, data: goal.images.get(view)! };
}

function imageNow(world: World, { views }: Episode, view: string): Image {
  const camera = views.get(view)!;
  return { stamp: world.simulation.time, width: camera.width, height: camera.height, data: world.shoot(camera) };
}
