import rclnodejs from "rclnodejs";
import type { Image } from "../../../core/Observation.js";
import type { Seconds } from "../../../core/Seconds.js";
import { decodeImage } from "../cdr/Image.js";
import { toSeconds } from "../cdr/Stamp.js";
import { qualities } from "../qualities.js";
import { rgbOfImage } from "../rgbOfImage.js";

/**
 * The next image of a camera; for a program that uses ROS just once.
 * @throws Error after `within` seconds of silence, or for an invalid image
 */
export async function captureImage(camera: string, within: Seconds): Promise<Image> {
  await rclnodejs.init();
  const node = new rclnodejs.Node("telos_goal");
  const topic = `${camera}/image_raw`;
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `nothing on ${topic} for ${within} s: is the camera's driver or telos sim running in this ROS domain?`,
            ),
          ),
        1000 * within,
      );
      node.createSubscription(
        "sensor_msgs/msg/Image",
        topic,
        { isRaw: true, qos: qualities.sensor(1) },
        (bytes: Buffer) => {
          clearTimeout(timer);
          try {
            const m = decodeImage(bytes);
            resolve({ stamp: toSeconds(m.header.stamp), width: m.width, height: m.height, data: rgbOfImage(m) });
          } catch (error) {
            reject(new Error(`${topic}: ${(error as Error).message}`));
          }
        },
      );
      node.spin();
    });
  } finally {
    node.destroy();
    rclnodejs.shutdown();
  }
}
