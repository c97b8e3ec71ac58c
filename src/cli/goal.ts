import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { angles } from "./angles.js";
import { wholeNumber } from "./wholeNumber.js";
import { positiveTime } from "./positiveTime.js";

const HELP = `
A picture can be a goal. Name it in a task as goal_image: { path: goal.png, camera: camera }. The path is relative to
the folder of the task file.

Examples:
  telos goal capture --out goal.png                          the current image of the camera in this ROS domain
  telos goal draw --scene pucks --place red=0.53,-0.2 --out goal.png
                                                             the image with the red puck at that place
`;

/** `telos goal`: goal pictures. */
export function goalCommand(): Command {
  const goal = new Command("goal").description("make goal pictures, which a task can name").addHelpText("after", HELP);
  goal
    .command("capture")
    .description("save the current image of a camera, over ROS 2")
    .option("--camera <name>", "namespace of the camera, which publishes <name>/image_raw", "camera")
    .requiredOption("--out <file>", "PNG file to write")
    .option("--within <s>", "longest wait for an image", positiveTime, 5)
    .action(async ({ camera, out, within }: { camera: string; out: string; within: number }) => {
      const { captureImage } = await import("../adapters/ros/client/captureImage.js");
      await write(out, await captureImage(camera, within));
      process.exit(0); // rclnodejs leaves native handles behind that would keep the event loop alive
    });
  goal
    .command("draw")
    .description("render the image of a camera of a simulated scene")
    .requiredOption("--scene <name or file>", "scene in config/scenes, or a YAML file")
    .option("--robot <name or file>", "robot in config/robots, or a YAML file (default: the scene's)")
    .option("--seed <n>", "seed of the scene's random draws", wholeNumber, 1)
    .option("--camera <name>", "camera of the scene", "camera")
    .option(
      "--place <id=x,y>",
      "an object somewhere else on the table, m; may be given several times",
      place,
      new Map<string, [number, number]>(),
    )
    .option(
      "--start <q1,q2,…>",
      "joint positions of the arm, rad or m (default: the scene's, or the robot's home)",
      angles,
    )
    .requiredOption("--out <file>", "PNG file to write")
    .action(
      async ({
        out,
        place: places,
        ...view
      }: {
        out: string;
        place: ReadonlyMap<string, [number, number]>;
        scene: string;
        seed: number;
        camera: string;
        start?: number[];
      }) => {
        const { sceneImage } = await import("./sceneImage.js");
        await write(out, await sceneImage({ ...view, places }));
      },
    );
  return goal;
}

async function write(
  file: string,
  { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
): Promise<void> {
  const { encodePng } = await import("../sim/render/encodePng.js");
  writeFileSync(file, encodePng(width, height, data));
  process.stdout.write(`${file}: ${width} × ${height} pixels\n`);
}

function place(text: string, before: ReadonlyMap<string, [number, number]>): Map<string, [number, number]> {
  const [, id, x, y] = /^([^=]+)=([^,]+),([^,]+)$/.exec(text) ?? [];
  const point: [number, number] = [Number(x), Number(y)];
  if (id === undefined || !point.every(Number.isFinite))
    throw new InvalidArgumentError("want an object and a place in m, for example red=0.5,-0.1");
  return new Map(before).set(id, point);
}
