/** What is known of the ledger's file, and what looking after it did. */

export interface LedgerInfo {
  path: string;
  /** Bytes: the file, and the log beside it that the next checkpoint empties. */
  fileBytes: number;
  walBytes: number;
  /** Bytes inside the file that a vacuum would give back. */
  freeBytes: number;
  schema: number;
  sqlite: string;
  journalMode: string;
  pageBytes: number;
  tables: readonly { name: string; rows: number; bytes: number }[];
  /** Unix milliseconds; null without records. */
  firstRecordMs: number | null;
  lastRecordMs: number | null;
}

export interface LedgerCheck {
  /** `quick` skips what only compares indexes with their tables. */
  kind: "quick" | "full";
  /** What SQLite found wrong with the file. */
  file: readonly string[];
  /** Rows that refer to something that is not there, by table. */
  orphans: readonly { table: string; rows: number }[];
  /** Whether every record is in exactly one bucket and the buckets add up. */
  balanced: boolean;
  faults: readonly string[];
  /** Records with values that no record can have: bytes that changed where SQLite does not notice. */
  impossible: number;
}

export const isSound = (check: LedgerCheck): boolean =>
  check.file.length === 0 && check.orphans.length === 0 && check.impossible === 0 && check.balanced;

export interface Recovery {
  /** The new file. */
  path: string;
  /** `sqlite3`: with that program's own recovery; `rows`: row by row. */
  method: "sqlite3" | "rows";
  tables: readonly { name: string; rows: number; /** Ranges of rows that could not be read. */ gaps: number }[];
  /** Rows that referred to something lost, and went too. */
  orphans: number;
  /** Records that held values which no record can have, and were left out. */
  doubtful: number;
  /** How many records there were, as far as an index still tells; null when none can be read. */
  recordsBefore: number | null;
}
