import { CONTROLLER_LAWS } from "../../src/sim/physics/JointTrajectoryController.js";
import { arm, jerky } from "../guardrails/setups.js";
import { runJoins, type Joins } from "./joins.js";

const SEEDS = 3,
  SECONDS = 6,
  EPOCH = 1_764_490_000.123;

// Rolling's begins what it kept an update late: twice the acceleration for one update where a motion begins.
/**
 * The worst of the set-points under each law, update by update at 1 kHz, joints measured 4 ms late.
 * @returns whether all bounds hold under the released ones
 */
export function tellJoins(seed: number, tell: (line: string) => void): boolean {
  let well = true;
  for (const prefix of [false, true]) {
    tell(
      prefix
        ? "messages that begin with the path in force"
        : "messages that begin with the command, ahead (as they were)",
    );
    for (const law of CONTROLLER_LAWS)
      for (const interpolateFromDesiredState of [false, true]) {
        const all = [arm("arm7"), jerky("arm7")].flatMap((of) =>
          Array.from({ length: SEEDS }, (_, i) =>
            runJoins({
              arm: of,
              seed: seed + i,
              seconds: SECONDS,
              prefix,
              controller: { law, interpolateFromDesiredState },
              period: 0.001,
              lag: 0.004,
              epoch: EPOCH,
            }),
          ),
        );
        const worst = (what: keyof Joins): number => Math.max(...all.map((r) => r[what]));
        const fits =
          worst("velocity") <= 1.0001 &&
          worst("acceleration") <= (law === "rolling" ? 2 : 1.001) &&
          worst("jerk") <= 1.01 &&
          worst("beyond") <= 1e-6;
        if (prefix && law !== "master") well &&= fits;
        tell(
          `  ${law.padEnd(8)} from the ${interpolateFromDesiredState ? "desired " : "measured"} state   velocity ` +
            `${worst("velocity").toFixed(3)}   acceleration ${worst("acceleration").toFixed(3)}   jerk ` +
            `${worst("jerk").toFixed(3)}   past a position limit ${worst("beyond").toExponential(1)} rad`,
        );
      }
  }
  return well;
}
