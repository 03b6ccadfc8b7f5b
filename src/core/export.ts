/** A stored record as it leaves the ledger: counters, cost and place, no edited files. */
import type { Counters } from "./record.ts";

export interface ExportedRecord extends Counters {
  /** 32 hex. */
  id: string;
  /** Unix milliseconds. */
  atMs: number;
  sessionId: string;
  tool: string;
  provider: string;
  model: string;
  fast: boolean;
  /** At list price; null when there is none. */
  costNanoUsd: number | null;
  priceSource: string | null;
  estimateLevel: string;
  /** What the agent said it cost; null when it said nothing. */
  reportedNanoUsd: number | null;
  project: string | null;
  /** The repository's name. */
  repo: string | null;
  /** The worktree's root, or the folder outside any repository. */
  folder: string | null;
  branch: string | null;
  commit: string | null;
}

/** Stands where only the names of fields are wanted: a table without rows has a header all the same. */
export const EMPTY_RECORD: ExportedRecord = {
  id: "",
  atMs: 0,
  sessionId: "",
  tool: "",
  provider: "",
  model: "",
  fast: false,
  input: 0,
  output: 0,
  reasoning: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  webSearches: 0,
  costNanoUsd: null,
  priceSource: null,
  estimateLevel: "exact",
  reportedNanoUsd: null,
  project: null,
  repo: null,
  folder: null,
  branch: null,
  commit: null,
};
