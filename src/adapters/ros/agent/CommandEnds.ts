import type rclnodejs from "rclnodejs";
import { commandEndFindings, type Ends } from "./commandEndFindings.js";
import type { ControllerFinding } from "./controllerFindings.js";

const TYPE = "trajectory_msgs/msg/JointTrajectory";
const FIRST = 3000; // ms: before that, nodes still discover each other
const EVERY = 2000; // ms
// the graph's name for the node of an endpoint, also our own, before the node is announced
const UNNAMED = "_NODE_NAME_UNKNOWN_";

interface Endpoint {
  readonly node_name: string;
  readonly node_namespace: string;
}

/** Finds the subscribers and other publishers of the arm's commands, and reports each change. */
export class CommandEnds {
  findings: readonly ControllerFinding[] = [];
  private said = "";
  private timer: NodeJS.Timeout;

  /**
   * @param topic resolved
   * @param writes whether this node sends the commands; if not, it only checks that the node that does has a
   * subscriber
   */
  constructor(
    private readonly node: rclnodejs.Node,
    private readonly topic: string,
    private readonly writes: boolean,
    private readonly tell: (findings: readonly ControllerFinding[]) => void,
  ) {
    this.timer = setTimeout(() => {
      this.look();
      this.timer = setInterval(() => this.look(), EVERY);
    }, FIRST);
  }

  /** What is wrong with them, in words; "" if nothing. */
  get words(): string {
    return this.findings.map((f) => f.words).join("; ");
  }

  destroy(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { node, topic, writes } = this;
    const { senders, ...heard } = endsOf(node, topic, TYPE);
    this.findings = commandEndFindings({
      topic,
      self: node.getFullyQualifiedName(),
      senders: writes ? senders : [],
      ...heard,
    });
    if (this.words !== this.said)
      this.tell(
        this.findings.length > 0
          ? this.findings
          : [{ breaks: false, words: `${topic}: subscribed to by ${heard.hearers.join(", ")} only` }],
      );
    this.said = this.words;
  }
}

/**
 * Subscribers and publishers of a topic, one full node name per endpoint; and other topics of its type that have
 * subscribers.
 */
export function endsOf(
  node: rclnodejs.Node,
  topic: string,
  type: string,
): Pick<Ends, "hearers" | "senders" | "elsewhere"> {
  const full = ({ node_namespace, node_name }: Endpoint): string => `${node_namespace.replace(/\/$/, "")}/${node_name}`;
  const hearers = (t: string): string[] => (node.getSubscriptionsInfoByTopic(t, false) as Endpoint[]).map(full);
  const elsewhere = node
    .getTopicNamesAndTypes()
    .filter(({ name, types }) => name !== topic && types.includes(type))
    .map(({ name }) => ({ topic: name, hearers: hearers(name) }))
    .filter((t) => t.hearers.length > 0);
  const senders = (node.getPublishersInfoByTopic(topic, false) as Endpoint[])
    .filter((e) => e.node_name !== UNNAMED)
    .map(full);
  return { hearers: hearers(topic), senders, elsewhere };
}
