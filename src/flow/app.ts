/** What every verb is handed: the world outside, named once. Built by the command line, or by a test. */
import type { Log } from "../platform/log.ts";
import type { Paths } from "../platform/paths.ts";

/** What reads logs in a thread of its own. */
export interface ReaderProgram {
  /** The built `flow/reader.ts`: an absolute path. */
  file: string;
  /** How long it may take over one step, in milliseconds. */
  patienceMs: number;
}

export interface App {
  paths: Paths;
  /** What children inherit, less secrets. Read itself where a variable is the way to say it: `BOBA_HOME`, an agent's home, `EDITOR`, CI, OTLP. */
  env: NodeJS.ProcessEnv;
  /** Where the user stands, absolute. */
  cwd: string;
  /** Unix milliseconds. */
  now(): number;
  log: Log;
  /** Absent: logs are read in the main thread, however large they are. */
  reader?: ReaderProgram;
  /** Shows long work on a terminal (a no-op elsewhere). Null clears the line. */
  progress(text: string | null): void;
}
