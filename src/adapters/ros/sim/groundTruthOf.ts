import type { Body } from "../../../core/Body.js";
import type { encodeGroundTruth } from "../cdr/GroundTruth.js";
import type { Header } from "../cdr/Header.js";
import type { JointState } from "../cdr/JointState.js";
import type { SimTruth } from "./SimPort.js";

/** The ground-truth message, of a state that no sensor shows. */
export function groundTruthOf(
  header: Header,
  name: readonly string[],
  t: SimTruth,
): Parameters<typeof encodeGroundTruth>[0] {
  const joints = (position: Float64Array, velocity: Float64Array, effort: ArrayLike<number>): JointState => ({
    header,
    name,
    position,
    velocity,
    effort,
  });
  return {
    header,
    jointState: joints(t.q, t.v, t.effort),
    desired: joints(t.desiredQ, t.desiredV, []),
    objects: t.objects.map((o) => ({ ...o, positionStd: 0, orientationStd: 0 })),
    contacts: t.contacts,
    bodies: t.bodies as readonly Body[],
    personIds: [...t.personDistances.keys()],
    personDistances: Float64Array.from(t.personDistances.values()),
    tool: t.tool,
    scene: t.scene,
    seed: t.seed,
    held: t.held,
    realTimeFactor: t.realTimeFactor,
  };
}
