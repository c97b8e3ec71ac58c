import { z } from "zod";

const count = z.int().min(0);
const times = z.strictObject({ p50: z.number().min(0), p99: z.number().min(0), max: z.number().min(0) });
/** The outside contract: what others may read. */
export const summarySchema = z.strictObject({
  success: z.boolean(),
  error_code: count.max(11),
  error: z.string(),
  duration_s: z.number().min(0),
  sim_time_s: z.number().min(0),
  energy: z.number(),
  replans: count,
  plan_ms: times,
  guardrail: z.strictObject({ checks: count, limited: count, stopped: count, violations: count }),
  levels: z.array(z.strictObject({ name: z.string(), replans: count, rollouts: count, late: count, plan_ms: times })),
  first_motion_s: z.number().min(0),
  log: z.string(),
});
