import { optionsKeys, type OptionsConfig } from "../../task/OptionsConfig.js";
import { planTask } from "../../task/planTask.js";
import type { LevelKind } from "../LevelKind.js";

/** `model: options` */
export const options: LevelKind<OptionsConfig> = {
  describe: "what to grasp and where to put it, as steps for the levels below; top level only, of a robot with a hand",
  keys: optionsKeys,
  planner: (level, context) => (inputs) => planTask({ ...context, level }, inputs),
};
