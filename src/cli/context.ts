/** What a command sees of the process: streams and the app. Only `main.ts` knows the process itself. */
import type { Readable, Writable } from "node:stream";
import type { BaseContext } from "clipanion";
import type { App } from "../flow/app.ts";

export interface Context extends BaseContext {
  app: App;
  /** The standard input, opened when it is first asked for. */
  input: () => Readable;
  stdout: Writable & { columns?: number; isTTY?: boolean };
  stderr: Writable & { columns?: number; isTTY?: boolean };
}

/** As `main.ts` hands it over: of an output it promises only what boba and Clipanion ask of one. */
export interface World extends Omit<Context, "stdin" | "stdout" | "stderr"> {
  stdout: Output;
  stderr: Output;
}

type Output = Pick<Context["stdout"], "columns" | "isTTY"> & { write(text: string): boolean };
