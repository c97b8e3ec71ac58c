import { Session, type HeapProfiler } from "node:inspector/promises";

const ROUNDS = 8; // until all of it is compiled, which takes longer on a busy machine

/**
 * Bytes that `work` puts on the heap, whether collected since or not, a sample every KiB: of the first round with fewer
 * than `enough`, else the least of several.
 */
export async function allocated(work: () => void, enough: number): Promise<number> {
  const session = new Session();
  session.connect();
  let least = Infinity;
  for (let round = 0; round < ROUNDS && least >= enough; round++) {
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: 1024,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    work();
    const { profile } = await session.post("HeapProfiler.stopSampling");
    least = Math.min(least, size(profile.head));
  }
  session.disconnect();
  return least;
}

const size = ({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + size(child), selfSize);
