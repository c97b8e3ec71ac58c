/**
 * Maximum sizes of everything that a message may hold, for every type that is read here. A decoder checks a length
 * before it allocates or loops, and refuses a larger one with a RangeError. Whether it fits into the bytes that came is
 * checked as well (`sequences`), so a message costs at most a small multiple of its size.
 */
export const bounds = {
  name: 256, // bytes of a name: of a frame, a joint, an id, an encoding
  phrase: 4096, // bytes of a text for people: a reason, a rejection
  text: 4 << 20, // bytes of a document: a robot's description, a task's guardrails
  joints: 256, // names in a JointState or JointTrajectory, and numbers for them
  points: 10_000, // of a JointTrajectory
  knots: 100_000, // numbers of a Proposal, knots × joints
  distortion: 64, // coefficients of a CameraInfo
  bodies: 256, // of a BodyArray
  objects: 256, // of an ObjectArray
  parts: 64, // of an ObjectShape
  contacts: 1_000, // of a GroundTruth
  margins: 256, // of a GuardReport, and guardrails that tripped
  transforms: 1_000, // of a TFMessage
  side: 8_192, // rows or columns of an Image, at least 1
  image: 100_000_000, // bytes of an Image
} as const;
