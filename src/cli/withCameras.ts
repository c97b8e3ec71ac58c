import { sceneCameras, type SceneConfig } from "../config/SceneConfig.js";
import { lookAt } from "../sim/render/Camera.js";
import { beforeEnd } from "./withRos2Control.js";

/**
 * Adds to a URDF the optical frames of a scene's cameras (REP 103: z forward, x right), fixed to `base`, so that
 * robot_state_publisher publishes where the images come from.
 */
export function withCameras(urdf: string, base: string, scene: SceneConfig): string {
  const frames = Object.entries(sceneCameras(scene)).map(([name, { position, look_at, fov, width, height }]) => {
    const R = lookAt(position, look_at, fov, width, height).rotation;
    const rpy = [Math.atan2(R[7], R[8]), Math.asin(Math.min(1, Math.max(-1, -R[6]))), Math.atan2(R[3], R[0])];
    return `  <link name="${name}_optical_frame"/>
  <joint name="${name}_optical_joint" type="fixed">
    <parent link="${base}"/><child link="${name}_optical_frame"/>
    <origin xyz="${position.join(" ")}" rpy="${rpy.join(" ")}"/>
  </joint>
`;
  });
  return beforeEnd(urdf, frames.join(""));
}
