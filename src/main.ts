import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { commands } from "./cli/commands.js";
import { didYouMean, packageRoot } from "./config/index.js";
import { collectAlone } from "./core/threads/collectAlone.js";
import { LIVE, preferProcess, preferSession } from "./core/threads/preferThread.js";

const EXAMPLES = `
Examples:
  telos run                              the default task in the default scene, on this machine
  telos run --scene wall --task around_wall --seed 3
  telos plan --task reach --json         the plan as JSON; nothing moves
  telos sim --scene table                the simulator alone …
  telos agent --scene table              … and the agent, in another terminal
  telos doctor                           checks the set-up and suggests fixes

telos <command> --help lists the options of a command. ROS arguments follow --ros-args.
`;

const HINT = "(the same command with --help lists its arguments and options)"; // after an error of the command line

/** The arguments for commander. `--ros-args … --` is for rcl. */
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
    .showHelpAfterError(HINT)
    .helpCommand("help [command]", "the same as <command> --help");
  const wanted = argv[0] === "help" ? argv[1] : argv[0];
  for (const [name, { summary, file, name: make, live }] of Object.entries(commands)) {
    if (name === wanted) {
      if (live) preferProcess(LIVE); // before any other thread begins: they inherit it
      if (live) preferSession(LIVE);
      if (live) collectAlone();
      const module = (await import(new URL(`cli/${file}`, import.meta.url).href)) as Record<string, () => Command>;
      const command = module[make]().copyInheritedSettings(program);
      for (const part of command.commands) part.showHelpAfterError(HINT);
      program.addCommand(command);
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
