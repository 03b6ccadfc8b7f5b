/** What a command sees of the process: streams and the app. Only `main.ts` knows the process itself. */
import type { Readable, Writable } from "node:stream";
import type { BaseContext } from "clipanion";
import type { App } from "../flow/app.ts";

export interface Context extends BaseContext {
  app: App;
  /** The standard streams as Node.js has them, made when they are first asked for: who asks questions or waits for readers needs them. */
  streams: () => Streams;
  /** Only `write`, `columns`, `isTTY` and `gone` may be relied on here and in `stderr`. */
  stdout: Streams["stdout"] & { gone?: boolean };
  stderr: Streams["stderr"];
}

export interface Streams {
  stdin: Readable;
  stdout: Writable & { columns?: number; isTTY?: boolean };
  stderr: Writable & { columns?: number; isTTY?: boolean };
}

/** As `main.ts` hands it over: of an output it promises only what boba and Clipanion ask of one. */
export interface World extends Omit<Context, "stdin" | "stdout" | "stderr"> {
  stdout: Output;
  stderr: Output;
}

type Output = Pick<Context["stdout"], "columns" | "isTTY" | "gone"> & { write(text: string): boolean };
