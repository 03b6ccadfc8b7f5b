/** The door to threads: one that is started here with a program of its own, and the near side of it as that program sees it. */
import { parentPort, type TransferListItem, Worker, workerData } from "node:worker_threads";

export interface Thread {
  /** The next message; null when none came within `waitMs`. Throws what the thread died of, once all it sent before has been taken. */
  next(waitMs: number): Promise<unknown>;
  /** Ends it, whatever it is doing. */
  stop(): Promise<void>;
}

/** What a thread reads is short-lived: more room for it is hardly faster, and counts twice against the memory of the process. */
const YOUNG_MEGABYTES = 16;

/** Starts the program `file` (an absolute path) in a thread and hands it `data`. */
export function startThread(file: string, data: unknown): Thread {
  const worker = new Worker(file, { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
  const messages: unknown[] = [];
  let died: Error | null = null;
  let wake = () => {};
  worker.on("message", (message: unknown) => {
    messages.push(message);
    wake();
  });
  const die = (error: Error) => {
    died ??= error;
    wake();
  };
  worker.on("error", die);
  worker.on("exit", (code) => die(new Error(`thread ended with ${code}`)));
  return {
    async next(waitMs) {
      if (messages.length === 0 && died === null) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      if (messages.length > 0) return messages.shift();
      if (died !== null) throw died;
      return null;
    },
    stop: async () => void (await worker.terminate()),
  };
}

/** What a thread's program sees: what it was started with, and its way back. */
export interface NearSide {
  data: unknown;
  /** Sends a message at once. The buffers go with it: they can no longer be used here. */
  post(message: unknown, handOver: readonly ArrayBuffer[]): void;
}

/** @throws Error outside a thread. */
export function nearSide(): NearSide {
  const port = parentPort;
  if (port === null) throw new Error("not in a thread");
  return { data: workerData, post: (message, handOver) => port.postMessage(message, handOver as TransferListItem[]) };
}
