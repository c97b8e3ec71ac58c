import { Worker } from "node:worker_threads";
import type { Image } from "../../core/Observation.js";
import type { Percept } from "../../core/Percept.js";
import { endWorker } from "./endWorker.js";
import type { FromPerception, PerceptionData, ToPerception } from "../messages.js";

/** What perception reports to its owner. */
export interface PerceptionListener {
  seen(percept: Percept): void;
  failed(why: string): void;
}

const MOST_RESTARTS = 5; // of a thread that dies; an encoder that always dies is of no use

/**
 * The thread that encodes images, kept alive. It works at one image of the camera at a time; of those that come
 * meanwhile only the newest is kept, so results are as new as possible. Pictures that a task brings are encoded in
 * between.
 */
export class PerceptionThread {
  private worker: Worker;
  private ready!: Promise<void>;
  private ended = false;
  private restarts = 0;
  private busy = false; // with an image of the camera
  private next: { readonly image: Image; readonly posture: Float32Array } | undefined; // the newest that came meanwhile
  private asked = 0;
  private readonly pictures = new Map<
    number,
    { readonly resolve: (percept: Percept) => void; readonly reject: (error: Error) => void }
  >();

  constructor(
    private readonly data: PerceptionData,
    private readonly listener: PerceptionListener,
  ) {
    this.worker = this.spawn();
  }

  /** Resolves once images can be encoded. @throws Error if the thread cannot start, or its model is invalid */
  started(): Promise<void> {
    return this.ready;
  }

  /** An image of the camera, and φ(q) at its instant; the listener gets the result. */
  look(image: Image, posture: Float32Array): void {
    if (this.busy) {
      this.next = { image, posture };
      return;
    }
    this.busy = true;
    this.post({ kind: "image", number: 0, image, posture });
  }

  /** Encodes a picture that a task brings. @throws Error if that fails */
  see(image: Image): Promise<Percept> {
    const number = ++this.asked;
    return new Promise((resolve, reject) => {
      this.pictures.set(number, { resolve, reject });
      this.post({ kind: "image", number, image });
    });
  }

  async end(): Promise<void> {
    this.ended = true;
    await endWorker(this.worker, this.ready);
  }

  private post(message: ToPerception): void {
    this.worker.postMessage(message);
  }

  private spawn(): Worker {
    const worker = new Worker(new URL("./perceptionWorker.js", import.meta.url), { workerData: this.data });
    this.ready = new Promise((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
    this.ready.catch(() => undefined); // the handler below reports the error as well
    worker.on("message", (message: FromPerception) => this.hear(message));
    worker.on("error", (error) => worker === this.worker && this.restart(error.message));
    worker.on("exit", (code) => worker === this.worker && this.restart(`it ended with code ${code}`));
    return worker;
  }

  private hear(message: FromPerception): void {
    if (message.kind === "ready") return;
    const { number } = message;
    const picture = this.pictures.get(number);
    this.pictures.delete(number);
    if (message.kind === "percept") {
      if (picture !== undefined) picture.resolve(message.percept);
      else this.listener.seen(message.percept);
    } else if (picture !== undefined) picture.reject(new Error(message.failure));
    else this.listener.failed(message.failure);
    if (number > 0) return;
    this.busy = false;
    const { next } = this;
    this.next = undefined;
    if (next !== undefined) this.look(next.image, next.posture);
  }

  private restart(why: string): void {
    if (this.ended) return;
    void this.worker.terminate();
    for (const { reject } of this.pictures.values()) reject(new Error(why));
    this.pictures.clear();
    this.busy = false;
    this.next = undefined;
    this.listener.failed(why);
    if (++this.restarts > MOST_RESTARTS) return;
    this.worker = this.spawn();
    process.emitWarning(`the perception thread was restarted: ${why}`, "TelosPerception");
  }
}
