/** The writer of a log, in the file's header. */
export const LIBRARY = "telos";

type Schema = Readonly<Record<string, unknown>>;

const number: Schema = { type: "number" };
const text: Schema = { type: "string" };
const numbers: Schema = { type: "array", items: number };
const texts: Schema = { type: "array", items: text };
const object = (properties: Record<string, Schema>): Schema => ({ type: "object", properties });
const array = (items: Schema): Schema => ({ type: "array", items });
const time = object({ sec: { type: "integer" }, nanosec: { type: "integer" } });
const header = object({ stamp: time, frame_id: text });
const belief = object({ id: text, position: numbers, orientation: numbers, positionStd: number, stamp: number });
const body = object({
  id: text,
  kind: text,
  p0: numbers,
  p1: numbers,
  radius: number,
  speedBound: number,
  stamp: number,
});
const plan = object({
  level: text,
  stamp: number,
  dt: number,
  H: number,
  substeps: number,
  nu: number,
  nq: number,
  a: numbers,
  q: numbers,
  v: numbers,
  z: numbers,
  energy: number,
  energies: { type: "object", additionalProperties: number },
  feasible: { type: "boolean" },
  iterations: number,
  rollouts: number,
  time: number,
});

/**
 * What the log contains, by topic: the names are those of ROS, relative to the node. SI units. Instants in our own
 * messages are seconds on the agent's clock, and every message's log time is the instant that it describes. A number
 * that is not finite is null.
 */
export const logChannels = {
  joint_states: {
    name: "sensor_msgs/JointState",
    schema: object({ header, name: texts, position: numbers, velocity: numbers }),
  },
  bodies: { name: "telos/Bodies", schema: object({ bodies: array(body) }) },
  objects: { name: "telos/Objects", schema: object({ objects: array(belief) }) },
  "joint_trajectory_controller/joint_trajectory": {
    name: "trajectory_msgs/JointTrajectory",
    schema: object({
      header,
      joint_names: texts,
      points: array(object({ positions: numbers, velocities: numbers, time_from_start: time })),
    }),
  },
  "~/plan": { name: "telos/Plan", schema: plan },
  "~/state": { name: "telos/AgentState", schema: { type: "object" } },
  "~/episode": {
    name: "telos/Episode",
    schema: object({
      event: { enum: ["begin", "end"] },
      number,
      task: text,
      definition: {},
      success: { type: "boolean" },
      code: text,
      message: text,
      energy: number,
      duration: number,
    }),
  },
} as const satisfies Readonly<Record<string, { name: string; schema: Schema }>>;

export type LogTopic = keyof typeof logChannels;
