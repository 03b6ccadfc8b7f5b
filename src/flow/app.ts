/** What every verb is handed: the world outside, named once. Built by the command line, or by a test. */
import type { Log } from "../platform/log.ts";
import type { Paths } from "../platform/paths.ts";

export interface App {
  paths: Paths;
  /** The environment children inherit; never read for settings outside `platform/paths` and `sources`. */
  env: NodeJS.ProcessEnv;
  /** Where the user stands, absolute. */
  cwd: string;
  /** Unix milliseconds. */
  now(): number;
  log: Log;
  /** Shows long work on a terminal (a no-op elsewhere). Null clears the line. */
  progress(text: string | null): void;
}
