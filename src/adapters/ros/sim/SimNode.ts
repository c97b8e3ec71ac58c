import rclnodejs from "rclnodejs";
import type { Subscription } from "rxjs";
import { keepUp } from "../agent/keepUp.js";
import { ThrottledWarnings } from "../ThrottledWarnings.js";
import { SimEpoch } from "./SimEpoch.js";
import { SimInputs } from "./SimInputs.js";
import type { SimNodeSettings } from "./SimNodeSettings.js";
import { SimOutputs } from "./SimOutputs.js";
import type { SimPort } from "./SimPort.js";
import { serveScene } from "./serveScene.js";

const WARN_EVERY = 1; // s

/**
 * The node `telos_sim`: a running simulation as topics and services (the outside contract lists them). It only
 * translates; time, physics and sensors live behind `SimPort`. Simulated time begins with the system's clock and
 * advances at the simulation's speed.
 */
export class SimNode<Scene> {
  private readonly node = new rclnodejs.Node("telos_sim");
  private readonly subscriptions: readonly Subscription[];

  /** rclnodejs must have been initialised. */
  constructor(
    private readonly port: SimPort<Scene>,
    settings: SimNodeSettings<Scene>,
  ) {
    const { node } = this,
      warnings = new ThrottledWarnings(node, WARN_EVERY),
      warn = (words: string): void => warnings.warn(words),
      epoch = new SimEpoch();
    keepUp(node, (error) => warn(`a message or request could not be handled: ${error.message}`));
    settings.declare?.(node);
    const outputs = new SimOutputs(node, settings, epoch);
    const inputs = new SimInputs(node, port, settings, epoch, warn);
    serveScene(node, port, settings, () => outputs.voidBodies(), warn);
    this.subscriptions = [
      port.begun.subscribe((ms) => epoch.begin(ms)),
      port.clock.subscribe((time) => outputs.clock(time)),
      port.ticks.subscribe((tick) => {
        outputs.tick(tick);
        inputs.tick(tick);
      }),
      port.refusals.subscribe((why) => inputs.refused(why)),
      port.handRefusals.subscribe((why) => warn(`trajectory of the hand refused: ${why}`)),
      port.leaps.subscribe((by) =>
        warn(
          "a trajectory came late, or does not begin where the controller is: the desired state jumped by " +
            `${(1000 * by).toFixed(1)} ${leapUnit(settings)}, as under ros2_control; is the machine busy?`,
        ),
      ),
      port.slowness.subscribe(({ lag, realTimeFactor }) =>
        node
          .getLogger()
          .warn(
            `the simulation cannot keep up: ${lag.toFixed(1)} s skipped, real-time factor ` +
              `${realTimeFactor.toFixed(2)}`,
          ),
      ),
    ];
    node.spin();
  }

  /** Stops the simulation and leaves the graph. */
  stop(): void {
    for (const s of this.subscriptions) s.unsubscribe();
    this.port.stop();
    this.node.destroy();
  }
}

/** Unit of a thousandth of a jump: of an angle, a distance, or either if there are joints of both kinds. */
function leapUnit({ jointNames, slides = [] }: SimNodeSettings<unknown>): string {
  const sliding = slides.filter(Boolean).length;
  if (sliding === 0) return "mrad";
  return sliding === jointNames.length ? "mm" : "mrad or mm";
}
