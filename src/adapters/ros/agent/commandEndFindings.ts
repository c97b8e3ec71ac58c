import type { ControllerFinding } from "./controllerFindings.js";

/**
 * Subscribers and publishers of the arm's command topic, from the ROS graph: one full node name per endpoint.
 */
export interface Ends {
  readonly topic: string;
  readonly self: string; // the node that asks
  readonly hearers: readonly string[];
  readonly senders: readonly string[];
  // other topics of the same type that have subscribers
  readonly elsewhere: readonly { readonly topic: string; readonly hearers: readonly string[] }[];
}

/**
 * What is wrong with them. Without a subscriber, commands go nowhere and the arm is soon off its path. With another
 * publisher, the arm follows the newest message.
 */
export function commandEndFindings({ topic, self, hearers, senders, elsewhere }: Ends): ControllerFinding[] {
  const found: ControllerFinding[] = [];
  if (hearers.every((name) => name === self)) {
    const offered = elsewhere
      .filter((t) => t.hearers.some((name) => name !== self))
      .map((t) => `${t.topic} (${[...new Set(t.hearers)].join(", ")})`);
    found.push({
      breaks: false,
      words:
        `nobody subscribes to ${topic}: ` +
        (offered.length === 0
          ? "is the arm's controller active? No other trajectory topic has a subscriber either"
          : `joint trajectories have subscribers on ${offered.join(", ")}; set controller.topic in the robot ` +
            "file to that, or remap"),
    });
  }
  const others = [...senders];
  if (others.includes(self)) others.splice(others.indexOf(self), 1);
  if (others.length > 0)
    found.push({
      breaks: false,
      words:
        `${[...new Set(others)].join(", ")} ${others.length === 1 ? "publishes" : "publish"} on ${topic} ` +
        `too${others.includes(self) ? " (another process of this name)" : ""}: the arm follows the newest ` +
        "message, and no guardrail holds",
    });
  return found;
}
