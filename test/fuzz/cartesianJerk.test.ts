import { arm, jerky, robots } from "../guardrails/setups.js";
import { amongBoxes } from "./amongBoxes.js";

const last = robots.at(-1)!; // two files of two arms each, which run side by side
amongBoxes(last, arm(last));
amongBoxes("arm7 with jerk limits and a tracking error", { ...jerky("arm7"), trackingError: 0.002 });
