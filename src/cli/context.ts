/** What a command sees of the process: streams and the app. Only `main.ts` knows the process itself. */
import type { Readable, Writable } from "node:stream";
import type { BaseContext } from "clipanion";
import type { App } from "../flow/app.ts";

export interface Context extends BaseContext {
  app: App;
  stdin: Readable;
  stdout: Writable & { columns?: number; isTTY?: boolean };
  stderr: Writable & { columns?: number; isTTY?: boolean };
}
