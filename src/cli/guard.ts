import { Command, Option } from "commander";
import { passGate } from "./passGate.js";
import { printEvent, stopOnSignals } from "./stopOnSignals.js";

interface GuardOptions {
  readonly robot?: string;
  readonly agent?: string;
  readonly scene?: string;
  readonly simTime?: boolean;
  readonly json?: boolean;
  readonly gate: boolean;
}

const EXAMPLES = `
It believes its own files, joint states and bodies; of the agent it takes proposals and guardrails that tighten. Give it
the same robot, agent and scene. When the agent falls silent, dies or proposes what may not be, the arm brakes on a path
already verified.

Examples:
  telos guard --scene table                      beside telos agent --scene table --guard apart
  telos guard --robot my_arm.yaml --ros-args -p autostart:=false    a lifecycle manager configures and activates it
`;

/**
 * `telos guard`: the reflex and the safety filter as a ROS 2 node of their own, the only one that commands the arm,
 * until Ctrl-C or SIGTERM.
 */
export function guardCommand(): Command {
  return new Command("guard")
    .description("start the guardrails as a ROS 2 lifecycle node of their own, the only one that commands the arm")
    .option(
      "--robot <name or file>",
      "robot: a name in config/robots, its YAML, or a bare URDF (default: the scene's, or arm7)",
    )
    .option(
      "--agent <name or file>",
      "agent whose guardrails and reflex are used: a name in config/agents, or a YAML file (default: default)",
    )
    .option("--scene <name or file>", "fixed geometry to keep clear of: a name in config/scenes, or a YAML file")
    .option("--sim-time", "take the time from /clock, as -p use_sim_time:=true does")
    .option("--json", "print state changes on stdout, one JSON object per line")
    .addOption(
      new Option(
        "--gate",
        "join the graph with the first byte on stdin, and end with stdin: for a program that starts this one",
      )
        .default(false)
        .hideHelp(),
    )
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(options: GuardOptions): Promise<void> {
  const [{ AgentNode }, { GuardRuntime }, { loadSetup }, { GuardTopics }, { rosArguments }] = await Promise.all([
    import("../adapters/ros/agent/AgentNode.js"),
    import("../runtime/GuardRuntime.js"),
    import("../agent/setup/AgentSetup.js"),
    import("../adapters/ros/guard/GuardTopics.js"),
    import("../adapters/ros/rosArguments.js"),
  ]);
  const { robot, agent, scene } = options;
  if (options.gate) {
    const { passed, ended } = passGate();
    await passed;
    void ended.then(() => process.kill(process.pid, "SIGINT"));
  }
  const node = await AgentNode.create({
    name: "telos_guard",
    ros: rosArguments(process.argv.slice(2)),
    defaults: { robot, agent, scene, use_sim_time: options.simTime },
    load: loadSetup,
    start: (setup, { clock, latch }) => GuardRuntime.start(setup, { clock, latch }),
    open: (ros, port, clock) => new GuardTopics(ros, port as InstanceType<typeof GuardRuntime>, clock),
    onEvent: options.json ? printEvent : undefined,
    onFailure: () => void node.stop().finally(() => process.exit(1)),
  });
  stopOnSignals("telos guard", node);
}
