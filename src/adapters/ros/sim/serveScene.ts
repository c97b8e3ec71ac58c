import type rclnodejs from "rclnodejs";
import type { SimNodeSettings } from "./SimNodeSettings.js";
import type { SimDisturbance, SimObject, SimPort } from "./SimPort.js";

/** A geometry_msgs/Pose as rclnodejs gives it. */
interface RosPose {
  readonly position: { readonly x: number; readonly y: number; readonly z: number };
  readonly orientation: { readonly x: number; readonly y: number; readonly z: number; readonly w: number };
}

interface ResetRequest {
  readonly scene: string;
  readonly seed: number | bigint;
  readonly objects: readonly { readonly id: string; readonly pose: RosPose }[];
}

interface PerturbRequest {
  readonly action: string;
  readonly target: string;
  readonly pose: RosPose;
  readonly value: number;
  readonly duration: number;
}

interface Replier {
  send(response: { success: boolean; message: string }): void;
}

/**
 * Offers ~/reset and ~/perturb: a new scene, and disturbances of world, sensors and the link to the arm, for tests.
 * @param onReset called once the scene has changed
 * @param warn called if no answer could be sent
 */
export function serveScene<Scene>(
  node: rclnodejs.Node,
  port: Pick<SimPort<Scene>, "reset" | "disturb">,
  { loadScene }: Pick<SimNodeSettings<Scene>, "loadScene">,
  onReset: () => void,
  warn: (words: string) => void,
): void {
  /** @param handle resolves to what went wrong */
  const serve = (type: string, name: string, handle: (request: never) => Promise<string | undefined>): void => {
    node.createService(type as never, name, ((request: never, reply: Replier) => {
      handle(request)
        .catch((error: Error) => error.message)
        .then((fault) => reply.send({ success: fault === undefined, message: fault ?? "" }))
        .catch((error: Error) => warn(`${name}: no answer could be sent: ${error.message}`));
    }) as never);
  };
  serve("telos_interfaces/srv/ResetScene", "~/reset", async (request: ResetRequest) => {
    const scene = request.scene === "" ? undefined : loadScene(request.scene);
    const poses: SimObject[] = request.objects.map((o) => ({ id: o.id, ...plainPose(o.pose) }));
    const fault = await port.reset({ scene, seed: Number(request.seed), poses });
    if (fault === undefined) onReset();
    return fault;
  });
  serve("telos_interfaces/srv/Perturb", "~/perturb", async (request: PerturbRequest) => {
    const disturbance = disturbanceOf(request);
    return typeof disturbance === "string" ? disturbance : port.disturb(disturbance);
  });
}

/** What a request asks for, or what is wrong with it. */
function disturbanceOf({ action, target, value, duration, pose }: PerturbRequest): SimDisturbance | string {
  switch (action) {
    case "move":
      return { action, target, duration, ...plainPose(pose) };
    case "hide":
    case "show":
    case "freeze":
    case "unfreeze":
    case "clear":
      return { action, target, duration };
    case "drop":
    case "delay":
    case "corrupt":
      return { action, target, duration, value };
    default:
      return (
        `got action '${action.slice(0, 40)}', want move, hide, show, freeze, unfreeze, drop, delay, corrupt ` +
        "or clear"
      );
  }
}

function plainPose({ position: p, orientation: o }: RosPose): Pick<SimObject, "position" | "orientation"> {
  return { position: [p.x, p.y, p.z], orientation: [o.x, o.y, o.z, o.w] };
}
