// Your arm as geometry: where is its tool?
import { readFileSync } from "node:fs";
import { loadRobotConfig } from "telos/config";
import { armFromUrdf, Kinematics, parseUrdf } from "telos/kinematics";

const { urdf, tool, home } = loadRobotConfig("examples/03_your_arm/arm.yaml");
const arm = armFromUrdf(parseUrdf(readFileSync(urdf!, "utf8")), { tool, home });
const kinematics = new Kinematics(arm);
kinematics.forward(arm.home, 0);
const { tool: T } = kinematics; // [12] rows of the 3×4 pose in the base frame, m
console.log(`${arm.name}: ${arm.nq} joints, ${arm.jointNames.join(", ")}`);
console.log(`at home the tool is at (${[T[3], T[7], T[11]].map((x) => x.toFixed(3)).join(", ")}) m`);
