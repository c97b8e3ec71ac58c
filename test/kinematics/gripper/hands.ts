/**
 * Hands in place of those that drivers publish: joints, origins, axes and mimic laws as their makers' descriptions have
 * them (sources: config/robots), with boxes for shapes. Each hangs on `parent` by a fixed joint.
 */
export type HandName = "franka" | "2f85" | "xarm";

interface JointOf {
  readonly name: string;
  readonly type?: string;
  readonly parent: string;
  readonly child: string;
  readonly at: string;
  readonly axis?: string;
  readonly limit?: string;
  readonly mimic?: string;
}

const box = (link: string, size = "0.02 0.02 0.02", at = "0 0 0"): string =>
  `<link name="${link}"><collision><origin xyz="${at}"/><geometry><box size="${size}"/></geometry></collision></link>`;

const joint = ({ name, type = "revolute", parent, child, at, axis = "0 0 1", limit, mimic }: JointOf): string =>
  `<joint name="${name}" type="${type}"><parent link="${parent}"/><child link="${child}"/><origin xyz="${at}"/>` +
  `<axis xyz="${axis}"/>${limit === undefined ? "" : `<limit ${limit} velocity="1" effort="50"/>`}` +
  `${mimic ?? ""}</joint>`;

function franka(parent: string): string {
  const limit = 'lower="0" upper="0.04"';
  return [
    box("fr3_hand", "0.06 0.2 0.06", "0 0 0.03"),
    box("fr3_leftfinger", "0.02 0.015 0.05", "0 0.0075 0.025"),
    box("fr3_rightfinger", "0.02 0.015 0.05", "0 -0.0075 0.025"),
    joint({ name: "fr3_hand_joint", type: "fixed", parent, child: "fr3_hand", at: "0 0 0" }),
    joint({
      name: "fr3_finger_joint1",
      type: "prismatic",
      parent: "fr3_hand",
      child: "fr3_leftfinger",
      at: "0 0 0.0584",
      axis: "0 1 0",
      limit,
    }),
    joint({
      name: "fr3_finger_joint2",
      type: "prismatic",
      parent: "fr3_hand",
      child: "fr3_rightfinger",
      at: "0 0 0.0584",
      axis: "0 -1 0",
      limit,
      mimic: '<mimic joint="fr3_finger_joint1"/>',
    }),
  ].join("");
}

function robotiq(parent: string): string {
  const drive = "robotiq_85_left_knuckle_joint";
  const side = (name: "left" | "right", s: number): string => {
    const link = (l: string): string => `robotiq_85_${name}_${l}`;
    const follow = (m: number): string => `<mimic joint="${drive}" multiplier="${m}"/>`;
    return [
      box(link("knuckle_link"), "0.04 0.02 0.01", `${s * 0.015} 0 0`),
      box(link("finger_link"), "0.01 0.02 0.05", "0 0 0.02"),
      box(link("inner_knuckle_link"), "0.01 0.02 0.05", `${s * 0.015} 0 0.02`),
      box(link("finger_tip_link"), "0.02 0.022 0.04", `${-s * 0.015} 0 0.03`),
      joint({
        name: `robotiq_85_${name}_knuckle_joint`,
        parent: "robotiq_85_base_link",
        child: link("knuckle_link"),
        at: `${s * 0.03060114} 0 0.05490452`,
        axis: "0 -1 0",
        limit: s > 0 ? 'lower="0" upper="0.8"' : 'lower="-0.8" upper="0"',
        mimic: s > 0 ? "" : follow(-1),
      }),
      joint({
        name: `robotiq_85_${name}_finger_joint`,
        type: "fixed",
        parent: link("knuckle_link"),
        child: link("finger_link"),
        at: `${s * 0.03152616} 0 -0.00376347`,
      }),
      joint({
        name: `robotiq_85_${name}_inner_knuckle_joint`,
        type: "continuous",
        parent: "robotiq_85_base_link",
        child: link("inner_knuckle_link"),
        at: `${s * 0.0127} 0 0.06142`,
        axis: "0 -1 0",
        mimic: follow(s),
      }),
      joint({
        name: `robotiq_85_${name}_finger_tip_joint`,
        type: "continuous",
        parent: link("finger_link"),
        child: link("finger_tip_link"),
        at: `${s * 0.00563134} 0 0.04718515`,
        axis: "0 -1 0",
        mimic: follow(-s),
      }),
    ].join("");
  };
  return (
    box("robotiq_85_base_link", "0.07 0.07 0.09", "0 0 0.045") +
    joint({ name: "robotiq_85_base_joint", type: "fixed", parent, child: "robotiq_85_base_link", at: "0 0 0" }) +
    side("left", 1) +
    side("right", -1)
  );
}

function xarm(parent: string): string {
  const limit = 'lower="0" upper="0.85"',
    follow = '<mimic joint="drive_joint" multiplier="1" offset="0"/>';
  const side = (name: "left" | "right", s: number): string =>
    [
      box(`${name}_outer_knuckle`, "0.02 0.03 0.02", `0 ${s * 0.02} 0.015`),
      box(`${name}_finger`, "0.02 0.02 0.06", `0 ${-s * 0.01} 0.03`),
      box(`${name}_inner_knuckle`, "0.02 0.02 0.03", `0 ${s * 0.02} 0.02`),
      joint({
        name: s > 0 ? "drive_joint" : "right_outer_knuckle_joint",
        parent: "xarm_gripper_base_link",
        child: `${name}_outer_knuckle`,
        at: `0 ${s * 0.035} 0.059098`,
        axis: `${s} 0 0`,
        limit,
        mimic: s > 0 ? "" : follow,
      }),
      joint({
        name: `${name}_finger_joint`,
        parent: `${name}_outer_knuckle`,
        child: `${name}_finger`,
        at: `0 ${s * 0.035465} 0.042039`,
        axis: `${-s} 0 0`,
        limit,
        mimic: follow,
      }),
      joint({
        name: `${name}_inner_knuckle_joint`,
        parent: "xarm_gripper_base_link",
        child: `${name}_inner_knuckle`,
        at: `0 ${s * 0.02} 0.074098`,
        axis: `${s} 0 0`,
        limit,
        mimic: follow,
      }),
    ].join("");
  return (
    box("xarm_gripper_base_link", "0.07 0.1 0.08", "0 0 0.04") +
    joint({ name: "gripper_fix", type: "fixed", parent, child: "xarm_gripper_base_link", at: "0 0 0" }) +
    side("left", 1) +
    side("right", -1)
  );
}

/** The hand's links and joints below `parent`. */
export const handUrdf = (name: HandName, parent: string): string => ({ franka, "2f85": robotiq, xarm })[name](parent);

/** The hands of robots in config/robots without a URDF, and the link they hang on. */
export const handOf: Readonly<Record<string, HandName>> = {
  fr3: "franka",
  ur5e_2f85: "2f85",
  gen3_2f85: "2f85",
  xarm7_gripper: "xarm",
};
