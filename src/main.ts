import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { didYouMean, packageRoot } from "./config/index.js";
import { preferSession, preferThread } from "./core/threads/preferThread.js";

/**
 * One command: what it does, in a line, and how to get it. Each is loaded only when it is asked for: start-up is felt
 * at every call.
 */
interface Entry {
  readonly summary: string;
  readonly file: string; // beside this one
  readonly name: string; // of the function in it that makes the Command
  readonly live?: true; // an arm, true or simulated, hangs on its being in time
}

const commands: Readonly<Record<string, Entry>> = {
  run: {
    summary: "simulator and agent together: accomplish a task, watch it, sum it up",
    file: "./cli/run.js",
    name: "runCommand",
    live: true,
  },
  plan: { summary: "plan a task and print the plan; nothing moves", file: "./cli/plan.js", name: "planCommand" },
  goal: {
    summary: "pictures of how the world shall be, to be named in a task",
    file: "./cli/goal.js",
    name: "goalCommand",
  },
  sim: { summary: "the simulator as a ROS 2 node", file: "./cli/sim.js", name: "simCommand", live: true },
  agent: {
    summary: "the agent as a ROS 2 node, for a real arm or any simulator",
    file: "./cli/agent.js",
    name: "agentCommand",
    live: true,
  },
  guard: {
    summary: "the guardrails as a ROS 2 node of their own, the only writer of commands",
    file: "./cli/guard.js",
    name: "guardCommand",
    live: true,
  },
  people: {
    summary: "the people of a scene in Gazebo, as a ROS 2 node",
    file: "./cli/people.js",
    name: "peopleCommand",
  },
  train: {
    summary: "train a world model, self-supervised, from recordings",
    file: "./cli/train.js",
    name: "trainCommand",
  },
  collect: {
    summary: "let an arm explore and write what it lives, to learn from",
    file: "./cli/collect.js",
    name: "collectCommand",
  },
  bench: {
    summary: "measure success, time to goal, planning times and appetite on this machine",
    file: "./cli/bench.js",
    name: "benchCommand",
  },
  replay: {
    summary: "make the decisions of a recorded run again, and say where they differ",
    file: "./cli/replay.js",
    name: "replayCommand",
  },
  export: {
    summary: "write robot and scene for other programs: a Gazebo world, a URDF, controllers",
    file: "./cli/export.js",
    name: "exportCommand",
  },
  calibrate: {
    summary: "measure of an arm what its robot's file should say",
    file: "./cli/calibrate.js",
    name: "calibrateCommand",
  },
  robot: {
    summary: "what is known of an arm: links, capsules, what is not kept apart and why",
    file: "./cli/robot.js",
    name: "robotCommand",
  },
  doctor: {
    summary: "look at everything that telos stands on, and name the fix",
    file: "./cli/doctorCommand.js",
    name: "doctorCommand",
  },
};

const EXAMPLES = `
Examples:
  telos run                              the default task in the default scene, all on this machine
  telos run --scene wall --task around_wall --seed 3
  telos plan --task reach --json         what it would do, as JSON
  telos sim --scene table                one node …
  telos agent --scene table              … and the other, in a terminal of its own
  telos doctor                           what is missing, and what to do about it

telos <command> --help tells each command's options. ROS arguments follow --ros-args.
`;

/** What commander shall see: `--ros-args … --` is for rcl. */
function withoutRosArguments(argv: readonly string[]): string[] {
  const begin = argv.indexOf("--ros-args");
  if (begin < 0) return [...argv];
  const end = argv.indexOf("--", begin);
  return [...argv.slice(0, begin), ...(end < 0 ? [] : withoutRosArguments(argv.slice(end + 1)))];
}

async function main(argv: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  const program = new Command("telos")
    .description(
      "An objective-driven agent for robot arms: it plans by optimisation over a world model, inside guardrails it " +
        "cannot leave.",
    )
    .version(version)
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .helpCommand("help [command]", "the same as <command> --help");
  const wanted = argv[0] === "help" ? argv[1] : argv[0];
  for (const [name, { summary, file, name: make, live }] of Object.entries(commands)) {
    if (name === wanted) {
      if (live) preferThread(-10); // before any other thread begins: they inherit it
      if (live) preferSession(-10);
      const module = (await import(new URL(file, import.meta.url).href)) as Record<string, () => Command>;
      program.addCommand(module[make]().copyInheritedSettings(program));
    } else program.command(name).description(summary);
  }
  if (wanted !== undefined && !wanted.startsWith("-") && !(wanted in commands)) {
    const names = Object.keys(commands);
    throw new Error(
      `unknown command '${wanted.slice(0, 40)}'${didYouMean(wanted, names)}, want one of: ${names.join(", ")}`,
    );
  }
  if (argv.length === 0) program.help();
  await program.parseAsync([...argv], { from: "user" });
}

process.stdout.on("error", () => {}); // a reader that has gone (`| head`) must not end a process that moves an arm

try {
  await main(withoutRosArguments(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    process.stderr.write(`telos: ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env.TELOS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exit(1); // a node that came half into being leaves handles behind which would keep a useless process alive
  }
}
