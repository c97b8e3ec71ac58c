import { cpus, loadavg } from "node:os";
import type { LevelStatus } from "../agent/AgentPort.js";

const MUCH = 1.5; // times what a plan may take

/** Why plans come late on this machine, in words; "" if they come in time. */
export function strain(
  levels: readonly Pick<LevelStatus, "name" | "recent" | "wanted">[],
  load = loadavg()[0],
  cores = cpus().length,
): string {
  const worst = levels.reduce<(typeof levels)[number] | undefined>(
    (w, l) => (w === undefined || l.recent / l.wanted > w.recent / w.wanted ? l : w),
    undefined,
  );
  if (worst === undefined || !(worst.recent > MUCH * worst.wanted)) return "";
  const ms = (t: number): string => `${(1000 * t).toFixed(0)} ms`;
  return (
    `${worst.name} plans take ${ms(worst.recent)}, want ${ms(worst.wanted)}: the machine is busy (load ` +
    `${load.toFixed(1)} on ${cores} cores)`
  );
}
