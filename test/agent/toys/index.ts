import { costs } from "../../../src/cost/index.js";
import { addGuardrail } from "../../../src/guardrails/index.js";
import { levelKinds } from "../../../src/planner/hierarchy/levelKinds.js";
import { searches } from "../../../src/planner/search/searches.js";
import { ceiling } from "./ceiling.js";
import { height } from "./height.js";
import { shots } from "./shots.js";
import { slowSteps } from "./slowSteps.js";

// what an agent file loads by `plugins`: one line a kind
levelKinds.add("slow_steps", slowSteps);
searches.add("shots", shots);
costs.add("height", height);
addGuardrail("ceiling", ceiling);
