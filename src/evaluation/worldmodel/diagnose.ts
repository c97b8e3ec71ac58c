import { Collector } from "../../collect/Collector.js";
import type { Episode as Explored } from "../../collect/Episode.js";
import type { Plan } from "../../core/Plan.js";
import { Rng } from "../../core/math/Rng.js";
import type { State } from "../../core/State.js";
import { Kinematics } from "../../kinematics/index.js";
import { Posture } from "../../kinematics/Posture.js";
import type { LearnedModel } from "../../worldmodel/learned/onnx/index.js";
import { ImageEncoder } from "../../perception/ImageEncoder.js";
import { Learned } from "../../worldmodel/learned/Learned.js";
import { rolloutsFor } from "../../worldmodel/rolloutsFor.js";
import type { Bench } from "./Bench.js";
import { Calibration } from "./Calibration.js";
import { OWN } from "./drawViews.js";
import { Forecast } from "./Forecast.js";
import { MeasuredPath } from "./MeasuredPath.js";
import { learned } from "./policies.js";
import { PlantPhysics } from "./PlantPhysics.js";
import { runEpisode } from "./runEpisode.js";
import { Spread } from "./Spread.js";
import { AHEAD, Tally, type PredictionError } from "./Tally.js";
import { TrueDynamics } from "./TrueDynamics.js";
import type { Share } from "./wilson.js";
import type { World } from "./World.js";

const HELD_OUT = 900_000_000; // seed of explored episodes that no model is trained on
const PLANNED = 20; // episodes whose plans are evaluated

/** Share of touched objects that ended inside the model's regions of probability 50 % and 90 %. */
export interface Coverage {
  readonly ahead: number; // steps
  readonly half: Share;
  readonly most: Share;
}

/** Read-out and prediction errors of a model on data that it was not trained on. */
export interface Diagnosis {
  readonly model: string;
  readonly explored: readonly PredictionError[]; // with the explorer's actions
  readonly planned: readonly PredictionError[]; // with actions that its own planner chose
  readonly coverage: readonly Coverage[];
  readonly readOut: Readonly<
    Record<"objects" | "tool", { readonly rmse: number; readonly spread: number; readonly ratio: number }>
  >; // m
}

/** Measures on `count` explored episodes with seeds of their own, and on plans for a few of the bench's tasks. */
export async function diagnose(
  bench: Bench,
  model: LearnedModel,
  count: number,
  steps: number,
  say: (text: string) => void,
): Promise<Diagnosis> {
  const calibration = new Map(AHEAD.map((n) => [n as number, new Calibration(new Rng(n))]));
  const explored = new Tally(),
    planned = new Tally(),
    percept = { objects: new Spread(), tool: new Spread() };
  const collector = await Collector.create(bench.collection);
  for (let i = 0; i < count; i++) {
    say(`${model.manifest.name}: predictions on explored episodes, ${i + 1} of ${count}`);
    await onExplored(bench, model, await collector.live(HELD_OUT, i), explored, calibration, percept);
  }
  collector.dispose();
  const comparison = onPlans(bench, model, planned);
  const policy = learned(bench, model, "read-outs", { tell: comparison });
  for (let i = 0; i < Math.min(PLANNED, count); i++) {
    say(`${model.manifest.name}: predictions under chosen actions, ${i + 1} of ${Math.min(PLANNED, count)}`);
    await runEpisode(bench.world, bench.episode("push", i), OWN, policy, steps, bench.level.dt);
  }
  const coverage = [...calibration].map(([ahead, c]) => ({ ahead, half: c.coverage(0.5), most: c.coverage(0.9) }));
  return {
    model: model.manifest.name,
    explored: explored.errors(),
    planned: planned.errors(),
    coverage,
    readOut: { objects: percept.objects.summary(), tool: percept.tool.summary() },
  };
}

async function onExplored(
  bench: Bench,
  model: LearnedModel,
  e: Explored,
  tally: Tally,
  calibration: ReadonlyMap<number, Calibration>,
  percept: { objects: Spread; tool: Spread },
): Promise<void> {
  const { arm } = bench.world.setup;
  const { objects: ids, latent, noise } = model.manifest;
  const encoder = new ImageEncoder(model),
    forecast = new Forecast(model),
    posture = new Posture(arm),
    rng = new Rng(e.number);
  const H = AHEAD[AHEAD.length - 1];
  const path = new MeasuredPath(new Kinematics(arm), bench.level.dt);
  const predictor = new Learned(path, model, arm);
  const r = rolloutsFor(predictor, {
    K: 1,
    H,
    nq: arm.nq,
    nc: 0,
    dim: latent.dim,
    no: ids.length,
    S: noise > 0 ? 1 : undefined,
  });
  const at = (t: number): Float64Array =>
    Float64Array.from(ids.flatMap((id) => [...e.frames[t].objects.find((o) => o.id === id)!.position]));
  const joints = (t: number): Float64Array =>
    Float64Array.from(
      e.joints
        .reduce((best, j) =>
          Math.abs(j.stamp - e.frames[t].stamp) < Math.abs(best.stamp - e.frames[t].stamp) ? j : best,
        )
        .q.slice(0, arm.nq),
    );
  for (let t = 0; t < e.frames.length; t++) {
    const seen = await encoder.encode([e.frames[t].image]);
    const now = at(t);
    for (let i = 0; i < now.length; i++) if (i % 3 < 2) percept.objects.add(i, seen.objects[i], now[i]);
    for (let c = 0; c < 3; c++) percept.tool.add(c, seen.tool[c], e.frames[t].tool[c]);
    if (t + H >= e.frames.length) continue;
    const q = Array.from({ length: H + 1 }, (_, h) => joints(t + h));
    path.take(q);
    const z = seen.z.slice(0, latent.dim);
    const from: State = {
      stamp: 0,
      q: q[0],
      v: new Float64Array(arm.nq),
      percept: { z, q: q[0] },
      objects: new Map(),
      bodies: [],
    };
    await predictor.predict(from, r, 1);
    for (const n of AHEAD)
      if (e.contact.slice(t, t + n).some((touched) => touched))
        tally.add(n, now, at(t + n), r.objects.subarray(n * now.length));
    if (!e.contact[t]) continue;
    await forecast.make(
      z,
      q.map((x) => posture.of(x)),
      rng,
    );
    const touched = nearest(now, e.frames[t].tool);
    for (const [n, c] of calibration) {
      const { mean, sigma } = forecast.of(touched, n);
      c.add(mean, sigma, at(t + n).subarray(3 * touched));
    }
  }
}

/** The object, of positions [no,3], whose centre is nearest to the tool in the plane: the one that a touch concerns. */
function nearest(positions: Float64Array, tool: ArrayLike<number>): number {
  let best = 0,
    least = Infinity;
  for (let o = 0; o < positions.length / 3; o++) {
    const d = Math.hypot(positions[3 * o] - tool[0], positions[3 * o + 1] - tool[1]);
    if (d < least) [best, least] = [o, d];
  }
  return best;
}

/** Compares the objects that each plan predicts with the simulator's result for the same path. */
function onPlans(
  bench: Bench,
  model: LearnedModel,
  tally: Tally,
): (plan: Plan, from: State, world: World) => Promise<void> {
  const { arm } = bench.world.setup;
  const ids = bench.objects;
  const truth = new TrueDynamics(bench.motion(), new PlantPhysics(bench.world.simulation), ids);
  const predicted = new Learned(bench.motion(), model, arm);
  const { horizon: H } = bench.level;
  const sizes = { K: 1, H, nq: arm.nq, nc: arm.capsules.length },
    { objects, latent } = model.manifest;
  const real = rolloutsFor(truth, { ...sizes, no: ids.length }),
    imagined = rolloutsFor(predicted, { ...sizes, no: objects.length, dim: latent.dim });
  const order = ids.map((id) => model.manifest.objects.indexOf(id));
  return async (plan, from) => {
    real.a.set(plan.a);
    imagined.a.set(plan.a);
    await truth.predict(from, real, 1);
    await predicted.predict(from, imagined, 1);
    const size = 3 * ids.length;
    for (const n of AHEAD) {
      if (n > H) continue;
      const said = Float64Array.from(
        order.flatMap((o) => [0, 1, 2].map((c) => imagined.objects[n * 3 * model.manifest.objects.length + 3 * o + c])),
      );
      tally.add(n, real.objects.subarray(0, size), real.objects.subarray(n * size, (n + 1) * size), said);
    }
  };
}
