/**
 * n numbers in shared memory, one writer, many readers in other threads, always consistent: a sequence lock. The
 * sequence is odd during a write; a reader that sees it change reads again.
 */
export class SharedVector {
  private readonly sequence: Int32Array;
  private readonly values: Float64Array;

  constructor(
    readonly length: number,
    readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(8 + 8 * length),
  ) {
    this.sequence = new Int32Array(buffer, 0, 2);
    this.values = new Float64Array(buffer, 8, length);
  }

  /** Only one thread may write. */
  write(values: Float64Array): void {
    Atomics.add(this.sequence, 0, 1);
    this.values.set(values);
    Atomics.add(this.sequence, 0, 1);
  }

  /** Copies a consistent state into out [length]. @returns how often it has been written */
  read(out: Float64Array): number {
    for (;;) {
      const before = Atomics.load(this.sequence, 0);
      out.set(this.values);
      if ((before & 1) === 0 && Atomics.load(this.sequence, 0) === before) return before >> 1;
    }
  }
}
