import { renameSync, rmSync } from "node:fs";
import type { Seconds } from "../core/Seconds.js";
import type { Vec3 } from "../core/geometry/Shape.js";
import { RemoteArm } from "../adapters/ros/client/RemoteArm.js";
import type { CollectJob } from "./CollectJob.js";
import { episodeFile, missingEpisodes } from "./episodeFiles.js";
import { episodeMetadata } from "./episodeMetadata.js";
import { episodeRng } from "./episodeRng.js";
import { ToolWander } from "./ToolWander.js";

const WITHIN: Seconds = 10; // for agent, arm and camera to be heard
const SILENT: Seconds = 5; // of a camera that has spoken
const PASSING: readonly string[] = ["TIMEOUT", "NO_PLAN"]; // ends of a task after which another place may do
const MISSES = 5; // in a row, over all episodes

/** What is told of a true arm's episode that is on the disk. */
export interface RosCollected {
  readonly number: number;
  readonly images: number;
  readonly seconds: Seconds; // from the first image to the last
  readonly tasks: number;
  readonly reached: number; // of them
  readonly end: string; // "complete", "interrupted", or what ended it
}

/**
 * Lets an arm explore that is met over ROS 2, by its agent and so inside its guardrails: tool poses are drawn and given
 * to ~/accomplish, one after the other, while camera and arm are recorded. The episodes below `count` that the folder
 * lacks are made; every file in it is whole.
 *
 * @param o.rcl arguments for rcl
 * @param o.tell what is wrong with who tells of the arm's joints
 * @param o.signal brings the arm to rest and ends, with the episode under way as it is
 * @throws Error where agent, arm or camera are not there or fall silent, where the agent refuses, or where the folder
 * holds another collection
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

/** One episode. It is kept if it has a model step in it, however it ended. */
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

/** The tool at a place, looking down, which it may miss by a little: it is about the way. */
const taskOf = (position: Vec3): string => `name: explore
goal:
  - tool_pose: { position: [${position.map((x) => `${x.toFixed(4)} m`).join(", ")}], pointing: [0, 0, -1], \
tolerance: 3 cm, angle_tolerance: 15 deg }
hold: 0 s
timeout: 6 s
`;
