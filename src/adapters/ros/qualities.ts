import rclnodejs from "rclnodejs";

const { QoS } = rclnodejs;
const { HistoryPolicy, ReliabilityPolicy, DurabilityPolicy } = QoS;

/** Qualities of service by what a topic is for; see docs on each name. Objects that rclnodejs takes as `qos`. */
export const qualities = {
  /** Commands, states: nothing lost, only the newest few kept. */
  reliable: (depth: number) =>
    new QoS(
      HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
      depth,
      ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
      DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE,
    ),
  /** Sent again to late subscribers. */
  latched: (depth = 1) =>
    new QoS(
      HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
      depth,
      ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_RELIABLE,
      DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL,
    ),
  /** Images: late ones are worthless. */
  sensor: (depth = 5) =>
    new QoS(
      HistoryPolicy.RMW_QOS_POLICY_HISTORY_KEEP_LAST,
      depth,
      ReliabilityPolicy.RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT,
      DurabilityPolicy.RMW_QOS_POLICY_DURABILITY_VOLATILE,
    ),
};
