/**
 * One command: a summary in one line, and the file that defines it. A command is loaded only when it is used, to keep
 * the start-up short.
 */
interface Entry {
  readonly summary: string;
  readonly file: string; // beside this one
  readonly name: string; // of the function in it that makes the Command
  readonly live?: true; // real-time: a real or simulated arm depends on it
}

/** The commands of `telos`, in the order of its help; docs/reference/cli.md is made from them. */
export const commands: Readonly<Record<string, Entry>> = {
  run: {
    summary: "run simulator and agent together on one task, and print a summary",
    file: "./run.js",
    name: "runCommand",
    live: true,
  },
  plan: { summary: "plan a task and print the plan; nothing moves", file: "./plan.js", name: "planCommand" },
  goal: {
    summary: "make goal pictures, which a task can name",
    file: "./goal.js",
    name: "goalCommand",
  },
  sim: { summary: "start the simulator as a ROS 2 node", file: "./sim.js", name: "simCommand", live: true },
  agent: {
    summary: "start the agent as a ROS 2 node, for a real arm or any simulator",
    file: "./agent.js",
    name: "agentCommand",
    live: true,
  },
  guard: {
    summary: "start the guardrails as a ROS 2 node of their own, the only one that commands the arm",
    file: "./guard.js",
    name: "guardCommand",
    live: true,
  },
  people: {
    summary: "start the ROS 2 node that moves the people of a scene in Gazebo",
    file: "./people.js",
    name: "peopleCommand",
  },
  train: {
    summary: "train a world model, self-supervised, from recordings",
    file: "./train.js",
    name: "trainCommand",
  },
  collect: {
    summary: "let an arm explore, and record it as training data",
    file: "./collect.js",
    name: "collectCommand",
  },
  bench: {
    summary: "measure success, time to goal, planning times and CPU use on this machine",
    file: "./bench.js",
    name: "benchCommand",
  },
  replay: {
    summary: "recompute the plans of a recorded run, and report where they differ",
    file: "./replay.js",
    name: "replayCommand",
  },
  export: {
    summary: "write robot and scene for other programs: a Gazebo world, a URDF, controllers",
    file: "./export.js",
    name: "exportCommand",
  },
  calibrate: {
    summary: "measure values of a real arm for its robot file",
    file: "./calibrate.js",
    name: "calibrateCommand",
  },
  robot: {
    summary: "show what Telos knows of an arm: links, capsules, excluded pairs of links and the reason",
    file: "./robot.js",
    name: "robotCommand",
  },
  doctor: {
    summary: "check everything that telos depends on, and suggest fixes",
    file: "./doctorCommand.js",
    name: "doctorCommand",
  },
};
