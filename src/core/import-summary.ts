/** What collecting and an import did, as it is counted and shown. */

export interface CollectResult {
  newRecords: number;
  /** Known responses whose counters grew. */
  grownRecords: number;
  /** Files found, read or not. */
  files: number;
  filesRead: number;
  bytesRead: number;
  /** Lines passed over in this run. */
  skippedLines: number;
  /** Files and folders that cannot be read now. */
  skippedFiles: number;
  /** Sources that failed as a whole; the others were collected. */
  errors: { source: string; message: string }[];
}

/** Logs may name any number of models. */
export const MAX_UNPRICED_TOLD = 100;

export interface ImportSummary extends Readonly<CollectResult> {
  /** The first of everything that is skipped now, of this run or an earlier one; line 0 is the whole file. */
  skipped: readonly { path: string; line: number; reason: string }[];
  /** Most records first, at most `MAX_UNPRICED_TOLD`. */
  unpricedModels: readonly { model: string; records: number }[];
}
