/** What latched the guardrails, and since when. */
export interface Latch {
  readonly by: string;
  readonly since: string; // UTC, ISO 8601; "" where nobody knows any more
}
