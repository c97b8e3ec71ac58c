import { handSchemas, type AvoidConfig } from "../../config/index.js";
import { capsulesNamed } from "./capsulesNamed.js";
import type { GuardrailKind } from "../GuardrailKind.js";
import { KeepOut } from "./KeepOut.js";

/** Things that the arm keeps clear of. What is held may touch those that support it (`Support`). */
export const avoid: GuardrailKind<AvoidConfig> = {
  schema: handSchemas.avoid,
  tighten({ spared }, { arm, refuse }) {
    spared.forEach((name, i) => {
      if (name === "held" || capsulesNamed(arm, name).length > 0) return;
      const known = [...new Set([...arm.linkNames.slice(1), ...arm.capsules.map((c) => c.name)])];
      refuse(["spared", i], `got '${name}', want held or a link or capsule of the arm: ${known.join(", ")}`);
    });
  },
  make({ shapes, spared }, { arm, watched, clearance, supports, sparedNear }) {
    const near = spared.flatMap((name) => capsulesNamed(arm, name));
    return new KeepOut(
      "avoid",
      shapes.map(({ shape }) => shape),
      watched,
      clearance,
      shapes.map(({ id }) => (supports.has(id) ? [...near, ...sparedNear] : near)),
    );
  },
};
