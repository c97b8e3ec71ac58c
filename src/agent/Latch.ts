/** The cause of a latch, and its time. */
export interface Latch {
  readonly by: string;
  readonly since: string; // UTC, ISO 8601; "" if it is not known any more
}
