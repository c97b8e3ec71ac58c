// Folders of the set-up. It writes only to three folders that git ignores: .ros, node_modules and dist.
import { fileURLToPath } from "node:url";
import { join } from "node:path";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
export const ROS = join(ROOT, ".ros");
export const VENV = join(ROS, "venv"); // a Python venv which is an ament prefix as well
export const PACKAGE = join(ROOT, "interfaces"); // sources of telos_interfaces
export const INTERFACES = join(ROS, "interfaces"); // install prefix of telos_interfaces
export const LINTERS = join(ROS, "linters"); // a Python venv for `npm run check`
export const LOGS = join(ROS, "log");
export const SETUP_SH = join(ROS, "setup.sh");
export const MODULES = join(ROOT, "node_modules");
export const RCLNODEJS = join(MODULES, "rclnodejs");
export const DIST = join(ROOT, "dist");
