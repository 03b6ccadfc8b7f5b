/** Ends long work in good order: on Ctrl-C, when told to end, and when whoever reads the output has gone. */
import type { Writable } from "node:stream";
import { onSignals } from "../platform/self.ts";

export type CancelReason = "told" | "reader gone";

export interface Cancel {
  /** Its reason is a CancelReason. */
  signal: AbortSignal;
  release(): void;
}

/** From now to `release`, the process does not end of itself: what was begun is brought to an end first. */
export function cancelOn(output: Writable): Cancel {
  const control = new AbortController();
  const abort = (reason: CancelReason) => () => control.abort(reason);
  const told = abort("told");
  const release = onSignals({ SIGINT: told, SIGTERM: told, SIGHUP: told });
  const others = output.listeners("error") as ((error: Error) => void)[];
  output.removeAllListeners("error");
  const gone = abort("reader gone");
  output.on("error", gone);
  return {
    signal: control.signal,
    release() {
      release();
      // What was written may fail still, after the work is done.
      if (control.signal.reason === "reader gone") return;
      output.off("error", gone);
      for (const other of others) output.on("error", other);
    },
  };
}
