import { loadSetup } from "../../../src/agent/setup/AgentSetup.js";
import { AgentNode } from "../../../src/adapters/ros/agent/AgentNode.js";
import { rosArguments } from "../../../src/adapters/ros/rosArguments.js";
import { FakeAgent } from "./FakeAgent.js";

/**
 * The true node around a fake agent, as a process of its own for its tests. It tells what it hears as lines of
 * JSON on stdout.
 */
const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

const node = await AgentNode.create({
  ros: rosArguments(process.argv.slice(2)),
  defaults: { scene: "table" },
  load: loadSetup,
  start: async ({ arm }, { clock }) => new FakeAgent(arm.jointNames, clock, (kind, what) => say({ heard: kind, what })),
  onEvent: say,
});
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => void node.stop().then(() => process.exit(0)));
say({ event: "up" });
