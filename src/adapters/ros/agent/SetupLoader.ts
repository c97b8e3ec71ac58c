import type { AgentSetup, SetupChoice } from "../../../agent/setup/AgentSetup.js";
import { withTaskFolder } from "../../../agent/setup/taskFolders.js";
import { coverNotices } from "../../../agent/robot/coverNotices.js";
import { torqueNotice } from "../../../agent/robot/torqueNotice.js";
import { loadRobotConfig, loadSceneConfig } from "../../../config/index.js";
import type { Seconds } from "../../../core/Seconds.js";
import { monotonic } from "../../../core/time/SharedClock.js";
import type { ManagedNode } from "../ManagedNode.js";
import { requireControlMsgs } from "../requireControlMsgs.js";
import type { AgentParameters } from "./agentParameters.js";
import { awaitDescription } from "./awaitDescription.js";

const REMIND_EVERY: Seconds = 5;

/** No robot description came in time; one may come later. */
export class NoDescriptionError extends Error {}

/** A setup, and its load time. */
interface Loaded {
  readonly setup: AgentSetup;
  readonly took: Seconds;
}

/** Loads what the node's parameters name; waits for `robot_description` if the robot's file names no URDF. */
export class SetupLoader {
  private readonly startTask: string; // as given at the start, whatever a client has set since
  // for the first time that it is configured
  private early: (Loaded & { readonly choice: SetupChoice }) | undefined;
  private wait = new AbortController(); // for a robot description

  /**
   * Loads at once what can be loaded: an invalid file that is named at the start ends the process, whoever configures
   * the node.
   * @throws ConfigError, UrdfError, ModelError
   */
  constructor(
    private readonly node: ManagedNode,
    private readonly parameters: () => AgentParameters,
    private readonly read: (choice: SetupChoice) => AgentSetup,
  ) {
    this.startTask = parameters().task;
    const choice = this.choice();
    if (needsDescription(choice)) return;
    this.early = { choice, ...this.timed(choice) };
  }

  /** A wait for a robot description, the present or the next one, ends without result until `renew`. */
  interrupt(): void {
    this.wait.abort();
  }

  renew(): void {
    this.wait = new AbortController();
  }

  /**
   * The setup by the present parameters; undefined if the wait was interrupted.
   * @throws NoDescriptionError, ConfigError, UrdfError, ModelError
   */
  async load(): Promise<AgentSetup | undefined> {
    const choice = this.choice(),
      urdf = needsDescription(choice) ? await this.description() : undefined;
    if (urdf === null) return undefined;
    const { early } = this,
      fits = early !== undefined && JSON.stringify(early.choice) === JSON.stringify(choice);
    this.early = undefined; // files may change until the next time
    const { setup: loaded, took } = fits ? early : this.timed({ ...choice, urdf }),
      setup = withTaskFolder(loaded, this.startTask),
      { robot } = setup;
    // the robot of a scene was not loaded before
    if (robot.controller.interface === "action") requireControlMsgs();
    for (const { good, text } of [torqueNotice(setup), ...coverNotices(setup, took)])
      this.node.getLogger()[good ? "info" : "warn"](`${robot.name}: ${text}`);
    return setup;
  }

  private choice(): SetupChoice {
    const { robot, agent, scene, controller } = this.parameters(),
      known = scene === "" ? undefined : scene;
    return {
      robot: robot || (known === undefined ? "arm7" : loadSceneConfig(known).robot),
      agent,
      scene: known,
      law: controller === "" ? undefined : controller,
    };
  }

  private timed(choice: SetupChoice): Loaded {
    const began = monotonic(),
      setup = this.read(choice);
    return { setup, took: monotonic() - began };
  }

  /** The URDF, however late it comes; null if the wait was interrupted. @throws NoDescriptionError */
  private async description(): Promise<string | null> {
    const { node, wait } = this,
      { description_timeout: within } = this.parameters(),
      topic = node.resolveTopicName("robot_description");
    const remedy = "start the arm's driver or robot_state_publisher, or name a URDF in the robot's file";
    const remind = (): void => void node.getLogger().warn(`waiting for ${topic}: ${remedy}`);
    const timer = setInterval(remind, 1000 * REMIND_EVERY);
    try {
      const urdf = await awaitDescription(node, within || Infinity, wait.signal);
      if (urdf !== undefined) return urdf;
    } finally {
      clearInterval(timer);
    }
    if (wait.signal.aborted) return null;
    throw new NoDescriptionError(
      `no ${topic} within ${within} s: start robot_state_publisher, or name a URDF in the robot's file`,
    );
  }
}

const needsDescription = ({ robot }: SetupChoice): boolean => loadRobotConfig(robot).urdf === undefined;
