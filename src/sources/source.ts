/** The contract of a source: where records of usage come from. Nothing outside this folder names an agent. */
import type { SourceRecord } from "../core/record.ts";

/** What a source may know of the world. */
export interface SourceContext {
  /** For the agent's own variables (e.g. where it was told to keep its logs). */
  env: NodeJS.ProcessEnv;
  /** The user's home folder, absolute. */
  home: string;
  /** Folders the user added in `settings.yaml`, absolute; read besides the defaults. */
  extraPaths: readonly string[];
}

/** One file (or database) a source reads, as it was when it was found. */
export interface SourceFile {
  /** Absolute. */
  path: string;
  /** Bytes. */
  size: number;
  /** Unix milliseconds, with fractions where the file system keeps them. */
  mtimeMs: number;
  inode: number;
  /** Unix milliseconds. Files are read oldest first, so that a copy never comes before what it was copied from. */
  birthtimeMs: number;
  /** What is written to it next may leave its size and time as they are, so the next run looks into it again. */
  isRacy?: boolean;
}

/** A file or folder that is there but cannot be read. */
export interface UnreadablePath {
  path: string;
  /** E.g. `cannot be read (EACCES)`. */
  reason: string;
}

export interface Discovery {
  files: SourceFile[];
  unreadable: UnreadablePath[];
}

/** How far a file has been read. Stored between runs; only the source that made it knows what is in it. */
export interface Position {
  /** Bytes, up to the end of the last complete line (0 for files that are read whole). */
  offset: number;
  /**
   * At most 64 KiB. What the source needs to tell whether the file is still the one it read, and to carry on: a digest of the bytes before
   * `offset`, the last seen value of a growing counter, a row id.
   */
  anchor: string;
}

/** Where a source puts what it finds. */
export interface Sink {
  /** One response. The same response may come many times, in any order: it is stored once. */
  record(record: SourceRecord): void;
  /**
   * The running counters of a session as they stand at `atMs`, for agents that log no single responses. `key` names the session and survives
   * a copy of the log; `variant` is not used. The ledger keeps the last value it saw and books what was added since as one record. A counter
   * that fell was reset: all of the new value is booked. A total older than the one known comes from a stale copy and changes nothing.
   */
  total(record: SourceRecord): void;
  /** Something that should have been a record and could not be read. `line` counts from 1; 0 means the whole file. */
  skip(line: number, reason: string): void;
  /** The file is read from its start, for the first time or because it is no longer what it was: what was skipped in it is forgotten. */
  restart(): void;
}

export interface Source {
  /** Lower-case words joined by `-`; stored with every record, so never changed. */
  id: string;
  /** What people call the agent. */
  name: string;
  /** Who bills for it, as the price catalogue calls them; a record may say otherwise. */
  provider: string;
  /** Finds the files, reading none of them. Never throws for a folder that is missing or closed: the latter goes to `unreadable`. */
  discover(context: SourceContext): Discovery;
  /**
   * Reads a file from where an earlier run stopped (null: from the start), handing over what it finds. Yields, at least once every few
   * megabytes and at the end, the position up to which everything has been handed over: records and position are stored in one transaction.
   * Throws what the file system throws. `all` are the files that `discover` found, for logs that refer to one another.
   */
  read(file: SourceFile, from: Position | null, sink: Sink, all: readonly SourceFile[]): Iterable<Position>;
}
