import { Command, Option } from "commander";
import type { ReflexMaker } from "../runtime/ReflexPort.js";
import type { AgentParameters, GuardPlace } from "../adapters/ros/agent/agentParameters.js";
import { printEvent, stopOnSignals } from "./stopOnSignals.js";

interface AgentOptions {
  readonly robot?: string;
  readonly agent?: string;
  readonly scene?: string;
  readonly task?: string;
  readonly controller?: string;
  readonly guard?: string;
  readonly simTime?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
ROS arguments follow --ros-args, as with any node; parameters given there win over the options.

Examples:
  telos agent --scene table                      beside telos sim --scene table, or any simulator with that arm
  telos agent --scene table --task reach         begins the task as soon as joint states come, then waits for goals
  telos agent --robot my_arm.yaml --ros-args -r __ns:=/left -p use_sim_time:=true
  telos agent --scene table --guard apart        beside telos guard --scene table, which alone commands the arm
  telos agent --robot my_arm.yaml --ros-args -p autostart:=false    a lifecycle manager configures and activates it
`;

/** `telos agent`: the agent as a ROS 2 node of its own, until Ctrl-C or SIGTERM. */
export function agentCommand(): Command {
  return new Command("agent")
    .description("start the agent as a ROS 2 lifecycle node, for a real arm or any simulator")
    .option(
      "--robot <name or file>",
      "robot: a name in config/robots, its YAML, or a bare URDF (default: the scene's, or arm7)",
    )
    .option(
      "--agent <name or file>",
      "levels, searches and weights: a name in config/agents, or a YAML file (default: default)",
    )
    .option("--scene <name or file>", "fixed geometry that the agent may know: a name in config/scenes, or a YAML file")
    .option(
      "--task <name or file>",
      "task to start as soon as the inputs are fresh: a name in config/tasks, or a YAML file",
    )
    .addOption(
      new Option("--controller <law>", "law of the arm's controller, instead of the one in the robot file").choices([
        "ros2_control",
        "gazebo",
      ]),
    )
    .addOption(
      new Option(
        "--guard <place>",
        "where the safety filter runs: in a thread of this process, or apart in telos guard",
      ).choices(["inside", "apart"]),
    )
    .option("--sim-time", "take the time from /clock, as -p use_sim_time:=true does")
    .option("--json", "print state changes and results on stdout, one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(options: AgentOptions): Promise<void> {
  const [{ AgentNode }, { AgentRuntime }, { loadSetup }, { openEpisodeLog }, { GuardClient }, { rosArguments }] =
    await Promise.all([
      import("../adapters/ros/agent/AgentNode.js"),
      import("../runtime/AgentRuntime.js"),
      import("../agent/setup/AgentSetup.js"),
      import("../runtime/openEpisodeLog.js"),
      import("../adapters/ros/guard/GuardClient.js"),
      import("../adapters/ros/rosArguments.js"),
    ]);
  const { robot, agent, scene, task, controller, guard } = options;
  const node = await AgentNode.create({
    ros: rosArguments(process.argv.slice(2)),
    defaults: {
      robot,
      agent,
      scene,
      task,
      controller: controller as AgentParameters["controller"] | undefined,
      guard: guard as GuardPlace | undefined,
      use_sim_time: options.simTime,
    },
    load: loadSetup,
    start: async (setup, { clock, node, guard, latch }) => {
      const log = await openEpisodeLog(setup);
      log?.notices.subscribe((notice) => process.stderr.write(`telos agent: ${notice}\n`));
      const reflex =
        guard === "apart" ? (...args: Parameters<ReflexMaker>) => new GuardClient(node, ...args) : undefined;
      return AgentRuntime.start(setup, { clock, log, reflex, latch });
    },
    onEvent: options.json ? printEvent : undefined,
    onFailure: () => void node.stop().finally(() => process.exit(1)),
  });
  stopOnSignals("telos agent", node);
}
