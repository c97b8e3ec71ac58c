import load, { type MainModule, type MjData, type MjModel } from "@mujoco/mujoco";

let loading: Promise<MainModule> | undefined;

/**
 * MuJoCo's own reading of a URDF, as the oracle: nothing of Telos between the text and its numbers. Meshes are cut out,
 * they move nothing.
 */
export async function mujocoArm(urdf: string): Promise<{ mj: MainModule; model: MjModel; data: MjData }> {
  const mj = await (loading ??= load());
  const bare = urdf
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(visual|collision)\b[\s\S]*?<\/\1>/g, "")
    .replace(/<(gazebo|transmission)\b[\s\S]*?<\/\1>/g, "")
    // MuJoCo wants mass in moving bodies and takes no zero inertia; the numbers of such links are made absent
    .replace(/<inertial>(?:(?!<\/inertial>)[\s\S])*<mass value="0"\/>[\s\S]*?<\/inertial>/g, "")
    .replace(
      /(<robot\b[^>]*>)/,
      '$1<mujoco><compiler fusestatic="false" strippath="true" balanceinertia="false" discardvisual="false"/></mujoco>',
    );
  const model = mj.MjModel.from_xml_string(bare);
  return { mj, model, data: new mj.MjData(model) };
}
