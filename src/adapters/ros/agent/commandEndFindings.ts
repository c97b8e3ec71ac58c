import type { ControllerFinding } from "./controllerFindings.js";

/**
 * Who is at the ends of the arm's command topic, as the ROS graph tells; names are full ones, one for each endpoint.
 */
export interface Ends {
  readonly topic: string;
  readonly self: string; // who asks
  readonly hearers: readonly string[];
  readonly senders: readonly string[];
  // other topics of the same type that somebody hears
  readonly elsewhere: readonly { readonly topic: string; readonly hearers: readonly string[] }[];
}

/**
 * What is wrong with them: nobody hears, so commands go nowhere and the arm is soon off its path; or somebody else
 * sends too, and the arm follows whoever spoke last.
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
          ? "is the arm's controller active? Nobody hears any other joint trajectory either"
          : `such trajectories are heard on ${offered.join(", ")}; name that as controller.topic in the robot's ` +
            "file, or remap"),
    });
  }
  const others = [...senders];
  if (others.includes(self)) others.splice(others.indexOf(self), 1);
  if (others.length > 0)
    found.push({
      breaks: false,
      words:
        `${[...new Set(others)].join(", ")} ${others.length === 1 ? "publishes" : "publish"} on ${topic} ` +
        `too${others.includes(self) ? " (another process of this name)" : ""}: the arm follows whoever spoke last, ` +
        "and its guardrails hold for neither",
    });
  return found;
}
