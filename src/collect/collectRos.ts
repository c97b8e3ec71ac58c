import { renameSync, rmSync } from "node:fs";
import type { Seconds } from "../core/Seconds.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import { RemoteArm } from "../adapters/ros/client/RemoteArm.js";
import type { CollectJob } from "./CollectJob.js";
import { episodeFile, missingEpisodes } from "./episodeFiles.js";
import { episodeMetadata } from "./episodeMetadata.js";
import { episodeRng } from "./episodeRng.js";
import { ToolWander } from "./ToolWander.js";

const WITHIN: Seconds = 10; // for the first messages of agent, arm and camera
const SILENT: Seconds = 5; // without an image, after the first
const PASSING: readonly string[] = ["TIMEOUT", "NO_PLAN"]; // task errors after which the next place is tried
const MISSES = 5; // in a row, over all episodes

/** Summary of a recorded episode of a real arm. */
export interface RosCollected {
  readonly number: number;
  readonly images: number;
  readonly seconds: Seconds; // from the first image to the last
  readonly tasks: number;
  readonly reached: number; // of them
  readonly end: string; // "complete", "interrupted", or what ended it
}

/**
 * Explores with an arm over ROS 2, through its agent and so inside its guardrails: sends random tool poses to
 * ~/accomplish, one after the other, and records camera and arm. Makes the episodes below `count` that the folder
 * lacks. Every file in it is complete.
 *
 * @param o.rcl arguments for rcl
 * @param o.tell gets problems of the publishers of joint states
 * @param o.signal stops the arm and ends, and keeps the current episode as it is
 * @throws Error if agent, arm or camera are missing or stop publishing, if the agent refuses, or if the folder holds
 * another collection
 */
export async function collectRos(
  job: CollectJob,
  o: {
    count: number;
    rcl: readonly string[];
    tell: (words: string) => void;
    each: (episode: RosCollected) => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const todo = missingEpisodes(job.folder, job, o.count);
  if (todo.length === 0) return;
  const arm = await RemoteArm.open(job.config.camera, o.rcl, WITHIN, o.tell);
  const row = { misses: 0 };
  try {
    for (const number of todo) if (!o.signal.aborted) await live(arm, job, number, row, o);
  } finally {
    arm.close();
  }
}

/** Records one episode. It is kept if it has at least one model step, however it ended. */
async function live(
  arm: RemoteArm,
  job: CollectJob,
  number: number,
  row: { misses: number },
  o: { each: (episode: RosCollected) => void; signal: AbortSignal },
): Promise<void> {
  const { config, seed, folder } = job;
  const wander = new ToolWander(config, episodeRng(seed, number));
  const path = episodeFile(folder, number),
    partial = `${path}.part`;
  const over = new AbortController();
  const stop = AbortSignal.any([o.signal, over.signal]);
  let end = "complete",
    tasks = 0,
    reached = 0,
    failure: Error | undefined;
  arm.record(partial);
  const watch = setInterval(() => {
    if (arm.span >= config.steps * config.dt || arm.silence() > SILENT || arm.unbelieved() !== "") over.abort();
  }, 20);
  try {
    while (!stop.aborted) {
      const { success, code, message } = await arm.accomplish(taskOf(wander.next()), stop);
      tasks++;
      if (success) (reached++, (row.misses = 0));
      else if (stop.aborted) break;
      else if (!PASSING.includes(code)) throw new Error(`the agent no longer moves the arm: ${code}, ${message}`);
      else if (++row.misses === MISSES)
        throw new Error(
          `the arm reached none of ${MISSES} places in a row, the last because of ${code}, ${message}; check that ` +
            `the box of ${config.name} is within the arm's reach and free`,
        );
    }
    if (arm.unbelieved() !== "") throw new Error(arm.unbelieved());
    if (arm.silence() > SILENT)
      throw new Error(`no camera image for ${SILENT} s: check the camera's driver; the same command continues`);
    if (o.signal.aborted) end = "interrupted";
  } catch (error) {
    failure = error as Error;
    end = failure.message;
  } finally {
    clearInterval(watch);
  }
  const { images, span: seconds } = arm;
  await arm.finish(new Map(Object.entries(episodeMetadata(job, { number, purpose: wander.purpose, end }))));
  if (seconds < config.dt) rmSync(partial);
  else {
    renameSync(partial, path);
    o.each({ number, images, seconds, tasks, reached, end });
  }
  if (failure !== undefined) throw failure;
}

/** A task: the tool at a place, pointing down, with a large tolerance, because only the motion matters. */
const taskOf = (position: Vec3): string => `name: explore
goal:
  - tool_pose: { position: [${position.map((x) => `${x.toFixed(4)} m`).join(", ")}], pointing: [0, 0, -1], \
tolerance: 3 cm, angle_tolerance: 15 deg }
hold: 0 s
timeout: 6 s
`;
