import { arm, robots } from "../guardrails/setups.js";
import { amongBoxes } from "./amongBoxes.js";

for (const name of robots.slice(0, -1)) amongBoxes(name, arm(name));
